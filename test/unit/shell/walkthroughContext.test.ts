import { beforeEach, describe, expect, test, vi } from 'vitest';
import { providerTypes } from '../../../src/shell/providers/registration.ts';
import { updateWalkthroughContext } from '../../../src/shell/walkthroughContext.ts';
import { identityCenterSession, january, oktaSession } from '../fakes/examples.ts';
import { screen } from '../fakes/screen.ts';
import { sessionsWorld } from '../fakes/sessionsWorld.ts';
import { settleUntil } from '../fakes/settle.ts';

vi.mock('vscode', async () => import('../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const told = (): Readonly<Record<string, unknown>> =>
  Object.fromEntries(screen.executed.map(([, key, value]) => [String(key), value]));

describe('updateWalkthroughContext', () => {
  test('ticks off the providers that have a live session, and watches', async () => {
    const ended = { ...identityCenterSession, ended: { at: january, kind: 'grantRevoked' } } as const;
    const { sessions } = await sessionsWorld(oktaSession, ended);
    const watch = updateWalkthroughContext(sessions);
    await settleUntil(() => screen.executed.length === providerTypes.length);
    expect(told()).toEqual({
      'developerSignIn.signedIn.identityCenter': false,
      'developerSignIn.signedIn.okta': true,
      'developerSignIn.signedIn.oidc': false,
    });
    await sessions.signOut(oktaSession.id, new AbortController().signal).catch(() => undefined);
    await settleUntil(() => told()['developerSignIn.signedIn.okta'] === false);
    watch.dispose();
  });
});
