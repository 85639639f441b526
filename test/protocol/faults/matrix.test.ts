import { describe, expect, test } from 'vitest';
import { dialects } from '../../../src/core/oauth/errorMeanings.ts';
import { meaningOf, OAuthErrorResponse } from '../../../src/core/oauth/errorResponse.ts';
import { noSignal, providers, useSandbox } from '../scene.ts';
import { operationOf } from '../world/worldAnswer.ts';
import { signInBy } from '../world/signInBy.ts';

const scene = useSandbox();

/** The single-request steps of a sign-in, with their flow. Refreshes have separate rows. */
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
const description = 'Kein Zutritt.';
const dialectOf = { identityCenter: dialects.ssoOidc, okta: dialects.okta };
const meaningAt = ({ provider, step, code }: (typeof rows)[number]) =>
  meaningOf(new OAuthErrorResponse(code, { status: 400, description }), {
    dialect: dialectOf[provider],
    step,
  });
/** If the application lacks the device grant, or is unknown there, the browser reports it. */
const leadsOn = (row: (typeof rows)[number]): boolean => {
  const { kind, details } = meaningAt(row);
  const isAtStart = row.provider === 'okta' && row.step === 'deviceAuthorization';
  return isAtStart && (kind === 'registrationRefused' || details.reason === 'deviceGrant');
};

/**
 * `errorResponse.test.ts` covers the meaning of each cell; this test verifies that every request uses its own
 * cell.
 */
describe('F4, F5, F7, F10, F13: an error response on the wire', () => {
  test.each(rows.filter((row) => !leadsOn(row)))('$code at $provider, $step', async (row) => {
    const { provider, step, flow, code } = row;
    using product = scene.window();
    const body = JSON.stringify({ error: code, error_description: description });
    scene.sandbox.faults.add({ at: operationOf(provider, step), times: Infinity, status: 400, body });
    const failure = await product.failureOf(signInBy(scene, product, { provider, flow }, noSignal));
    const { kind, details } = meaningAt(row);
    expect(failure.kind).toBe(kind);
    if (details.reason !== undefined) expect(failure.details.reason).toBe(details.reason);
    expect([failure.details.code, failure.details.description]).toEqual([code, description]);
    expect((await product.sessions.list()).sessions).toEqual([]);
  });

  test.each(rows.filter(leadsOn))(
    '$code at $provider, $step, continues in the browser',
    async ({ provider, step, flow, code }) => {
      using product = scene.window();
      const body = JSON.stringify({ error: code, error_description: description });
      scene.sandbox.faults.add({ at: operationOf(provider, step), times: Infinity, status: 400, body });
      const session = await signInBy(scene, product, { provider, flow }, noSignal);
      expect(session.type).toBe(provider);
      expect(scene.sandbox.requestLog.count(operationOf(provider, step))).toBe(1);
      expect(scene.sandbox.requestLog.count(operationOf(provider, 'codeExchange'))).toBe(1);
    },
  );
});
