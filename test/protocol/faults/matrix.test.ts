import { describe, expect, test } from 'vitest';
import { dialects } from '../../../src/core/oauth/errorMeanings.ts';
import { meaningOf, OAuthErrorResponse } from '../../../src/core/oauth/errorResponse.ts';
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
const description = 'Kein Zutritt.';
const dialectOf = { identityCenter: dialects.ssoOidc, okta: dialects.okta };
const meaningAt = ({ provider, step, code }: (typeof rows)[number]) =>
  meaningOf(new OAuthErrorResponse(code, { status: 400, description }), {
    dialect: dialectOf[provider],
    step,
  });
/** A device grant that the application lacks, or a client that is not known there, is for the browser to tell. */
const leadsOn = (row: (typeof rows)[number]): boolean => {
  const { kind, details } = meaningAt(row);
  const isAtStart = row.provider === 'okta' && row.step === 'deviceAuthorization';
  return isAtStart && (kind === 'registrationRefused' || details.reason === 'deviceGrant');
};

/** `errorResponse.test.ts` holds what each cell of the table means; this holds that every request asks its own cell. */
describe('F4, F5, F7, F10, F13: a refusal on the wire', () => {
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
    '$code at $provider, $step, leads on to the browser',
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
