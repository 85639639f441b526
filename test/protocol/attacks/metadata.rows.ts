import type { SignInErrorKind } from '../../../src/core/oauth/errors.ts';
import { deepJson, html, json, tenMegabytes } from './changes.ts';
import type { Change } from './changes.ts';
import type { Row } from './row.ts';

/** Modified metadata of an Okta organization. */
interface MetadataRow extends Row {
  /** The issuer's address; `https://id.example.com` by default. */
  readonly organization?: string;
  readonly change: (origin: string) => Change;
  readonly outcome: SignInErrorKind | 'signedIn';
  readonly reason?: string;
}

const refused = { expected: 'rejected without further requests', tokenRequests: 0 } as const;
const mismatch = { ...refused, outcome: 'metadataMismatch' } as const;
const otherIssuer = { ...mismatch, source: 'RFC 8414, 3.3', reason: 'issuer' } as const;
const foreign = { ...mismatch, source: 'RFC 9700, 4.4.2.1', reason: 'foreignEndpoint' } as const;
const noEndpoint = { ...mismatch, source: 'RFC 8414, 2', reason: 'noEndpoint' } as const;
const noS256 = { ...mismatch, source: 'RFC 9700, 2.1.1', reason: 'noS256' } as const;
const missing = {
  ...refused,
  source: 'OpenID Connect Discovery 1.0, 4.2',
  outcome: 'metadataMissing',
} as const;
/** A response that is not JSON comes from a proxy or captive portal, not from the server. */
const between = { ...missing, outcome: 'proxy' } as const;
/** A truncated document says nothing about the issuer. */
const cutOff = { ...missing, outcome: 'invalidResponse' } as const;
const accepted = { expected: 'signs in', outcome: 'signedIn', tokenRequests: 1 } as const;

const members =
  (change: (origin: string) => Readonly<Record<string, unknown>>) =>
  (origin: string): Change => ({ members: change(origin) });
const answer = (change: object) => (): Change => ({ answer: change });
const token = (address: (origin: string) => unknown) =>
  members((origin) => ({ token_endpoint: address(origin) }));
const path = '/oauth2/aus1devsandbox0oidc7/v1/token';
const over = (origin: string, change: string): string => origin.replace('https://', change) + path;

export const metadataRows: readonly MetadataRow[] = [
  {
    ...otherIssuer,
    source: 'OpenID RP test: oidcc-client-test-discovery-issuer-mismatch',
    done: 'metadata of another issuer',
    change: members(() => ({ issuer: 'https://attacker.example' })),
  },
  {
    ...accepted,
    source: 'RFC 8414, 3.3',
    done: 'metadata of the issuer with a trailing slash',
    expected: 'signs in: the same issuer in another spelling',
    change: members((origin) => ({ issuer: `${origin}/oauth2/aus1devsandbox0oidc7/` })),
  },
  {
    ...otherIssuer,
    done: 'metadata of the issuer in upper case',
    change: members((origin) => ({ issuer: `${origin}/oauth2/aus1devsandbox0oidc7`.toUpperCase() })),
  },
  {
    ...otherIssuer,
    done: 'metadata of the issuer over http',
    change: members((origin) => ({
      issuer: `${origin}/oauth2/aus1devsandbox0oidc7`.replace('https', 'http'),
    })),
  },
  { ...missing, done: 'metadata without an issuer', change: members(() => ({ issuer: undefined })) },
  { ...missing, done: 'metadata with a list as issuer', change: members(() => ({ issuer: [] })) },

  {
    ...foreign,
    done: 'a token endpoint over http',
    reason: 'plainHttp',
    change: token((origin) => over(origin, 'http://')),
  },
  {
    ...foreign,
    done: 'a token endpoint on another host',
    change: token(() => `https://attacker.example${path}`),
  },
  {
    ...foreign,
    done: 'a token endpoint on a host that starts like the issuer',
    change: token((origin) => `${origin}.attacker.example${path}`),
  },
  {
    ...foreign,
    done: 'a token endpoint on a host that ends like the issuer',
    change: token(() => `https://id-example.com${path}`),
  },
  {
    ...foreign,
    done: 'a token endpoint on a host that resembles the issuer',
    change: token(() => `https://id.exаmple.com${path}`),
  },
  {
    ...foreign,
    done: 'a token endpoint on another port',
    change: token((origin) => `${origin}:8443${path}`),
  },
  {
    ...foreign,
    done: 'a token endpoint on this machine',
    change: token(() => `http://localhost:9${path}`),
  },
  {
    ...foreign,
    done: 'a token endpoint at an IP address',
    change: token(() => `https://203.0.113.7${path}`),
  },
  {
    ...foreign,
    done: 'a token endpoint with a user name',
    change: token((origin) => over(origin, 'https://attacker.example@')),
  },
  {
    ...foreign,
    done: 'a token endpoint whose user name is the issuer',
    change: token((origin) => `${origin}@attacker.example${path}`),
  },
  { ...foreign, done: 'a token endpoint in data:', change: token(() => 'data:application/json,{}') },
  {
    ...foreign,
    source: 'RFC 9700, 4.4.1',
    done: 'an authorization endpoint on another host (mix-up)',
    change: members(() => ({ authorization_endpoint: 'https://attacker.example/authorize' })),
  },
  {
    ...foreign,
    done: 'an authorization endpoint in javascript:',
    change: members(() => ({ authorization_endpoint: 'javascript:alert(1)' })),
  },
  {
    ...foreign,
    done: 'a revocation endpoint on another host',
    change: members(() => ({ revocation_endpoint: 'https://attacker.example/revoke' })),
  },
  {
    ...foreign,
    done: 'a device authorization endpoint on another host',
    change: members(() => ({ device_authorization_endpoint: 'https://attacker.example/device' })),
  },
  {
    ...foreign,
    source: 'docs/PROTOCOL.md, 2',
    done: "a token endpoint at another customer of the issuer's vendor",
    organization: 'https://dev-1.okta.com',
    change: token(() => `https://dev-2.okta.com${path}`),
  },
  // Regression: only the label right below a vendor domain counted as shared, so code and verifier went to a
  // deeper neighbor.
  {
    ...foreign,
    source: 'docs/PROTOCOL.md, 2',
    done: 'a token endpoint at another customer in the same region of a vendor',
    organization: 'https://acme.eu.auth0.com',
    change: token(() => `https://attacker.eu.auth0.com${path}`),
  },
  {
    ...foreign,
    source: 'docs/PROTOCOL.md, 2',
    done: 'a token endpoint at another user pool of a region',
    organization: 'https://acme.auth.eu-central-1.amazoncognito.com',
    change: token(() => `https://attacker.auth.eu-central-1.amazoncognito.com${path}`),
  },
  {
    ...foreign,
    source: 'docs/PROTOCOL.md, 2',
    done: 'a token endpoint at another name of a country',
    organization: 'https://acme.co.uk',
    change: token(() => `https://attacker.co.uk${path}`),
  },
  {
    ...accepted,
    source: 'docs/PROTOCOL.md, 2',
    done: 'a token endpoint on another host of the organization',
    change: token(() => `https://login.example.com${path}`),
  },
  {
    ...accepted,
    source: 'docs/PROTOCOL.md, 2',
    done: "a token endpoint below the issuer's host",
    change: token(() => `https://eu.id.example.com${path}`),
  },

  { ...noEndpoint, done: 'metadata without a token endpoint', change: token(() => undefined) },
  { ...noEndpoint, done: 'a number as token endpoint', change: token(() => 7) },
  { ...noEndpoint, done: 'a token endpoint without a host', change: token(() => path) },
  {
    ...noEndpoint,
    done: 'metadata without an authorization endpoint',
    change: members(() => ({ authorization_endpoint: undefined })),
  },
  {
    ...accepted,
    source: 'RFC 8414, 2',
    done: 'an empty revocation endpoint',
    expected: 'signs in: the endpoint is optional',
    change: members(() => ({ revocation_endpoint: '' })),
  },

  {
    ...noS256,
    done: 'metadata without challenge methods',
    change: members(() => ({ code_challenge_methods_supported: undefined })),
  },
  {
    ...noS256,
    done: 'metadata with plain only (PKCE downgrade)',
    change: members(() => ({ code_challenge_methods_supported: ['plain'] })),
  },
  {
    ...noS256,
    done: 'challenge methods as text',
    change: members(() => ({ code_challenge_methods_supported: 'S256' })),
  },

  {
    ...between,
    source: 'RFC 9700, 4.12',
    done: 'metadata that redirects (302)',
    change: answer({ status: 302, headers: { location: 'https://attacker.example/metadata' }, body: '' }),
  },
  { ...missing, done: 'no metadata (404)', change: answer({ status: 404, body: '{}' }) },
  { ...between, done: 'a page instead of metadata', change: answer({ headers: html, body: '<p>Hello' }) },
  {
    ...accepted,
    source: 'RFC 8414, 3.2',
    done: 'metadata with the content type of a page',
    expected: 'signs in based on the content',
    change: answer({ headers: html }),
  },
  { ...cutOff, done: 'metadata that is cut off', change: answer({ headers: json, body: '{"issuer":' }) },
  { ...missing, done: 'a list instead of metadata', change: answer({ headers: json, body: '[]' }) },
  { ...missing, done: 'null instead of metadata', change: answer({ headers: json, body: 'null' }) },
  { ...between, done: 'nothing at all', change: answer({ headers: json, body: '' }) },
  { ...missing, done: 'deeply nested JSON', change: answer({ headers: json, body: deepJson }) },
  {
    ...refused,
    source: 'docs/PROTOCOL.md, 2',
    done: 'metadata of ten megabytes',
    outcome: 'invalidResponse',
    reason: 'tooLarge',
    change: answer({ headers: json, body: tenMegabytes }),
  },
];
