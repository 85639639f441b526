import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { noSignal } from '../scene.ts';
import type { Provider } from '../scene.ts';
import { callbackProviders, callbacks } from './callbacks.rows.ts';
import type { Callback, Ways } from './callbacks.rows.ts';
import { json } from './changes.ts';
import { settled } from './settled.ts';
import { title } from './row.ts';
import { connectionOf, useWorld } from './world.ts';

const world = useWorld();
const rowsAt = (provider: Provider): readonly Callback[] =>
  callbacks.filter((row) => callbackProviders(row).includes(provider));

const anyToken = {
  status: 200,
  headers: json,
  body: '{"access_token":"opaque-access-token","token_type":"Bearer","expires_in":3600}',
};

/** A challenge that matches the verifiers of all token requests (RFC 7636, 4.6). */
function challengesSent(): readonly string[] {
  return [...world.oktaProxy.passed, ...world.awsProxy.passed]
    .filter(({ path }) => path.endsWith('/token'))
    .map(({ body }) => /code_?verifier"?[=:]"?([\w.~-]{43,128})/i.exec(body)?.[1] ?? '')
    .map((verifier) => createHash('sha256').update(verifier).digest('base64url'));
}

describe.each(['okta', 'identityCenter'] as const)('at %s', (provider) => {
  test.each(rowsAt(provider))(title, async ({ come, atOkta, says, ignoresPkce, tokenRequests, ...row }) => {
    const outcome = provider === 'okta' ? (atOkta ?? row.outcome) : row.outcome;
    if (ignoresPkce === true) world.oktaProxy.tamper('/token', () => anyToken);
    using product = world.window();
    const person = world.browsing(async (visit) => {
      const authorize: Ways['authorize'] = (change, username) => {
        const url = new URL(visit.turn.url);
        change?.(url);
        return world.authorize({ ...visit.turn, url: url.href }, username);
      };
      await come(visit, { authorize });
    });
    const flow = { flow: 'authorizationCode' } as const;
    const signingIn = product.sessions.signIn(connectionOf(world, provider), flow, person, noSignal);

    const { kind, failure } = await settled(product, signingIn);
    expect(kind).toBe(outcome);
    if (says !== undefined) expect(failure?.details.description).toBe(says);
    expect(world.tokenRequests()).toBe(tokenRequests);
    const challenge = new URL(person.turns[0]?.url ?? '').searchParams.get('code_challenge') ?? '';
    expect(challengesSent()).toEqual(Array.from({ length: tokenRequests }, () => challenge));
    expect((await product.sessions.list()).sessions).toHaveLength(outcome === 'signedIn' ? 1 : 0);
  });
});
