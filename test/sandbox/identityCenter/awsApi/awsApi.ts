import { randomBytes } from 'node:crypto';
import type { FederatedInstance, FederatedSignIn } from '../federation.ts';
import { problemsOf, serviceNamed } from './model.ts';
import { signatureProblem } from './signature.ts';

/** The administrator's AWS resources, as the AWS APIs report them. Setup slips change them in place. */
export interface AwsResources {
  instance: Record<string, unknown>;
  regions: Record<string, unknown>[];
  applications: Record<string, unknown>[];
  assignmentRequired: boolean;
  /** Principals assigned to every application. */
  assignments: Record<string, unknown>[];
  /** Responses list the newest first, regardless of the order here. */
  events: AwsEventRecord[];
  /** Permissions that the profile lacks. */
  denied: string[];
  /** The directory is encrypted with a key that AWS can't use for this profile. */
  unusableKey: boolean;
  /** Users whose directory entry differs from SCIM. */
  users: Record<string, 'DISABLED' | 'missing'>;
  /** Groups without members. */
  emptyGroups: string[];
  /** Users who are missing in their groups. */
  missingInGroups: string[];
}

/** An event in CloudTrail's history; `at` is epoch milliseconds. */
export interface AwsEventRecord {
  readonly name: string;
  readonly at: number;
  readonly errorCode?: string;
  readonly credentialType?: string;
  /** Error of a failed sign-in. */
  readonly errorMessage?: string;
  /** The NameID of a SAML sign-in, and its user. */
  readonly userName?: string;
  readonly userId?: string;
}

/**
 * AWS APIs for IAM Identity Center and CloudTrail, as far as the product reads them, in the Region of the
 * instance.
 */
export interface AwsApi {
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
  };
  readonly resources: AwsResources;
  /** Whether an address belongs to one of these APIs. */
  isAt(url: URL): boolean;
  /** Requested operations, by permission name. */
  readonly asked: string[];
  respond(request: Request): Promise<Response>;
}

const day = 24 * 3600_000;
const INSTANCE = 'arn:aws:sso:::instance/ssoins-1234567890abcdef';
const APPLICATION = 'arn:aws:sso::111122223333:application/ssoins-1234567890abcdef/apl-1234567890abcdef';

/**
 * Answers read operations only, requires valid signatures, and sends only what the SDK's schemas allow
 * (models.json).
 */
export function createAwsApi(federated: FederatedInstance, now: () => number): AwsApi {
  const { region, store } = federated;
  const credentials = {
    accessKeyId: 'ASIA1SANDBOX2EXAMPLE',
    secretAccessKey: randomBytes(30).toString('base64'),
    sessionToken: `IQoJ${randomBytes(60).toString('base64')}`,
  };
  const directory = `d-${store.storeId}`;
  const groupIds = (): string[] =>
    store
      .groups()
      .filter(({ displayName }) => federated.entitledGroups.has(displayName))
      .map(({ id }) => id);
  const resources: AwsResources = {
    instance: {
      InstanceArn: INSTANCE,
      IdentityStoreId: directory,
      OwnerAccountId: '111122223333',
      Status: 'ACTIVE',
    },
    regions: [{ RegionName: region, Status: 'ACTIVE', IsPrimaryRegion: true }],
    applications: [
      {
        ApplicationArn: APPLICATION,
        ApplicationProviderArn: 'arn:aws:sso::aws:applicationProvider/codewhisperer',
        InstanceArn: INSTANCE,
        Name: 'QDevProfile',
        Status: 'ENABLED',
      },
    ],
    assignmentRequired: true,
    assignments: groupIds().map((PrincipalId) => ({
      ApplicationArn: APPLICATION,
      PrincipalId,
      PrincipalType: 'GROUP',
    })),
    events: [
      { name: 'EnableExternalIdPConfigurationForDirectory', at: now() - 60 * day },
      { name: 'CreateBearerToken', at: now() - 59 * day },
      ...store.users().map(({ id, userName }) => ({
        name: 'UserAuthentication',
        at: now() - day,
        credentialType: 'EXTERNAL_IDP',
        userName,
        userId: id,
      })),
    ],
    denied: [],
    unusableKey: false,
    users: {},
    emptyGroups: [],
    missingInGroups: [],
  };
  const asked: string[] = [];

  const answers: Readonly<Record<string, (input: Input) => object>> = {
    'sso:ListInstances': () => ({ Instances: [resources.instance] }),
    'sso:ListRegions': () => ({ Regions: resources.regions }),
    'sso:ListApplications': ({ InstanceArn }) => ({
      Applications: InstanceArn === INSTANCE ? resources.applications : [],
    }),
    'sso:ListApplicationAssignments': ({ ApplicationArn, NextToken }) =>
      pageOf(
        'ApplicationAssignments',
        resources.assignments.filter((one) => one['ApplicationArn'] === ApplicationArn),
        NextToken,
      ),
    'sso:GetApplicationAssignmentConfiguration': () => ({ AssignmentRequired: resources.assignmentRequired }),
    'identitystore:GetUserId': (input) => {
      const user = store.userNamed(attributeOf(input, 'userName'));
      if (user === undefined || resources.users[user.userName] === 'missing')
        throw new Refused(notFound('USER'));
      return { IdentityStoreId: directory, UserId: user.id };
    },
    'identitystore:DescribeUser': ({ UserId }) => {
      const user = store.users().find(({ id }) => id === UserId);
      if (user === undefined) throw new Refused(notFound('USER'));
      const UserStatus =
        user.active && resources.users[user.userName] !== 'DISABLED' ? 'ENABLED' : 'DISABLED';
      return { IdentityStoreId: directory, UserId: user.id, UserName: user.userName, UserStatus };
    },
    'identitystore:ListUsers': ({ NextToken }) =>
      pageOf(
        'Users',
        store
          .users()
          .filter(({ userName }) => resources.users[userName] !== 'missing')
          .map(({ id, userName }) => ({
            IdentityStoreId: directory,
            UserId: id,
            UserName: userName,
          })),
        NextToken,
      ),
    'identitystore:GetGroupId': (input) => {
      const name = attributeOf(input, 'displayName');
      const group = store.groups().find(({ displayName }) => displayName === name);
      if (group === undefined) throw new Refused(notFound('GROUP'));
      return { IdentityStoreId: directory, GroupId: group.id };
    },
    'identitystore:ListGroups': ({ NextToken }) =>
      pageOf(
        'Groups',
        store.groups().map(({ id, displayName }) => ({
          IdentityStoreId: directory,
          GroupId: id,
          DisplayName: displayName,
        })),
        NextToken,
      ),
    'identitystore:IsMemberInGroups': ({ MemberId, GroupIds = [] }) => ({
      Results: GroupIds.map((GroupId) => {
        const group = store.groups().find(({ id }) => id === GroupId);
        if (group === undefined) throw new Refused(notFound('GROUP'));
        const isIn =
          group.members.includes(MemberId?.UserId ?? '') &&
          !resources.emptyGroups.includes(group.displayName);
        return { GroupId, MemberId, MembershipExists: isIn };
      }),
    }),
    'identitystore:ListGroupMemberships': ({ GroupId, NextToken }) => {
      const group = store.groups().find(({ id }) => id === GroupId);
      if (group === undefined) throw new Refused(notFound('GROUP'));
      const nameOf = (member: string) => store.users().find(({ id }) => id === member)?.userName ?? '';
      const members = group.members.filter(
        (one) =>
          !resources.emptyGroups.includes(group.displayName) &&
          !resources.missingInGroups.includes(nameOf(one)),
      );
      const entries = members.map((UserId) => ({
        IdentityStoreId: directory,
        GroupId: group.id,
        MemberId: { UserId },
      }));
      return pageOf('GroupMemberships', entries, NextToken);
    },
    'cloudtrail:LookupEvents': ({ LookupAttributes = [] }) => {
      const [attribute] = LookupAttributes;
      return {
        Events: [...resources.events, ...federated.signIns.map(eventOfSignIn)]
          .filter(({ name }) => name === attribute?.AttributeValue)
          .sort((one, other) => other.at - one.at)
          .map(eventOf),
      };
    },
  };

  return {
    credentials,
    resources,
    asked,
    isAt: ({ host }) => /^(?:sso|identitystore|cloudtrail)\.[\w-]+\.amazonaws\.com$/.test(host),
    async respond(request) {
      const url = new URL(request.url);
      const [name = '', asksIn = ''] = url.host.split('.');
      const service = serviceNamed(name);
      const target = request.headers.get('x-amz-target') ?? '';
      const operation = target.slice(target.lastIndexOf('.') + 1);
      const known = service?.operations[operation];
      if (service === undefined || known === undefined || target !== `${service.target}.${operation}`)
        return refusal(400, 'UnknownOperationException');
      const body = await request.text();
      const headers = Object.fromEntries(request.headers);
      const arrived = { method: request.method, url, headers, body };
      const problem = signatureProblem(arrived, credentials, { service: name, region: asksIn });
      const isStale = headers['x-amz-security-token'] !== credentials.sessionToken;
      // AWS reports the canonical request, including the token.
      if (problem !== undefined || isStale)
        return refusal(403, problem ?? 'UnrecognizedClientException', JSON.stringify(headers));
      const input = JSON.parse(body) as Input;
      const wrong = problemsOf(service, known.input, input);
      if (wrong.length > 0) throw new Error(`The SDK would not send this: ${wrong.join('; ')}`);
      const permission = `${name}:${operation}`;
      asked.push(permission);
      if (resources.denied.includes(permission))
        return refusal(400, 'AccessDeniedException', `User is not authorized to perform: ${permission}`);
      if (resources.unusableKey && name === 'identitystore')
        return refusal(400, 'ResourceNotFoundException', 'The key was not found.', {
          Reason: 'KMS_KEY_NOT_FOUND',
        });
      try {
        const answer = asksIn === region ? answers[permission]?.(checked(input)) : elsewhere(permission);
        const broken = problemsOf(service, known.output, answer);
        if (broken.length > 0) throw new Error(`This is not as the SDK has it: ${broken.join('; ')}`);
        return Response.json(answer, { headers: { 'content-type': 'application/x-amz-json-1.1' } });
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        return error.response;
      }
    },
  };

  function checked(input: Input): Input {
    if (input.IdentityStoreId !== undefined && input.IdentityStoreId !== directory)
      throw new Refused(notFound('IDENTITY_STORE'));
    return input;
  }

  /** The CloudTrail records of a sign-in: separate event names for success and failure. */
  function eventOfSignIn({ at, username, refused }: FederatedSignIn): AwsEventRecord {
    if (refused === undefined)
      return {
        name: 'UserAuthentication',
        at,
        credentialType: 'EXTERNAL_IDP',
        userName: username ?? '',
        userId: store.userNamed(username ?? '')?.id ?? '',
      };
    const why = refused.why === 'response' ? refused.refusal : refused.why;
    return { name: 'ExternalIdPDirectoryLogin', at, errorMessage: `The response was refused: ${why}` };
  }

  function eventOf({
    name,
    at,
    errorCode,
    errorMessage,
    credentialType,
    userName,
    userId,
  }: AwsEventRecord): object {
    const record = {
      eventName: name,
      eventTime: new Date(at).toISOString(),
      userIdentity: {
        type: 'Unknown',
        ...(userId === undefined
          ? {}
          : {
              onBehalfOf: {
                userId,
                identityStoreArn: `arn:aws:identitystore::111122223333:identitystore/${directory}`,
              },
            }),
      },
      ...(errorCode === undefined ? {} : { errorCode }),
      ...(errorMessage === undefined ? {} : { errorMessage, responseElements: { [name]: 'Failure' } }),
      ...(credentialType === undefined
        ? {}
        : {
            additionalEventData: {
              CredentialType: credentialType,
              ...(userName === undefined ? {} : { UserName: userName }),
            },
          }),
    };
    return { EventName: name, EventTime: at / 1000, CloudTrailEvent: JSON.stringify(record) };
  }
}

/** The parts of requests that are read here. */
interface Input {
  readonly InstanceArn?: string;
  readonly ApplicationArn?: string;
  readonly IdentityStoreId?: string;
  readonly AlternateIdentifier?: {
    readonly UniqueAttribute?: { readonly AttributePath: string; readonly AttributeValue: string };
  };
  readonly UserId?: string;
  readonly MemberId?: { readonly UserId: string };
  readonly GroupId?: string;
  readonly GroupIds?: readonly string[];
  readonly NextToken?: string;
  readonly LookupAttributes?: readonly { readonly AttributeKey: string; readonly AttributeValue: string }[];
}

/** An error response of AWS. */
class Refused extends Error {
  override readonly name = 'Refused';
  readonly response: Response;

  constructor(response: Response) {
    super('Refused.');
    this.response = response;
  }
}

/** Uses small pages, so that every list spans several. */
const PAGE = 2;

function pageOf(member: string, entries: readonly object[], token = '0'): object {
  const start = Number(token);
  const more = start + PAGE < entries.length ? { NextToken: String(start + PAGE) } : {};
  return { [member]: entries.slice(start, start + PAGE), ...more };
}

function attributeOf({ AlternateIdentifier: { UniqueAttribute } = {} }: Input, path: string): string {
  if (UniqueAttribute?.AttributePath !== path) throw new Refused(refusal(400, 'ValidationException'));
  return UniqueAttribute.AttributeValue;
}

/** The response of a Region without the instance. */
function elsewhere(permission: string): object {
  if (permission === 'sso:ListInstances') return { Instances: [] };
  if (permission === 'cloudtrail:LookupEvents') return { Events: [] };
  throw new Refused(notFound('IDENTITY_STORE'));
}

function notFound(type: string): Response {
  return refusal(400, 'ResourceNotFoundException', `${type} not found.`, { ResourceType: type });
}

function refusal(status: number, code: string, message = code, more: object = {}): Response {
  return Response.json(
    { __type: `com.amazonaws#${code}`, Message: message, ...more },
    { status, headers: { 'x-amzn-errortype': code } },
  );
}
