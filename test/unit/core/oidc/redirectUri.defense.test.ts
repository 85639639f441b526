import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { findSignInError } from '../../../../src/core/oauth/errors.ts';
import type { RedirectRegistration } from '../../../../src/core/oauth/userInteraction.ts';
import type { HttpFetch } from '../../../../src/core/ports.ts';
import { chooseRedirect, ownRedirectPath } from '../../../../src/core/oidc/redirectUri.ts';
import { parseRecord, recordOf } from '../../../../src/core/session/sessionRecord.ts';
import { redirectTo } from '../../fakes/answeringHttp.ts';
import { authorizationServer, january, oktaSession } from '../../fakes/examples.ts';
import { fakeClock } from '../../fakes/fakeClock.ts';
import { fakePerson } from '../../fakes/fakePerson.ts';

const okta = 'https://example.okta.com/oauth2/aus1a2b3c4d5';
const custom = 'https://login.example.com/oauth2/aus1a2b3c4d5';

interface Issuer {
  readonly issuer: string;
  readonly issParameter: boolean;
  readonly allowedIssuers?: readonly string[];
}

/** The chosen defense, by the status of the issuer's own redirect URI; `confirm` if the user declines the question. */
async function defenseOf(
  { issuer, issParameter, allowedIssuers }: Issuer,
  registration: RedirectRegistration,
): Promise<string> {
  const server = { ...authorizationServer, issuer, issParameter };
  const http: HttpFetch = async (url) => {
    const redirectUri = new URL(url).searchParams.get('redirect_uri') ?? '';
    if (registration === 'registered') return redirectTo(`${redirectUri}?error=login_required`);
    return new Response(null, { status: registration === 'notRegistered' ? 400 : 500 });
  };
  const person = fakePerson();
  person.distrust();
  const application = { server, clientId: 'client-1', scopes: [] };
  const choice = {
    application,
    allowedIssuers,
    host: 'localhost',
    port: 8008,
    otherPorts: [],
    isTrusted: false,
  } as const;
  const { signal } = new AbortController();
  return chooseRedirect({ clock: fakeClock(january), http, user: person }, choice, signal).then(
    ({ defense }) => defense,
    (error: unknown) =>
      findSignInError(error)?.details.reason === 'issuerNotTrusted' ? 'confirm' : String(error),
  );
}

describe('chooseRedirect: 01.20: a sign-in is kept apart', () => {
  test.each([
    // issuer, lists iss, in the policy, issuer-specific redirect URI, and the result
    [okta, false, false, 'notRegistered', 'okta'],
    [okta, false, false, 'registered', 'okta'],
    [okta, true, false, 'notRegistered', 'iss'],
    ['https://example.oktapreview.com', false, false, 'notKnown', 'okta'],
    ['https://example.okta-emea.com/oauth2/default', false, false, 'notKnown', 'okta'],
    ['https://agency.okta-gov.com/oauth2/default', false, false, 'notKnown', 'okta'],
    ['https://agency.okta.mil', false, false, 'notKnown', 'okta'],
    // A10: servers programmed by Okta's customers are not Okta's authorization servers.
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
  ] as const)('%s, iss %s, in the policy %s, own redirect URI %s: %s', async (...row) => {
    const [issuer, issParameter, isNamed, registration, decision] = row;
    const allowedIssuers = isNamed ? ['https://other.example', issuer] : ['https://other.example'];
    expect(await defenseOf({ issuer, issParameter, allowedIssuers }, registration)).toBe(decision);
  });

  test('without a policy file as with one that does not name the issuer', async () => {
    expect(await defenseOf({ issuer: custom, issParameter: false }, 'notKnown')).toBe('confirm');
  });
});

test('the issuer-specific path is the first 16 hex digits of SHA-256(issuer)', async () => {
  const expected = createHash('sha256').update(custom).digest('hex').slice(0, 16);
  expect(await ownRedirectPath(custom)).toBe(`/oauth/callback/${expected}`);
  expect(await ownRedirectPath(`${custom}x`)).not.toBe(`/oauth/callback/${expected}`);
});

test("a trailing slash of the server's issuer changes neither the path nor the policy match", async () => {
  expect(await ownRedirectPath(`${custom}/`)).toBe(await ownRedirectPath(custom));
  expect(await ownRedirectPath('https://example.eu.auth0.com/')).toBe(
    await ownRedirectPath('https://example.eu.auth0.com'),
  );
  const details = { issuer: `${custom}/`, issParameter: false, allowedIssuers: [custom] };
  expect(await defenseOf(details, 'notRegistered')).toBe('policy');
});

describe('parseRecord: the record of a session', () => {
  test.each(['iss', 'okta', 'ownRedirectUri', 'policy', 'confirmed'] as const)('keeps %s', (defense) => {
    const session = { ...oktaSession, redirect: { uri: 'http://localhost:2128/oauth/callback', defense } };
    expect(parseRecord(recordOf(session))).toEqual(session);
  });

  test('of 0.1.0, without it, can be read', () => {
    expect(parseRecord(recordOf(oktaSession))).toEqual(oktaSession);
  });
});
