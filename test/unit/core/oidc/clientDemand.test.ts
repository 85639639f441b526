import { describe, expect, test } from 'vitest';
import { OAuthErrorResponse } from '../../../../src/core/oauth/errorResponse.ts';
import type { RedirectRegistration } from '../../../../src/core/oauth/userInteraction.ts';
import type { ClientDemand } from '../../../../src/core/oidc/authorizationServerRecord.ts';
import { probeForDemand, demandAtPage, demandOf } from '../../../../src/core/oidc/clientDemand.ts';
import { authorizationServer } from '../../fakes/examples.ts';
import { fakeHttp } from '../../fakes/fakeHttp.ts';

const never = new AbortController().signal;
const generic = { ...authorizationServer, mayDemand: [] };
const refusal = (error: string, description?: string): OAuthErrorResponse =>
  new OAuthErrorResponse(error, { operation: 'token', status: 400, ...(description && { description }) });

describe('demandOf', () => {
  // Messages from vendors; the last column is what the user sees.
  test.each<readonly [string, string | undefined, ClientDemand]>([
    [
      'invalid_client',
      "AADSTS7000218: The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
      'clientSecret',
    ],
    ['unauthorized_client', 'Client secret not provided in request', 'clientSecret'],
    ['unauthorized_client', 'Invalid client or Invalid client credentials', 'clientSecret'],
    ['invalid_request', 'client_secret is missing.', 'clientSecret'],
    ['invalid_client', 'Parameter client_assertion_type is missing', 'privateKeyJwt'],
    ['access_denied', 'Unauthorized', 'clientSecret'],
    ['invalid_client', undefined, 'clientSecret'],
    ['invalid_client', 'client certificate was not provided', 'clientCertificate'],
    ['invalid_dpop_proof', 'The DPoP proof JWT header is missing.', 'dpop'],
    ['invalid_request', 'DPoP proof is missing', 'dpop'],
    ['use_dpop_nonce', undefined, 'dpop'],
  ])('%s, %s: %s', (error, description, reason) => {
    const kind = reason === 'dpop' ? 'requestRefused' : 'registrationRefused';
    expect(demandOf(refusal(error, description), generic)).toMatchObject({ kind, details: { reason } });
  });

  test.each<readonly [string, string | undefined]>([
    ['invalid_grant', 'The authorization code is invalid or has expired.'],
    ['invalid_grant', 'client secret'],
    ['access_denied', 'The user denied the request.'],
    ['unauthorized_client', 'The client may not use this grant type.'],
    ['invalid_request', undefined],
    ['authorization_pending', undefined],
  ])('%s, %s: not a requirement', (error, description) => {
    expect(demandOf(refusal(error, description), generic)).toBeUndefined();
  });

  test('uses the metadata if the message says nothing', () => {
    const server = { ...authorizationServer, mayDemand: ['dpop', 'privateKeyJwt'] as const };
    expect(demandOf(refusal('invalid_client'), server)?.details.reason).toBe('privateKeyJwt');
  });

  // According to Okta's support, one code has the first three; the fourth is for an unknown client.
  test.each<readonly [string, string | undefined, ClientDemand | undefined]>([
    ['invalid_client', 'The client secret supplied for a confidential client is invalid.', 'clientSecret'],
    [
      'invalid_client',
      'Client authentication failed. Either the client or the client credentials are invalid.',
      'clientSecret',
    ],
    ['invalid_client', 'No client credentials found.', 'clientSecret'],
    ['invalid_client', "Invalid value for 'client_id' parameter.", undefined],
    ['invalid_client', undefined, undefined],
    ['invalid_request', 'Cannot supply multiple client credentials.', undefined],
    ['access_denied', 'Unauthorized', undefined],
  ])(
    'an Okta application that requires a secret is not reported as unknown: %s, %s',
    (error, description, reason) => {
      expect(demandOf(refusal(error, description), authorizationServer)?.details.reason).toBe(reason);
    },
  );

  test('is undefined for anything but an error response', () => {
    expect(demandOf(new Error('network'), generic)).toBeUndefined();
  });
});

describe('demandAtPage', () => {
  test.each<readonly [string, string | undefined, 'par' | 'jar' | undefined]>([
    ['invalid_request', 'Pushed Authorization Request must be used', 'par'],
    ['invalid_request', 'PAR is required by this client', 'par'],
    ['invalid_request', 'Request Object must be used by this client', 'jar'],
    ['invalid_request', 'missing required parameter: scope', undefined],
    ['invalid_request', undefined, undefined],
    ['access_denied', 'Pushed Authorization Request must be used', undefined],
  ])('%s, %s: %s', (error, description, reason) => {
    expect(demandAtPage(refusal(error, description))?.details.reason).toBe(reason);
  });
});

describe('probeForDemand', () => {
  const redirectUri = 'http://localhost:8008/oauth/callback';
  const ask = async (answer: unknown, registration: RedirectRegistration = 'registered') => {
    const { http, asked } = fakeHttp(answer);
    const finding = Promise.resolve({ redirectUri, registration });
    const client = { http, server: generic, clientId: 'developer-sign-in' };
    const demand = await probeForDemand(client, redirectUri, finding, never);
    return { reason: demand?.details.reason, asked };
  };
  const answer = (body: object, status = 400) => Response.json(body, { status });

  test('sends a made-up code with PKCE and without a secret', async () => {
    const { asked } = await ask(answer({ error: 'invalid_grant' }));
    const [[address, form] = ['', new URLSearchParams()]] = asked;
    expect(address).toBe(`POST ${authorizationServer.tokenEndpoint}`);
    expect([...form.keys()].toSorted()).toEqual([
      'client_id',
      'code',
      'code_verifier',
      'grant_type',
      'redirect_uri',
    ]);
  });

  test.each<readonly [string, object, number, RedirectRegistration, ClientDemand | undefined]>([
    ['refused for the code', { error: 'invalid_grant' }, 400, 'registered', undefined],
    [
      'refused for the client, which is known',
      { error: 'invalid_client' },
      401,
      'registered',
      'clientSecret',
    ],
    ['refused for the client, which may be unknown', { error: 'invalid_client' }, 401, 'notKnown', undefined],
    [
      'refused in words, which need no other sign',
      { error: 'invalid_client', error_description: 'client_secret is missing' },
      401,
      'notKnown',
      'clientSecret',
    ],
    ['refused for want of DPoP', { error: 'invalid_dpop_proof' }, 400, 'notKnown', 'dpop'],
    ['not refused at all', { access_token: 'x', token_type: 'bearer' }, 200, 'registered', undefined],
    ['failed', { error: 'server_error' }, 500, 'registered', undefined],
  ])('%s', async (_what, body, status, registration, reason) => {
    expect((await ask(answer(body, status), registration)).reason).toBe(reason);
  });

  test('is inconclusive without a connection', async () => {
    expect((await ask(new Error('ENOTFOUND'))).reason).toBeUndefined();
  });
});
