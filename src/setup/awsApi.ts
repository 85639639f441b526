import * as v from 'valibot';
import { partitions } from '../core/identityCenter/partitions.ts';
import { partitionOf } from '../core/identityCenter/regions.ts';
import { regionIn } from '../input/regions.ts';
import { parseJson } from '../core/text/parseJson.ts';
import { SignInError } from '../core/oauth/errors.ts';
import { safeText } from '../core/text/safeText.ts';
import { fact, inconclusive } from './checkResult.ts';
import type { CheckResult } from './checkResult.ts';
import type { AwsSigner, SetupInputs, SetupPorts } from './setupPorts.ts';
import type { Translator } from './translator.ts';

/**
 * The operations, all read-only, named as their IAM permissions. The prefix is also the host's and the
 * signature's service name.
 */
export const awsActions = [
  'sso:ListInstances',
  'sso:ListRegions',
  'sso:ListApplications',
  'sso:ListApplicationAssignments',
  'sso:GetApplicationAssignmentConfiguration',
  'identitystore:GetUserId',
  'identitystore:DescribeUser',
  'identitystore:ListUsers',
  'identitystore:GetGroupId',
  'identitystore:ListGroups',
  'identitystore:IsMemberInGroups',
  'identitystore:ListGroupMemberships',
  'cloudtrail:LookupEvents',
] as const;
type AwsAction = (typeof awsActions)[number];

/** Prefixes of the operation in `X-Amz-Target` (AWS JSON 1.1). */
const targets: Readonly<Record<string, string>> = {
  sso: 'SWBExternalService',
  identitystore: 'AWSIdentityStore',
  cloudtrail: 'CloudTrail_20131101',
};

/** The value of an AWS API read, or a result if it was refused. */
export type AwsResult<T> = { readonly value: T } | { readonly refusal: AwsRefusal };
/** The reason why AWS's API could not be read; proves nothing about the setup. */
export type AwsRefusal = CheckResult<
  AwsReason | 'unclearAnswer' | 'blocked',
  'status' | 'code' | 'words' | 'unexpected' | 'blockedBy' | keyof ReturnType<typeof awsApiEvidence>
>;

const errorSchema = v.object({
  __type: v.optional(v.string()),
  message: v.optional(v.string()),
  Message: v.optional(v.string()),
  ResourceType: v.optional(v.string()),
  Reason: v.optional(v.string()),
});

/** Page limit, at up to 100 entries per page. Nothing is reported missing from a list that was cut off. */
const maxPages = 20;
/** Retry delay in milliseconds; LookupEvents allows two requests per second. */
const throttledMilliseconds = 700;
const maxAttempts = 4;

/** Reads AWS's APIs in the connection's Region with the credentials of a profile. */
export interface AwsReader {
  /** Reads one response; undefined if the service reports that it does not exist. */
  read<T extends v.GenericSchema>(
    action: AwsAction,
    input: object,
    schema: T,
  ): Promise<AwsResult<v.InferOutput<T> | undefined>>;
  /** Reads all pages of a list. */
  list<T extends v.GenericSchema>(
    action: AwsAction,
    input: object,
    member: string,
    schema: T,
  ): Promise<AwsResult<readonly v.InferOutput<T>[]>>;
}

/** Creates a reader for one run; `signal` aborts its requests. */
export function createAwsReader(ports: SetupPorts, inputs: SetupInputs, signal: AbortSignal): AwsReader {
  let signer: AwsSigner | undefined;
  const ask = async (action: AwsAction, input: object): Promise<AwsResult<unknown>> => {
    const region = regionIn(inputs.accessPortal?.region ?? '');
    if (region === undefined) return { refusal: inconclusive('awsRegionUnknown') };
    signer ??= ports.openAws(inputs.awsProfile?.trim() ?? '');
    const [service = '', operation = ''] = action.split(':');
    // Always AWS's own address: the environment and the AWS CLI's files provide only credentials.
    const url = `https://${service}.${region}.${partitions[partitionOf(region)].dnsSuffix}/`;
    const body = JSON.stringify(input);
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `${targets[service]}.${operation}`,
    };
    for (let tries = 1; ; tries++) {
      const signed = await signer.sign({ url, service, region, headers, body }, signal);
      if ('noCredentials' in signed) {
        const words = signed.noCredentials === '' ? undefined : signed.noCredentials;
        return { refusal: inconclusive('noAwsCredentials', { words }) };
      }
      const request = { method: 'POST', headers: signed.headers, body, signal };
      const response = await ports.http(url, request);
      const answer = parseJson(await response.text());
      if (response.status === 200) return { value: answer };
      const code = codeOf(response, answer);
      if (/^(?:Throttling|TooManyRequests)/.test(code)) {
        if (tries === maxAttempts)
          throw new SignInError('rateLimited', { host: new URL(url).host, status: response.status });
        await ports.clock.sleep(throttledMilliseconds * tries, signal);
      } else return { refusal: refusalOf(action, response.status, code, answer) };
    }
  };
  return {
    read: async (action, input, schema) => {
      const answer = await ask(action, input);
      if ('refusal' in answer) return answer.refusal.reason === 'awsNotFound' ? { value: undefined } : answer;
      return parsedBy(schema, answer.value);
    },
    list: async (action, input, member, schema) => {
      const page = v.object({
        [member]: v.optional(v.nullable(v.array(schema))),
        NextToken: v.optional(v.nullable(v.string())),
      });
      const entries: v.InferOutput<typeof schema>[] = [];
      let next: string | undefined;
      for (let pages = 0; pages < maxPages; pages++) {
        const answer = await ask(action, next === undefined ? input : { ...input, NextToken: next });
        if ('refusal' in answer) return answer;
        const parsed = parsedBy(page, answer.value);
        if ('refusal' in parsed) return parsed;
        const { [member]: found, NextToken: token } = parsed.value as Readonly<Record<string, unknown>>;
        entries.push(...((found ?? []) as typeof entries));
        if (typeof token !== 'string' || token === '') return { value: entries };
        if (token === next) break;
        next = token;
      }
      return { refusal: inconclusive('awsListNotWhole', { permission: action }) };
    },
  };
}

function parsedBy<T extends v.GenericSchema>(schema: T, answer: unknown): AwsResult<v.InferOutput<T>> {
  const parsed = v.safeParse(schema, answer);
  if (parsed.success) return { value: parsed.output };
  const unexpected = (v.getDotPath(parsed.issues[0]) ?? 'JSON').slice(0, 100);
  return { refusal: inconclusive('unclearAnswer', { status: 200, unexpected }) };
}

/** The error code, from a header, or with a namespace from the body. */
function codeOf({ headers }: Response, answer: unknown): string {
  const said = v.safeParse(errorSchema, answer);
  const type = headers.get('x-amzn-errortype') ?? (said.success ? said.output.__type : undefined) ?? '';
  return type.replace(/^.*#/, '').replace(/:.*$/s, '').slice(0, 100);
}

function refusalOf(action: AwsAction, status: number, code: string, answer: unknown): AwsRefusal {
  const said = v.safeParse(errorSchema, answer);
  const words = said.success ? safeText(said.output.message ?? said.output.Message) : undefined;
  const evidence = { permission: action, status, code: code === '' ? undefined : code, words };
  // The service may read the directory only with the customer's own key.
  if (said.success && said.output.Reason?.startsWith('KMS_') === true)
    return inconclusive('awsKeyNotUsable', evidence);
  if (code.startsWith('AccessDenied')) return inconclusive('awsNotPermitted', evidence);
  if (code.startsWith('ResourceNotFound')) {
    // Only the requested entry is missing, not its directory.
    const isPlace = said.success && said.output.ResourceType === 'IDENTITY_STORE';
    return inconclusive(isPlace ? 'awsNotVisible' : 'awsNotFound', evidence);
  }
  return /^(?:UnrecognizedClient|InvalidClientTokenId|ExpiredToken|InvalidSignature|SignatureDoesNotMatch|MissingAuthenticationToken|IncompleteSignature|RequestExpired|OptInRequired)/.test(
    code,
  )
    ? inconclusive('awsCredentialsRefused', evidence)
    : inconclusive('unclearAnswer', evidence);
}

const instanceNotSeen = (l10n: Translator) => ({
  found: l10n.t('This IAM Identity Center instance isn’t visible to the AWS profile.'),
  next: l10n.t('Use a profile in the account that manages IAM Identity Center.'),
});

/** Texts for refused reads of AWS's API. */
export const awsApiResults = (l10n: Translator) => ({
  awsRegionUnknown: {
    found: l10n.t('AWS wasn’t called because the Region isn’t valid.'),
    next: l10n.t('Enter a valid Region, such as us-east-1 or eu-central-1.'),
  },
  noAwsCredentials: {
    found: l10n.t('This computer has no credentials for the AWS profile.'),
    next: l10n.t('Sign in to the profile with the AWS CLI, or select another one.'),
  },
  awsNotPermitted: (result: CheckResult) => ({
    found: l10n.t('The AWS profile doesn’t have the permission {0}.', fact(result, 'permission')),
    next: l10n.t('Allow it, or use a profile in the account that manages IAM Identity Center.'),
  }),
  awsKeyNotUsable: {
    found: l10n.t('AWS couldn’t use the KMS key of IAM Identity Center with this profile.'),
    next: l10n.t('Allow kms:Decrypt for the profile and in the key’s policy. The key must be enabled.'),
  },
  awsNotFound: {
    found: l10n.t('AWS didn’t find it with this profile.'),
    next: l10n.t('Use a profile in the account that manages IAM Identity Center.'),
  },
  awsNotVisible: instanceNotSeen(l10n),
  instanceNotSeen: instanceNotSeen(l10n),
  directoryUnknown: {
    found: l10n.t('The start URL doesn’t show which IAM Identity Center directory it belongs to.'),
    next: l10n.t('Enter the issuer URL, which contains the directory’s ID.'),
  },
  awsListNotWhole: {
    found: l10n.t('The list in AWS is longer than this check reads.'),
    next: l10n.t('Compare it with the console.'),
  },
  awsCredentialsRefused: {
    found: l10n.t('AWS refused the profile’s credentials.'),
    next: l10n.t('Sign in to the profile again with the AWS CLI, and check this computer’s clock.'),
  },
});
type AwsReason = keyof ReturnType<typeof awsApiResults>;

/** Names of the evidence from AWS's API. */
export const awsApiEvidence = (l10n: Translator) => ({ permission: l10n.t('IAM action') });
