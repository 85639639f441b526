import { describe, expect, test } from 'vitest';
import { meaningOf, OAuthRefusal } from '../../../src/core/oauthRefusal.ts';
import { noSignal, providers, useSandbox } from '../scene.ts';
import { operationOf } from '../world/worldAnswer.ts';
import { signInBy } from '../world/signInBy.ts';

const scene = useSandbox();

/** The steps of a sign-in that are one request each, with the flow that makes it. A refresh has its own rows. */
const steps = [
  ['register', 'deviceCode'],
  ['deviceAuthorization', 'deviceCode'],
  ['devicePoll', 'deviceCode'],
  ['codeExchange', 'authorizationCode'],
] as const;

const codes = [
  ...['invalid_grant', 'expired_token', 'access_denied', 'invalid_client', 'unauthorized_client'],
  ...['invalid_scope', 'invalid_request', 'invalid_dpop_proof', 'login_required', 'too_many_moons'],
] as const;

const rows = providers.flatMap((provider) =>
  steps
    .filter(([step]) => provider === 'identityCenter' || step !== 'register')
    .flatMap(([step, flow]) => codes.map((code) => ({ provider, step, flow, code }))),
);

/** `oauthRefusal.test.ts` holds what each cell of the table means; this holds that every request asks its own cell. */
describe('F4, F5, F7, F10, F13: a refusal on the wire', () => {
  test.each(rows)('$code at $provider, $step', async ({ provider, step, flow, code }) => {
    using product = scene.window();
    const body = JSON.stringify({ error: code, error_description: 'Kein Zutritt.' });
    scene.sandbox.faults.add({ at: operationOf(provider, step), times: Infinity, status: 400, body });
    const failure = await product.failureOf(signInBy(scene, product, { provider, flow }, noSignal));
    const refusal = new OAuthRefusal(code, { status: 400, description: 'Kein Zutritt.' });
    const { kind, facts } = meaningOf(refusal, { provider, step });
    expect(failure.kind).toBe(kind);
    if (facts.reason !== undefined) expect(failure.facts.reason).toBe(facts.reason);
    expect([failure.facts.code, failure.facts.description]).toEqual([code, 'Kein Zutritt.']);
    expect((await product.sessions.list()).sessions).toEqual([]);
  });
});
