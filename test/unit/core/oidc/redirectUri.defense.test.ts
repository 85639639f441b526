import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { decideDefense, ownRedirectPath } from '../../../../src/core/oidc/redirectUri.ts';
import { parseRecord, recordOf } from '../../../../src/core/session/sessionRecord.ts';
import { oktaSession } from '../../fakes/examples.ts';

const okta = 'https://example.okta.com/oauth2/aus1a2b3c4d5';
const custom = 'https://login.example.com/oauth2/aus1a2b3c4d5';

describe('decideDefense: 01.20: a sign-in is kept apart', () => {
  test.each([
    // issuer, announces iss, named by the policy, own redirect URI, and what follows
    [okta, false, false, 'notRegistered', 'okta'],
    [okta, false, false, 'registered', 'okta'],
    [okta, true, false, 'notRegistered', 'iss'],
    ['https://example.oktapreview.com', false, false, 'notKnown', 'okta'],
    ['https://example.okta-emea.com/oauth2/default', false, false, 'notKnown', 'okta'],
    ['https://agency.okta-gov.com/oauth2/default', false, false, 'notKnown', 'okta'],
    ['https://agency.okta.mil', false, false, 'notKnown', 'okta'],
    // A10: what customers of Okta program is not an authorization server of Okta's.
    ['https://evil.workflows.okta.com/api/flo/a1/invoke', false, false, 'notKnown', 'confirm'],
    ['https://a.example.oktapreview.com', false, false, 'notRegistered', 'confirm'],
    [custom, true, false, 'notRegistered', 'iss'],
    [custom, true, true, 'registered', 'iss'],
    [custom, false, false, 'registered', 'ownRedirectUri'],
    [custom, false, true, 'registered', 'ownRedirectUri'],
    [custom, false, true, 'notRegistered', 'policy'],
    [custom, false, true, 'notKnown', 'policy'],
    [custom, false, false, 'notRegistered', 'confirm'],
    [custom, false, false, 'notKnown', 'confirm'],
    ['https://okta.com', false, false, 'notKnown', 'confirm'],
    ['https://example.okta.com.evil.example', false, false, 'notKnown', 'confirm'],
    ['https://example-okta.com', false, false, 'notKnown', 'confirm'],
    ['https://okta.com.evil.example/example.okta.com', false, false, 'notKnown', 'confirm'],
    ['http://127.0.0.1:3000/oauth2/aus1', false, false, 'notRegistered', 'confirm'],
    ['http://127.0.0.1:3000/oauth2/aus1', false, false, 'registered', 'ownRedirectUri'],
    ['http://localhost:3000/oauth2/aus1', true, false, 'notKnown', 'iss'],
    ['http://[::1]:3000/oauth2/aus1', false, true, 'notRegistered', 'policy'],
  ] as const)('%s, iss %s, in the policy %s, own redirect URI %s: %s', (...row) => {
    const [issuer, issParameter, isNamed, registration, decision] = row;
    const allowedIssuers = isNamed ? ['https://other.example', issuer] : ['https://other.example'];
    expect(decideDefense({ issuer, issParameter, allowedIssuers }, registration)).toBe(decision);
  });

  test('without a policy file as with one that does not name the issuer', () => {
    expect(decideDefense({ issuer: custom, issParameter: false }, 'notKnown')).toBe('confirm');
  });
});

test('the path of its own is the first 16 hex digits of SHA-256(issuer)', async () => {
  const expected = createHash('sha256').update(custom).digest('hex').slice(0, 16);
  expect(await ownRedirectPath(custom)).toBe(`/oauth/callback/${expected}`);
  expect(await ownRedirectPath(`${custom}x`)).not.toBe(`/oauth/callback/${expected}`);
});

test('a slash at the end of the issuer that a server names changes neither the path nor whom the policy names', async () => {
  expect(await ownRedirectPath(`${custom}/`)).toBe(await ownRedirectPath(custom));
  expect(await ownRedirectPath('https://example.eu.auth0.com/')).toBe(
    await ownRedirectPath('https://example.eu.auth0.com'),
  );
  const details = { issuer: `${custom}/`, issParameter: false, allowedIssuers: [custom] };
  expect(decideDefense(details, 'notRegistered')).toBe('policy');
});

describe('parseRecord: the record of a session', () => {
  test.each(['iss', 'okta', 'ownRedirectUri', 'policy', 'confirmed'] as const)('keeps %s', (defense) => {
    const session = { ...oktaSession, redirect: { uri: 'http://localhost:2128/oauth/callback', defense } };
    expect(parseRecord(recordOf(session))).toEqual(session);
  });

  test('of 0.1.0, without it, is read', () => {
    expect(parseRecord(recordOf(oktaSession))).toEqual(oktaSession);
  });
});
