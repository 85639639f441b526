import { describe, expect, test } from 'vitest';
import type { Session } from '../../src/core/session/session.ts';
import { hour, noSignal, providers, useSandbox } from './scene.ts';
import type { Provider } from './scene.ts';

const scene = useSandbox();

const signOutAt: Readonly<Record<Provider, string>> = {
  identityCenter: 'identityCenter.logout',
  okta: 'okta.revoke',
};

/** The token endpoint's response to a refresh without the product. */
async function refreshAnyway(
  session: Session,
): Promise<{ readonly status: number; readonly error: unknown }> {
  const { refreshToken = '' } = session.tokenSet;
  const response = await (session.type !== 'identityCenter'
    ? fetch(session.server.tokenEndpoint, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'refresh_token',
          client_id: session.connection.clientId,
          refresh_token: refreshToken,
        }),
      })
    : fetch(`${session.endpoints.oidc}/token`, {
        method: 'POST',
        body: JSON.stringify({
          clientId: session.registration.clientId,
          clientSecret: session.registration.clientSecret,
          grantType: 'refresh_token',
          refreshToken,
        }),
      }));
  const { error } = (await response.json()) as { error?: unknown };
  return { status: response.status, error };
}

describe.each(providers)('%s', (provider) => {
  test('a sign-out ends the grant at the server', async () => {
    using product = scene.window();
    const session = await scene.signIn(product, provider);
    const outcome = await product.sessions.signOut(session.id, noSignal);
    expect(outcome.notConfirmed).toBeUndefined();
    expect(scene.requests().slice(-1)).toEqual([signOutAt[provider]]);
    expect(await refreshAnyway(session)).toEqual({ status: 400, error: 'invalid_grant' });
  });

  test('nothing of the session is left here', async () => {
    using product = scene.window();
    const { id } = await scene.signIn(product, provider);
    await product.sessions.signOut(id, noSignal);
    expect(await product.sessions.list()).toEqual({ sessions: [], lost: [] });
    expect([...product.secrets.map.keys()].filter((key) => key.startsWith('session:'))).toEqual([]);
    expect((await product.failureOf(product.sessions.withFreshToken(id, noSignal))).kind).toBe(
      'signInNeeded',
    );
  });

  test('a server that does not confirm it does not block it, and is reported', async () => {
    using product = scene.window();
    const session = await scene.signIn(product, provider);
    scene.sandbox.faults.add({ at: signOutAt[provider], status: 503 });
    const outcome = await product.sessions.signOut(session.id, noSignal);
    expect([outcome.notConfirmed?.kind, outcome.notConfirmed?.details.status]).toEqual(['serverError', 503]);
    expect(await product.sessions.list()).toEqual({ sessions: [], lost: [] });
    expect(await refreshAnyway(session)).toMatchObject({ status: 200 });
  });

  test('one session’s sign-out does not affect the other provider’s', async () => {
    using product = scene.window();
    const { id } = await scene.signIn(product, provider);
    const other = await scene.signIn(product, provider === 'okta' ? 'identityCenter' : 'okta');
    await product.sessions.signOut(id, noSignal);
    expect((await product.sessions.list()).sessions.map((session) => session.id)).toEqual([other.id]);
  });
});

test('Identity Center: a token that the portal no longer accepts is an unconfirmed sign-out', async () => {
  using product = scene.window();
  const session = await scene.signIn(product, 'identityCenter');
  scene.clock.jump(hour);
  const { notConfirmed } = await product.sessions.signOut(session.id, noSignal);
  expect([notConfirmed?.kind, notConfirmed?.details.status]).toEqual(['invalidResponse', 401]);
});

test('Okta: the revocation ends the whole grant, once', async () => {
  using product = scene.window();
  const { id } = await scene.signIn(product, 'okta');
  const before = scene.sandbox.okta.stats();
  await product.sessions.signOut(id, noSignal);
  const after = scene.sandbox.okta.stats();
  expect([after.revocations - before.revocations, before.liveGrants - after.liveGrants]).toEqual([1, 1]);
});
