import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redirectUriOf } from '../../src/core/oidc/authorizationCode.ts';
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

/** Who asks in the ledger when it is not one of the processes. */
export const controllerName = 'controller';
/** Ports of our own: those of the setup guide belong to the other tests. */
const redirectPorts = [47_011, 47_012, 47_013, 47_014, 47_015, 47_016];

/** A machine on which people have signed in many times, and the identity providers at which they did. */
export interface World extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly ledger: Ledger;
  readonly hub: SecretHub;
  /** Of the product: records and locks. */
  readonly folder: string;
  /** Of the test: last words of the killed. */
  readonly journals: string;
  /** The ids of the sessions. */
  readonly sessions: readonly string[];
}

/** How the identity providers of a world behave, in seconds. */
export interface TokenRules {
  readonly refreshGraceSeconds: number;
  /** How long an access token lives. */
  readonly accessTokenSeconds: number;
}

/** Starts a sandbox with rotating refresh tokens and signs in: one half at Okta, the other at Identity Center. */
export async function createWorld(sessions: number, rules: TokenRules): Promise<World> {
  const ledger = createLedger();
  const crowd = people
    .slice(0, 1)
    .flatMap((one) => Array.from({ length: sessions }, (_, n) => ({ ...one, ...personNumber(n) })));
  const shared = { ...rules, faults: ledger.faults, people: crowd };
  const sandbox = await startSandbox({
    okta: {
      ...shared,
      redirectUris: redirectPorts.map(redirectUriOf),
      allowedScopes: ['openid', ...GUIDE_SCOPES],
    },
    identityCenter: shared,
  });
  const root = await mkdtemp(join(tmpdir(), 'developer-sign-in-kill-'));
  const folder = join(root, 'sessions');
  const hub = createSecretHub();
  const world = {
    sandbox,
    ledger,
    hub,
    folder,
    journals: root,
    [Symbol.asyncDispose]: async () => {
      await sandbox.close();
      await rm(root, { recursive: true, force: true });
    },
  };
  return { ...world, sessions: await signInAll(world, sessions) };
}

/** The product in the controller's own process, over the same storage: what a window opened now would see. */
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

/** Polls of the device flow come at once; its time-outs, and all others, keep their length. */
const quickPolls: Clock = {
  ...systemClock,
  sleep: (milliseconds, signal) => systemClock.sleep(milliseconds < 10_000 ? 1 : milliseconds, signal),
};

/** Half of those at Okta have an ID token beside each refresh token. */
const withOpenid = { scopes: ['openid', ...GUIDE_SCOPES] };

function personNumber(n: number): { readonly username: string; readonly uid: string } {
  return { username: `person${n}@example.com`, uid: `00uperson${n}` };
}

async function signInAll(world: Omit<World, 'sessions'>, count: number): Promise<string[]> {
  const { sandbox } = world;
  const { startUrl, region } = sandbox.identityCenter;
  const { issuer, clientId } = sandbox.okta;
  using window = openOwnWindow(world);
  const signedIn = [];
  for (let n = 0; n < count; n++) {
    const { username } = personNumber(n);
    const atOkta = n % 2 === 0;
    // A start URL is one session; the fragment, which no server sees, makes as many connections of it as wanted.
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
