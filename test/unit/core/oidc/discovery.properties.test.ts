import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSameOrganization } from '../../../../src/adapters/node/publicSuffixes.ts';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { checkMetadata, discover } from '../../../../src/core/oidc/discovery.ts';
import type { AuthorizationServer } from '../../../../src/core/oidc/authorizationServerRecord.ts';
import { parseIssuer } from '../../../../src/input/issuer.ts';
import { answeringHttp } from '../../fakes/answeringHttp.ts';

const issuer = 'https://login.example.com/oauth2/aus1';
const names = [
  'authorization_endpoint',
  'token_endpoint',
  'revocation_endpoint',
  'device_authorization_endpoint',
] as const;

/** Endpoints that resemble the issuer's own. */
const near = fc
  .tuple(
    fc.oneof(
      { weight: 6, arbitrary: fc.constant('https://') },
      fc.constantFrom('http://', 'javascript:', '//', ''),
    ),
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constantFrom(
          'login.example.com',
          'id.example.com',
          'a.login.example.com',
          'LOGIN.EXAMPLE.COM',
        ),
      },
      fc.constantFrom(
        'evil.example',
        'evilexample.com',
        'example.com.evil.example',
        'example.com',
        '127.0.0.1',
      ),
      fc.constantFrom('login.example.com@evil.example', 'ada@login.example.com', ':x@login.example.com'),
      fc.constantFrom(
        'login.example.com:8443',
        'login.example.com\\@evil.example',
        'login.example.com%2eevil',
      ),
      fc.domain(),
    ),
    fc.oneof({ weight: 2, arbitrary: fc.constant('/v1/x') }, fc.webPath()),
  )
  .map((parts) => parts.join(''));
const endpoint = fc.oneof({ weight: 9, arbitrary: near }, fc.webUrl(), fc.jsonValue({ maxDepth: 1 }));
const own = fc.constant(`${issuer}/v1/x`);
const right = { weight: 4, arbitrary: own };
const metadata = fc.record(
  {
    issuer: fc.oneof({ weight: 20, arbitrary: fc.constant(issuer) }, endpoint),
    authorization_endpoint: fc.oneof(right, endpoint),
    token_endpoint: fc.oneof(right, endpoint),
    revocation_endpoint: fc.oneof(right, endpoint),
    device_authorization_endpoint: fc.oneof(right, endpoint),
    code_challenge_methods_supported: fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom(['S256'], ['plain', 'S256']) },
      fc.jsonValue({ maxDepth: 1 }),
    ),
    authorization_response_iss_parameter_supported: fc.jsonValue({ maxDepth: 1 }),
  },
  {
    requiredKeys: ['issuer', 'authorization_endpoint', 'token_endpoint', 'code_challenge_methods_supported'],
  },
);
const anyMetadata = fc.oneof({ weight: 9, arbitrary: metadata }, fc.dictionary(fc.string(), fc.jsonValue()));

const isOwn = (text: string): boolean => {
  const url = new URL(text);
  return (
    url.protocol === 'https:' &&
    url.port === '' &&
    url.username === '' &&
    url.password === '' &&
    /(^|\.)(login\.example\.com|[^.]+\.example\.com)$/.test(url.hostname)
  );
};

describe('discover and checkMetadata', () => {
  test('any metadata is a server with only trusted endpoints, or a mismatch with its reason', async () => {
    const outcomes = { accepted: 0, issuer: 0, foreignEndpoint: 0, plainHttp: 0, noEndpoint: 0, noS256: 0 };
    await fc.assert(
      fc.asyncProperty(anyMetadata, async (given) => {
        let server: AuthorizationServer;
        try {
          server = await checkMetadata(issuer, given, isSameOrganization);
        } catch (error) {
          if (!(error instanceof SignInError) || error.kind !== 'metadataMismatch') throw error;
          outcomes[error.details.reason as keyof typeof outcomes]++;
          return true;
        }
        outcomes.accepted++;
        const { authorizationEndpoint, tokenEndpoint, revocationEndpoint, deviceAuthorizationEndpoint } =
          server;
        const optional = [revocationEndpoint, deviceAuthorizationEndpoint].filter((one) => one !== undefined);
        return (
          server.issuer === issuer &&
          typeof server.issParameter === 'boolean' &&
          [authorizationEndpoint, tokenEndpoint, ...optional].every(isOwn)
        );
      }),
      { numRuns: 10_000 },
    );
    // Every listed outcome occurred, and no other, so the property is meaningful.
    expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(20);
    expect(Object.keys(outcomes)).toHaveLength(6);
  });

  test('a single foreign endpoint rejects all of them', async () => {
    const good = Object.fromEntries(names.map((name) => [name, `${issuer}/v1/${name}`]));
    const rest = { issuer, code_challenge_methods_supported: ['S256'] };
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.webUrl(), async (name, elsewhere) => {
        try {
          await checkMetadata(issuer, { ...rest, ...good, [name]: elsewhere }, isSameOrganization);
        } catch (error) {
          return error instanceof SignInError && error.details.reason === 'foreignEndpoint';
        }
        return isOwn(elsewhere);
      }),
      { numRuns: 10_000 },
    );
  });

  test('F8: every accepted form of an issuer and its normal form lead to the same requests', async () => {
    const normal = fc.constantFrom(
      'https://example.okta.com/oauth2/aus1a2b3c4d5',
      'https://example.oktapreview.com/oauth2/default',
      'https://login.example.com/oauth2/aus1',
    );
    const places: readonly ((base: URL) => string)[] = [
      ({ href }) => href,
      ({ host, pathname }) => `${host}${pathname}`,
      ({ href }) => href.replace('https', 'http'),
      ({ href }) => `${href}/.well-known/openid-configuration`,
      ({ href }) => `${href}/.well-known/oauth-authorization-server`,
      ({ origin, pathname }) => `${origin}/.well-known/oauth-authorization-server${pathname}`,
      ({ origin, pathname }) => `${origin}/.well-known/openid-configuration${pathname}`,
      ...['authorize', 'token', 'keys', 'device/authorize'].map(
        (name) =>
          ({ href }: URL) =>
            `${href}/v1/${name}`,
      ),
      ({ origin, pathname }) => `${origin}${pathname.replace('/oauth2/', '/admin/oauth2/as/')}`,
    ];
    const behind = fc.constantFrom('', '/', '//', '?client_id=1', '#tab-settings', '?a#b', '/?', '#');
    const around = fc.constantFrom(
      ['', ''],
      ['"', '"'],
      ['\u201c', '\u201d,'],
      ['<', '>.'],
      ['\u200b', '\ufeff'],
      [' ', '\n'],
    );
    const requestsOf = async (text: string): Promise<readonly string[]> => {
      const { http, asked } = answeringHttp(() => new Response(null, { status: 404 }));
      await discover({ http, isSameOrganization }, parseIssuer(text), new AbortController().signal).catch(
        () => undefined,
      );
      return asked.map(([url]) => url.href);
    };
    await fc.assert(
      fc.asyncProperty(
        normal,
        fc.constantFrom(...places),
        behind,
        around,
        async (base, place, tail, [before, after]) => {
          const written = `${before}${place(new URL(base))}${tail}${after}`;
          expect(await requestsOf(written)).toEqual(await requestsOf(base));
        },
      ),
      { numRuns: 300 },
    );
  });
});
