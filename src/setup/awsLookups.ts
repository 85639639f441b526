import * as v from 'valibot';
import { parseJson } from '../core/text/parseJson.ts';
import { safeText } from '../core/text/safeText.ts';
import { createAwsReader } from './awsApi.ts';
import type { AwsResult, AwsReader } from './awsApi.ts';
import { inconclusive } from './checkResult.ts';
import { issuerDirectory, startUrlDirectory } from './directory.ts';
import { parseStartUrl } from '../input/startUrl.ts';
import type { SetupInputs, SetupPorts } from './setupPorts.ts';
import { limitConcurrency, lazily } from './concurrency.ts';

/** AWS lookups shared by several checks; each is requested once per run, on first use. */
export interface AwsLookups extends AwsReader {
  /** The connection's instance; undefined if the profile cannot see it. */
  instance(): Promise<AwsResult<AwsInstance | undefined>>;
  /** All users of its directory. */
  users(): Promise<AwsResult<readonly AwsUser[]>>;
  /** The given person; undefined if the directory does not have them. */
  user(): Promise<AwsResult<AwsUser | undefined>>;
  /** The ID of the given group; undefined if the directory does not have it. */
  groupId(): Promise<AwsResult<string | undefined>>;
  /** Whether a person is in a group; undefined if the response does not tell. */
  isMember(userId: string, groupId: string): Promise<AwsResult<boolean | undefined>>;
  /** The IDs of the people in a group. */
  members(groupId: string): Promise<AwsResult<readonly string[]>>;
  /** The latest events of a name in the 90-day event history, newest first. */
  events(name: string): Promise<AwsResult<readonly AwsEvent[]>>;
}

const text = v.optional(v.nullable(v.string()));
/** A time of AWS JSON 1.1, in epoch seconds. */
const moment = v.optional(v.nullable(v.number()));

const regionSchema = v.object({ RegionName: text, Status: text });
const instanceSchema = v.object({
  InstanceArn: v.pipe(v.string(), v.maxLength(300)),
  IdentityStoreId: text,
  Name: text,
  Status: text,
  PrimaryRegion: text,
  Regions: v.optional(v.nullable(v.array(regionSchema))),
});
/** An instance of IAM Identity Center. */
export type AwsInstance = v.InferOutput<typeof instanceSchema>;

const foundSchema = v.object({ UserId: v.optional(v.string()), GroupId: v.optional(v.string()) });
const groupSchema = v.object({ GroupId: v.string(), DisplayName: text });

const userSchema = v.object({ UserId: v.string(), UserName: text, UserStatus: text });
/** A person in the directory of IAM Identity Center. */
export type AwsUser = v.InferOutput<typeof userSchema>;
const membershipSchema = v.object({
  Results: v.array(v.object({ GroupId: text, MembershipExists: v.optional(v.boolean()) })),
});

const memberSchema = v.object({ MemberId: v.optional(v.nullable(v.object({ UserId: text }))) });

const eventSchema = v.object({ EventTime: moment, CloudTrailEvent: text });
const recordSchema = v.object({
  eventTime: v.optional(v.string()),
  errorCode: text,
  errorMessage: text,
  userIdentity: v.optional(
    v.nullable(v.object({ onBehalfOf: v.optional(v.nullable(v.object({ userId: text }))) })),
  ),
  serviceEventDetails: v.optional(v.nullable(v.object({ UserAuthentication: text }))),
  additionalEventData: v.optional(v.nullable(v.object({ CredentialType: text, UserName: text }))),
});
/** An event of CloudTrail; `at` is epoch milliseconds. */
export interface AwsEvent {
  readonly at: number;
  readonly failed: boolean;
  /** How the person was authenticated, if the event is a sign-in. */
  readonly credentialType: string | undefined;
  /** The NameID of the SAML assertion, for a sign-in through an external identity provider. */
  readonly userName: string | undefined;
  /** The person's ID in the directory, if AWS includes it. */
  readonly userId: string | undefined;
  /** AWS's message for a failure. */
  readonly words: string | undefined;
}

/** Creates the lookups of one run; `signal` aborts their requests. */
export function createAwsLookups(ports: SetupPorts, inputs: SetupInputs, signal: AbortSignal): AwsLookups {
  const reader = createAwsReader(ports, inputs, signal);
  // AWS allows two requests per second and would refuse parallel ones.
  const limited = limitConcurrency(1);
  const directory = startUrlDirectory(inputs) ?? issuerDirectory(inputs);
  const instance = lazily(async (): Promise<AwsResult<AwsInstance | undefined>> => {
    const answer = await reader.list('sso:ListInstances', {}, 'Instances', instanceSchema);
    if ('refusal' in answer) return answer;
    const { value } = answer;
    const found = value.find(({ IdentityStoreId: id }) => id?.toLowerCase() === directory);
    if (found === undefined && !isStartUrl(inputs))
      return { refusal: inconclusive('blocked', { blockedBy: ['identityCenter.startUrl'] }) };
    // Any member account can have an instance of its own (user guide, *Account instances of IAM Identity Center*).
    return directory === undefined && value.length > 0
      ? { refusal: inconclusive('directoryUnknown') }
      : { value: found };
  });
  // The addresses may contain the directory if the profile cannot see the instance. Without a valid start URL, no check
  // has verified the Region, where a directory of another one would seem empty.
  const identityStoreId = lazily(async (): Promise<AwsResult<string>> => {
    if (directory !== undefined && isStartUrl(inputs)) return { value: directory };
    const found = await instance();
    if ('refusal' in found) return found;
    const id = found.value?.IdentityStoreId;
    return id == null ? { refusal: inconclusive('directoryUnknown') } : { value: id };
  });
  const find = async (
    action: 'identitystore:GetUserId' | 'identitystore:GetGroupId',
    UniqueAttribute: { readonly AttributePath: string; readonly AttributeValue: string },
  ): Promise<AwsResult<string | undefined>> => {
    const store = await identityStoreId();
    if ('refusal' in store) return store;
    const input = { IdentityStoreId: store.value, AlternateIdentifier: { UniqueAttribute } };
    const answer = await reader.read(action, input, foundSchema);
    return 'refusal' in answer ? answer : { value: answer.value?.UserId ?? answer.value?.GroupId };
  };
  const listed = async <T extends v.GenericSchema>(
    action: 'identitystore:ListUsers' | 'identitystore:ListGroups' | 'identitystore:ListGroupMemberships',
    member: string,
    schema: T,
    input = {},
  ): Promise<AwsResult<readonly v.InferOutput<T>[]>> => {
    const store = await identityStoreId();
    return 'refusal' in store
      ? store
      : reader.list(action, { IdentityStoreId: store.value, ...input }, member, schema);
  };
  // The lists answer what the searches don't: AWS does not document whether those ignore case, and its managed
  // policies (`AWSSSODirectoryReadOnly`) do not allow them.
  const orListed = async <T, Entry>(
    asked: AwsResult<T | undefined>,
    list: () => Promise<AwsResult<readonly Entry[]>>,
    entryIn: (all: readonly Entry[]) => T | undefined,
  ): Promise<AwsResult<T | undefined>> => {
    if ('refusal' in asked ? asked.refusal.reason !== 'awsNotPermitted' : asked.value !== undefined)
      return asked;
    const all = await list();
    if ('refusal' in all) return 'refusal' in asked ? asked : all;
    return { value: entryIn(all.value) };
  };
  const users = lazily(async () => listed('identitystore:ListUsers', 'Users', userSchema));
  const members = async (GroupId: string): Promise<AwsResult<readonly string[]>> => {
    const answer = await listed('identitystore:ListGroupMemberships', 'GroupMemberships', memberSchema, {
      GroupId,
    });
    return 'refusal' in answer
      ? answer
      : { value: answer.value.flatMap(({ MemberId }) => MemberId?.UserId ?? []) };
  };
  return {
    ...reader,
    instance,
    users,
    user: lazily(async () => {
      const userName = inputs.userName?.trim() ?? '';
      const path = { AttributePath: 'userName', AttributeValue: userName };
      const id = await find('identitystore:GetUserId', path);
      const described = async (UserId: string | undefined) => {
        const store = await identityStoreId();
        if ('refusal' in store) return store;
        if (UserId === undefined) return { value: undefined };
        const input = { IdentityStoreId: store.value, UserId };
        return reader.read('identitystore:DescribeUser', input, userSchema);
      };
      const asked = 'refusal' in id ? id : await described(id.value);
      return orListed(asked, users, (all) => named(all, 'UserName', userName));
    }),
    groupId: lazily(async () => {
      const name = inputs.groupName?.trim() ?? '';
      const path = { AttributePath: 'displayName', AttributeValue: name };
      const groups = async () => listed('identitystore:ListGroups', 'Groups', groupSchema);
      return orListed(
        await find('identitystore:GetGroupId', path),
        groups,
        (all) => named(all, 'DisplayName', name)?.GroupId,
      );
    }),
    isMember: async (userId, groupId) => {
      const store = await identityStoreId();
      if ('refusal' in store) return store;
      const input = { IdentityStoreId: store.value, MemberId: { UserId: userId }, GroupIds: [groupId] };
      const answer = await reader.read('identitystore:IsMemberInGroups', input, membershipSchema);
      const asked =
        'refusal' in answer
          ? answer
          : { value: answer.value?.Results.find(({ GroupId: id }) => id === groupId)?.MembershipExists };
      return orListed(
        asked,
        () => members(groupId),
        (all) => all.includes(userId),
      );
    },
    members,
    events: async (name) => {
      const LookupAttributes = [{ AttributeKey: 'EventName', AttributeValue: name }];
      const input = { LookupAttributes, MaxResults: 50 };
      const page = v.object({ Events: v.optional(v.nullable(v.array(eventSchema))) });
      const answer = await limited(() => reader.read('cloudtrail:LookupEvents', input, page));
      if ('refusal' in answer) return answer;
      const events = (answer.value?.Events ?? []).flatMap((event) => eventOf(event) ?? []);
      return { value: events.sort((one, other) => other.at - one.at) };
    },
  };
}

/** The entry with a name, in these letters if there is one. */
function named<Name extends string, T extends Readonly<Partial<Record<Name, string | null | undefined>>>>(
  all: readonly T[],
  key: Name,
  name: string,
): T | undefined {
  const found = all.filter((one) => one[key]?.toLowerCase() === name.toLowerCase());
  return found.find((one) => one[key] === name) ?? found[0];
}

function isStartUrl({ accessPortal: identityCenter }: SetupInputs): boolean {
  try {
    return parseStartUrl(identityCenter?.startUrl ?? '', identityCenter?.region ?? '').url !== '';
  } catch {
    return false;
  }
}

function eventOf({ EventTime, CloudTrailEvent }: v.InferOutput<typeof eventSchema>): AwsEvent | undefined {
  const record = v.safeParse(recordSchema, parseJson(CloudTrailEvent ?? ''));
  const { eventTime, errorCode, errorMessage, userIdentity, additionalEventData, serviceEventDetails } =
    record.success ? record.output : {};
  const at = EventTime == null ? Date.parse(eventTime ?? '') : EventTime * 1000;
  return Number.isNaN(at)
    ? undefined
    : {
        at,
        failed:
          errorCode != null || errorMessage != null || serviceEventDetails?.UserAuthentication === 'Failure',
        credentialType: additionalEventData?.CredentialType ?? undefined,
        userName: additionalEventData?.UserName ?? undefined,
        userId: userIdentity?.onBehalfOf?.userId ?? undefined,
        words: safeText(errorMessage ?? undefined),
      };
}
