import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redirectUriAt } from '../../src/core/oidc/redirectUri.ts';
import { systemClock } from '../../src/adapters/node/clock.ts';
import type { Clock } from '../../src/core/ports.ts';
import type { Sessions } from '../../src/core/session/sessions.ts';
import { people } from '../sandbox/people.ts';
import { GUIDE_SCOPES } from '../sandbox/okta/settings.ts';
import { startSandbox, type Sandbox } from '../sandbox/sandbox.ts';
import { createDeathSteps } from './deathSteps.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { signingInAs } from './persons.ts';
import { openProduct } from './product.ts';
import { createSecretHub, type SecretHub } from './secretHub.ts';

/** The ledger name of requests that are not from a window process. */
export const controllerName = 'controller';
/** Separate ports: other tests use those of the setup guide. */
const redirectPorts = [47_011, 47_012, 47_013, 47_014, 47_015, 47_016];

/** A machine with many sessions, and its identity providers. */
export interface World {
  readonly sandbox: Sandbox;
  readonly ledger: Ledger;
  readonly hub: SecretHub;
  /** The product's files: records and locks. */
  readonly folder: string;
  /** The test's files: last entries of killed processes. */
  readonly journals: string;
  /** The session IDs. */
  readonly sessions: readonly string[];
}

/** Settings of a world's identity providers, in seconds. */
export interface TokenRules {
  readonly refreshGraceSeconds: number;
  /** Lifetime of an access token. */
  readonly accessTokenSeconds: number;
}

/** Machines with the same identity providers, each with its own storage. */
export interface Machines extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly ledger: Ledger;
  readonly worlds: readonly World[];
}

/** One machine. */
export async function createWorld(sessions: number, rules: TokenRules): Promise<World & AsyncDisposable> {
  const machines = await createMachines(1, sessions, rules);
  const [world] = machines.worlds;
  if (world === undefined) throw new Error('The machine is missing.');
  return { ...world, [Symbol.asyncDispose]: () => machines[Symbol.asyncDispose]() };
}

/**
 * Starts a sandbox with rotating refresh tokens, and signs in on each machine: half at Okta, half at Identity
 * Center.
 */
export async function createMachines(count: number, sessions: number, rules: TokenRules): Promise<Machines> {
  const ledger = createLedger();
  const crowd = people
    .slice(0, 1)
    .flatMap((one) => Array.from({ length: count * sessions }, (_, n) => ({ ...one, ...personNumber(n) })));
  const shared = { ...rules, faults: ledger.faults, people: crowd };
  const sandbox = await startSandbox({
    okta: {
      ...shared,
      redirectUris: redirectPorts.map((port) => redirectUriAt(port)),
      allowedScopes: ['openid', ...GUIDE_SCOPES],
    },
    identityCenter: shared,
  });
  const root = await mkdtemp(join(tmpdir(), 'developer-sign-in-kill-'));
  const worlds: World[] = [];
  for (let machine = 0; machine < count; machine += 1) {
    const folder = join(root, `sessions-${machine}`);
    const world = { sandbox, ledger, hub: createSecretHub(), folder, journals: root };
    worlds.push({ ...world, sessions: await signInAll(world, machine * sessions, sessions) });
  }
  return {
    sandbox,
    ledger,
    worlds,
    [Symbol.asyncDispose]: async () => {
      await sandbox.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** The product in the controller's process with the same storage, as a new window would see it. */
export function openOwnWindow({ sandbox, hub, folder }: Omit<World, 'sessions'>): Sessions {
  return openProduct({
    folder,
    secrets: hub.own,
    sandbox: sandbox.describe(),
    redirectPorts,
    http: createDeathSteps(controllerName, '', quickPolls).http,
    clock: quickPolls,
  }).sessions;
}

/** Polls of the device flow run immediately; timeouts and other waits keep their duration. */
const quickPolls: Clock = {
  ...systemClock,
  sleep: (milliseconds, signal) => systemClock.sleep(milliseconds < 10_000 ? 1 : milliseconds, signal),
};

/** Half of the Okta sessions get an ID token with each refresh. */
const withOpenid = { scopes: ['openid', ...GUIDE_SCOPES] };

function personNumber(n: number): { readonly username: string; readonly uid: string } {
  return { username: `person${n}@example.com`, uid: `00uperson${n}` };
}

async function signInAll(world: Omit<World, 'sessions'>, first: number, count: number): Promise<string[]> {
  const { sandbox } = world;
  const { startUrl, region } = sandbox.identityCenter;
  const { issuer, clientId } = sandbox.okta;
  using window = openOwnWindow(world);
  const signedIn = [];
  for (let n = first; n < first + count; n++) {
    const { username } = personNumber(n);
    const atOkta = n % 2 === 0;
    // A start URL allows one session; its fragment, which servers ignore, allows any number of connections.
    const connection = atOkta
      ? ({ type: 'okta', name: 'Sandbox', issuer, clientId, ...(n % 4 === 0 ? withOpenid : {}) } as const)
      : ({ type: 'identityCenter', name: 'Sandbox', startUrl: `${startUrl}#${n}`, region } as const);
    const person = signingInAs(sandbox, username);
    const { id, tokenSet } = await window.signIn(connection, {}, person, new AbortController().signal);
    world.ledger.opens(id, tokenSet.refreshToken ?? '');
    signedIn.push(id);
  }
  return signedIn;
}
