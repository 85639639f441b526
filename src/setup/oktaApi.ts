import * as v from 'valibot';
import { safeText } from '../core/text/safeText.ts';
import { fact, inconclusive } from './checkResult.ts';
import type { CheckResult } from './checkResult.ts';
import { oktaCredential, oktaCredentialEvidence, oktaCredentialResults } from './oktaCredential.ts';
import type { CredentialReason } from './oktaCredential.ts';
import { organizationOf } from './oktaOrganization.ts';
import { redirectIn } from './redirectIn.ts';
import type { SetupInputs, SetupPorts } from './setupPorts.ts';
import type { Translator } from './translator.ts';
import { lazily } from './concurrency.ts';

/** Okta's Admin Management API for one run; each resource is requested once. */
export interface OktaApi {
  /** Reads a resource, or all pages of a list. */
  read<T extends v.GenericSchema>(path: string, schema: T): Promise<OktaResult<v.InferOutput<T>>>;
  /** Like {@link OktaApi.read}, but for a long list, its first part suffices. */
  readSome<T extends v.GenericSchema>(path: string, schema: T): Promise<OktaResult<v.InferOutput<T>>>;
  /** *Simulate a policy*, a read that is sent as JSON. */
  simulate<T extends v.GenericSchema>(body: unknown, schema: T): Promise<OktaResult<v.InferOutput<T>>>;
}

/** The value of an Okta API read, or a result if it was refused. */
export type OktaResult<T> = { readonly value: T } | { readonly refusal: OktaRefusal };
/** The reason why Okta's API could not be read; proves nothing about the setup. */
export type OktaRefusal = CheckResult<
  OktaReason | CredentialReason | 'unclearAnswer',
  | 'host'
  | 'status'
  | 'words'
  | 'code'
  | 'missing'
  | 'unexpected'
  | 'redirectsTo'
  | keyof ReturnType<typeof oktaApiEvidence>
>;

const errorSchema = v.object({ errorCode: v.optional(v.string()), errorSummary: v.optional(v.string()) });
/** Page limit, at up to 200 entries per page. Nothing is reported missing from a list that was cut off. */
const maxPages = 10;
const simulation = '/api/v1/policies/simulate';

/** Scopes that a service app needs, by the beginning of the path (Okta Admin Management API 2026.06.3). */
const scopesByPath: readonly (readonly [beginning: string, scopes: readonly string[]])[] = [
  ['/api/v1/authorizationServers/', ['okta.authorizationServers.read']],
  ['/api/v1/groups', ['okta.groups.read']],
  ['/api/v1/logs', ['okta.logs.read']],
  ['/api/v1/policies/', ['okta.policies.read']],
  ['/api/v1/users/', ['okta.users.read']],
  ['/api/v1/apps', ['okta.apps.read']],
];

function scopesFor(path: string): readonly string[] {
  const own = scopesByPath.find(([beginning]) => path.startsWith(beginning))?.[1] ?? [];
  return path.includes('/group-push/') ? [...own, 'okta.groups.read'] : own;
}

/** A raw response body; for a list that was cut off, its first part. */
type Raw = { readonly body: unknown; readonly isPart?: boolean } | { readonly refusal: OktaRefusal };

/**
 * Reads Okta's API with the credential of the inputs, which is sent only to the organization's own host at Okta
 * (or to this machine).
 */
export function createOktaApi(
  ports: Pick<SetupPorts, 'http' | 'clock' | 'signJwt'>,
  inputs: SetupInputs,
  signal: AbortSignal,
): OktaApi {
  const organization = organizationOf(inputs);
  const credential = lazily(async () =>
    organization === undefined ? undefined : oktaCredential(ports, inputs, organization, signal),
  );
  const answers = new Map<string, () => Promise<Raw>>();

  const send = async (path: string, json: string | undefined): Promise<Raw> => {
    const found = await credential();
    if (organization === undefined || found === undefined)
      return {
        refusal: inconclusive(inputs.oktaClient === undefined ? 'oktaHostNotInMetadata' : 'oktaHostUnknown'),
      };
    if ('refusal' in found) return found;
    const { authorization, scopes } = found;
    const missing = scopes === undefined ? [] : scopesFor(path).filter((scope) => !scopes.includes(scope));
    if (missing.length > 0) return { refusal: inconclusive('serviceScopesMissing', { missing }) };
    const items: unknown[] = [];
    let address: string | undefined = `${organization.origin}${path}`;
    for (let page = 0; address !== undefined && page < maxPages; page++) {
      const request = {
        method: json === undefined ? 'GET' : 'POST',
        headers: {
          authorization,
          accept: 'application/json',
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(json === undefined ? {} : { body: json }),
        signal,
      };
      const response: Response = await ports.http(address, request);
      const body: unknown = await response.json().catch(() => undefined);
      if (response.status !== 200)
        return { refusal: refusalOf(response, body, organization.host, scopes !== undefined) };
      if (!Array.isArray(body)) return { body };
      items.push(...(body as unknown[]));
      address = json === undefined ? nextIn(response) : undefined;
      // Send the credential to no other host.
      if (address !== undefined && URL.parse(address)?.origin !== organization.origin) break;
    }
    return { body: items, isPart: address !== undefined };
  };
  const ask = async <T extends v.GenericSchema>(
    path: string,
    schema: T,
    {
      json,
      acceptsPart: acceptsPart = false,
    }: { readonly json?: string; readonly acceptsPart?: boolean } = {},
  ): Promise<OktaResult<v.InferOutput<T>>> => {
    const key = `${path} ${json ?? ''}`;
    const asked = answers.get(key) ?? lazily(() => send(path, json));
    answers.set(key, asked);
    const raw = await asked();
    if ('refusal' in raw) return raw;
    // A partial list proves nothing missing.
    return raw.isPart === true && !acceptsPart
      ? { refusal: inconclusive('oktaListNotWhole') }
      : parsedBy(schema, raw.body);
  };
  return {
    read: (path, schema) => ask(path, schema),
    readSome: (path, schema) => ask(path, schema, { acceptsPart: true }),
    simulate: (body, schema) => ask(simulation, schema, { json: JSON.stringify(body) }),
  };
}

function parsedBy<T extends v.GenericSchema>(schema: T, body: unknown): OktaResult<v.InferOutput<T>> {
  const parsed = v.safeParse(schema, body);
  if (parsed.success) return { value: parsed.output };
  const unexpected = (v.getDotPath(parsed.issues[0]) ?? 'JSON').slice(0, 100);
  return { refusal: inconclusive('unclearAnswer', { status: 200, unexpected }) };
}

function refusalOf(response: Response, body: unknown, host: string, isService: boolean): OktaRefusal {
  const said = v.safeParse(errorSchema, body);
  const words = said.success ? safeText(said.output.errorSummary) : undefined;
  const evidence = { host, status: response.status, words, redirectsTo: redirectIn(response) };
  // Every error of Okta's API has these members (Okta API reference, error codes); another response is not
  // Okta's.
  const isOkta =
    (said.success && (said.output.errorCode ?? said.output.errorSummary) !== undefined) ||
    response.headers.has('www-authenticate');
  if (!isOkta) return inconclusive('unclearAnswer', evidence);
  switch (response.status) {
    case 401:
      // "You do not have permission to access the feature": often, the organization has no API Access Management.
      if (said.success && said.output.errorCode === 'E0000015')
        return inconclusive('featureMissing', evidence);
      return inconclusive(isService ? 'serviceTokenRefused' : 'apiTokenRefused', evidence);
    case 403: {
      if (!isService) return inconclusive('apiTokenForbidden', evidence);
      // RFC 6750, 3.1: the scope that would have sufficed.
      const challenge = response.headers.get('www-authenticate') ?? '';
      if (!challenge.includes('insufficient_scope')) return inconclusive('serviceRoleMissing', evidence);
      const missing = /\bscope="([\w. ]{1,200})"/.exec(challenge)?.[1]?.split(' ') ?? [];
      return inconclusive('serviceScopesMissing', { ...evidence, missing });
    }
    case 404:
      return inconclusive('notInOkta', evidence);
    default:
      return inconclusive('unclearAnswer', evidence);
  }
}

/** The next page (RFC 8288). */
function nextIn({ headers }: Response): string | undefined {
  return /<([^<>\s]{1,2000})>;\s{0,5}rel="next"/.exec(headers.get('link') ?? '')?.[1];
}

/** The result for a response about another record than the requested one. */
export function otherRecord(answered: string): OktaRefusal {
  return inconclusive('otherRecord', { answered: answered.slice(0, 200) });
}

/** Texts for refused reads of {@link OktaApi}. */
export const oktaApiResults = (l10n: Translator) => ({
  ...oktaCredentialResults(l10n),
  oktaHostUnknown: {
    found: l10n.t('Okta’s API wasn’t called because the organization’s okta.com address isn’t known.'),
    next: l10n.t('Use the issuer at the organization’s okta.com address, not at a custom domain.'),
  },
  oktaHostNotInMetadata: {
    found: l10n.t(
      'Okta’s API wasn’t called because the saved metadata doesn’t contain the organization’s address.',
    ),
    next: l10n.t('Save the metadata again from the application’s Sign On tab in Okta.'),
  },
  apiTokenRefused: {
    found: l10n.t('Okta refused the API token (HTTP 401).'),
    next: l10n.t(
      'Create a token as a read-only administrator under Security > API > Tokens, and paste it again.',
    ),
  },
  featureMissing: {
    found: l10n.t('This feature isn’t available to the Okta organization or the token (E0000015).'),
    next: l10n.t('Compare it with the console.'),
  },
  apiTokenForbidden: {
    found: l10n.t('The API token’s administrator isn’t allowed to read this (HTTP 403).'),
    next: l10n.t('Create the token as an administrator with the role Read-Only Administrator.'),
  },
  serviceTokenRefused: {
    found: l10n.t('Okta refused the service app’s access token (HTTP 401).'),
    next: l10n.t('Make sure that the service app is active in Okta, and check again.'),
  },
  serviceRoleMissing: {
    found: l10n.t('The service app has no admin role that can read this (HTTP 403).'),
    next: l10n.t('On the Admin roles tab of the service app, assign Read-Only Administrator.'),
  },
  oktaListNotWhole: {
    found: l10n.t('The list in Okta is longer than this check reads.'),
    next: l10n.t('Compare it with the console.'),
  },
  otherRecord: (result: CheckResult) => ({
    found: l10n.t('Okta returned a different record: {0}.', fact(result, 'answered')),
    next: l10n.t('Compare it with the console.'),
  }),
  notInOkta: {
    found: l10n.t('Okta didn’t find it in this organization (HTTP 404).'),
    next: l10n.t('Compare the issuer and the client ID with the Okta Admin Console.'),
  },
});
type OktaReason = keyof ReturnType<typeof oktaApiResults>;

/** Names of the evidence from Okta's API. */
export const oktaApiEvidence = (l10n: Translator) => ({
  ...oktaCredentialEvidence(l10n),
  answered: l10n.t('Returned'),
});
