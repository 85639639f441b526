import type { Group, Person } from '../people.ts';
import type { Assignments } from './assignments.ts';

/** *Configure API Integration* of the *Provisioning* tab. */
export interface ScimConnection {
  /** As pasted by an administrator; without a trailing slash if they followed the guide. */
  readonly baseUrl: string;
  readonly apiToken: string;
}

/** A request that the other side rejected; Okta shows it under *Tasks*. */
export interface ProvisioningFailure {
  /** The username, or the group's name. */
  readonly subject: string;
  /** The HTTP status; `undefined` without a response. */
  readonly status: number | undefined;
  readonly detail: string;
}

export interface ProvisioningReport {
  readonly created: readonly string[];
  readonly reactivated: readonly string[];
  readonly deactivated: readonly string[];
  readonly failures: readonly ProvisioningFailure[];
}

/** The SCIM client of the SAML application. */
export interface Provisioning {
  configure(connection: ScimConnection): void;
  /** *Test API Credentials*. @returns the problem, or `undefined` on success */
  testCredentials(): Promise<ProvisioningFailure | undefined>;
  /**
   * Syncs the assignments to the other side: creates users or matches existing ones, pushes groups with their
   * members in batches, and deactivates users that it provisioned and that are no longer assigned.
   */
  run(): Promise<ProvisioningReport>;
}

interface ProvisioningOptions {
  readonly people: readonly Person[];
  readonly groups: readonly Group[];
  readonly assignments: Assignments;
}

/** Number of members in one change. */
const MEMBERS_A_STEP = 100;
const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

export function createProvisioning({ people, groups, assignments }: ProvisioningOptions): Provisioning {
  /** Usernames and group names, with their IDs on the other side. */
  const users = new Map<string, string>();
  const pushed = new Map<string, { readonly id: string; readonly members: Set<string> }>();
  const inactive = new Set<string>();
  let send = senderFor({ baseUrl: '', apiToken: '' });

  /** @returns true if the user was created */
  const provision = async (person: Person): Promise<boolean> => {
    const { username } = person;
    const query = new URLSearchParams({ filter: `userName eq ${JSON.stringify(username)}` });
    const { Resources: [found] = [] } = (await send('GET', `/Users?${query}`)) as ScimList;
    if (found !== undefined) {
      users.set(username, found.id);
      await send('PUT', `/Users/${found.id}`, { ...userOf(person), id: found.id });
      return false;
    }
    const { id } = (await send('POST', '/Users', userOf(person))) as ScimResource;
    users.set(username, id);
    return true;
  };

  const setActive = async (username: string, active: boolean): Promise<void> => {
    await send('PATCH', `/Users/${users.get(username) ?? ''}`, patch({ op: 'replace', value: { active } }));
    if (active) inactive.delete(username);
    else inactive.add(username);
  };

  const push = async (group: Group): Promise<void> => {
    const query = new URLSearchParams({ filter: `displayName eq ${JSON.stringify(group.displayName)}` });
    let known = pushed.get(group.displayName);
    if (known === undefined) {
      const { Resources: [found] = [] } = (await send('GET', `/Groups?${query}`)) as ScimList;
      const body = { schemas: [GROUP_SCHEMA], displayName: group.displayName, members: [] };
      const { id } = found ?? ((await send('POST', '/Groups', body)) as ScimResource);
      known = { id, members: new Set() };
      pushed.set(group.displayName, known);
    }
    const { id, members } = known;
    const wanted = group.members
      .filter((username) => assignments.isAssigned('saml', username))
      .flatMap((username) => users.get(username) ?? []);
    const change = async (op: 'add' | 'remove', all: readonly string[]): Promise<void> => {
      for (let from = 0; from < all.length; from += MEMBERS_A_STEP) {
        const value = all.slice(from, from + MEMBERS_A_STEP).map((member) => ({ value: member }));
        await send('PATCH', `/Groups/${id}`, patch({ op, path: 'members', value }));
      }
    };
    const more = wanted.filter((member) => !members.has(member));
    const less = [...members].filter((member) => !wanted.includes(member));
    await change('add', more);
    await change('remove', less);
    more.forEach((member) => members.add(member));
    less.forEach((member) => members.delete(member));
  };

  return {
    configure: (connection) => (send = senderFor(connection)),

    async testCredentials() {
      return failureOf('', () => send('GET', '/ServiceProviderConfig'));
    },

    async run() {
      const created: string[] = [];
      const reactivated: string[] = [];
      const deactivated: string[] = [];
      const failures: ProvisioningFailure[] = [];
      const attempt = async (subject: string, step: () => Promise<unknown>): Promise<void> => {
        const failure = await failureOf(subject, step);
        if (failure !== undefined) failures.push(failure);
      };

      const assigned = assignments.usernames('saml');
      for (const person of people.filter(({ username }) => assigned.includes(username))) {
        const { username } = person;
        await attempt(username, async () => {
          if (!users.has(username)) {
            if (await provision(person)) created.push(username);
          } else if (inactive.has(username)) {
            await setActive(username, true);
            reactivated.push(username);
          }
        });
      }
      for (const username of [...users.keys()].filter(
        (each) => !assigned.includes(each) && !inactive.has(each),
      )) {
        await attempt(username, async () => {
          await setActive(username, false);
          deactivated.push(username);
        });
      }
      for (const group of groups) await attempt(group.displayName, () => push(group));
      return { created, reactivated, deactivated, failures };
    },
  };
}

interface ScimResource {
  readonly id: string;
}

interface ScimList {
  readonly Resources?: readonly ScimResource[];
}

/** The request failed or was rejected. */
class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly status: number | undefined;

  constructor(status: number | undefined, detail: string) {
    super(detail);
    this.status = status;
  }
}

/** Sends as Okta does: appends the path to the pasted address, whatever it ends with. */
function senderFor({ baseUrl, apiToken }: ScimConnection) {
  return async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(baseUrl + path, {
      method,
      headers: {
        authorization: `Bearer ${apiToken}`,
        accept: 'application/scim+json',
        'user-agent': 'Okta SCIM Client 1.0.0',
        ...(body && { 'content-type': 'application/scim+json; charset=utf-8' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw new RefusedError(undefined, error instanceof Error ? error.message : '');
    });
    const text = await response.text();
    if (response.ok) return text === '' ? {} : JSON.parse(text);
    throw new RefusedError(response.status, detailIn(text));
  };
}

async function failureOf(
  subject: string,
  step: () => Promise<unknown>,
): Promise<ProvisioningFailure | undefined> {
  try {
    await step();
    return undefined;
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return { subject, status: error.status, detail: error.message };
  }
}

function detailIn(body: string): string {
  try {
    return String((JSON.parse(body) as { detail?: unknown }).detail);
  } catch {
    return body;
  }
}

/** The application's default attribute mappings. */
function userOf({ username, name, uid }: Person): object {
  const [givenName = '', ...rest] = name.split(' ');
  return {
    schemas: [USER_SCHEMA],
    userName: username,
    externalId: uid,
    name: { givenName, familyName: rest.join(' ') },
    displayName: name,
    emails: [{ primary: true, value: username, type: 'work' }],
    locale: 'en-US',
    active: true,
  };
}

function patch(operation: object): object {
  return { schemas: [PATCH_SCHEMA], Operations: [operation] };
}
