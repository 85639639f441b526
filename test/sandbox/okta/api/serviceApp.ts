import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';

/** An *API Services* app of the organization, as its administrator configured it; changed in place. */
export interface ServiceApp {
  readonly clientId: string;
  /** The private key in the two formats that Okta shows once. */
  readonly privateKeyJwk: string;
  readonly privateKeyPem: string;
  /** Granted scopes (*Okta API Scopes*). */
  granted: string[];
  /** Whether a role is assigned on *Admin roles*. */
  hasRole: boolean;
  requiresDpop: boolean;
  /** Whether the app has the type *API Services*. */
  isService: boolean;
  /** Whether its public key is registered. */
  hasKey: boolean;
  /** Okta's response to a token request (RFC 6749, 4.4, with RFC 7523). */
  answer(form: URLSearchParams): readonly [status: number, body: object];
  /** The scopes of an access token; undefined if it was not issued here. */
  scopesOf(accessToken: string): readonly string[] | undefined;
}

const KID = 'sandbox-service-key';

/** @param origin address of the organization; @param now epoch milliseconds */
export function createServiceApp(origin: string, now: () => number): ServiceApp {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicKey = createPublicKey(privateKey);
  const tokens = new Map<string, readonly string[]>();
  const used = new Set<unknown>();
  const app: ServiceApp = {
    clientId: '0oa1devsandbox0srvc7',
    privateKeyJwk: JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: KID }),
    privateKeyPem: String(privateKey.export({ format: 'pem', type: 'pkcs8' })),
    granted: [
      'okta.apps.read',
      'okta.authorizationServers.read',
      'okta.groups.read',
      'okta.logs.read',
      'okta.policies.read',
      'okta.users.read',
    ],
    hasRole: true,
    requiresDpop: false,
    isService: true,
    hasKey: true,
    answer(form) {
      const assertion = form.get('client_assertion') ?? '';
      const [head = '', payload = '', signature = ''] = assertion.split('.');
      const header = parsed(head);
      const claims = parsed(payload);
      if (claims['iss'] !== app.clientId || claims['sub'] !== app.clientId)
        return refused(401, 'invalid_client', 'Invalid value for ‘client_id’ parameter.');
      if (!app.hasKey)
        return refused(
          401,
          'invalid_client',
          'The client does not have a JWKSet configured, but the client_assertion requires one.',
        );
      const isSigned =
        header['alg'] === 'ES256' &&
        (header['kid'] === undefined || header['kid'] === KID) &&
        verify(
          'sha256',
          Buffer.from(`${head}.${payload}`),
          { key: publicKey, dsaEncoding: 'ieee-p1363' },
          Buffer.from(signature, 'base64url'),
        );
      if (!isSigned || claims['aud'] !== `${origin}/oauth2/v1/token` || used.has(claims['jti']))
        return refused(401, 'invalid_client', 'The client_assertion signature is invalid.');
      used.add(claims['jti']);
      const seconds = now() / 1000;
      if (Number(claims['exp']) <= seconds)
        return refused(401, 'invalid_client', 'The client_assertion token is expired.');
      if (Number(claims['iat']) > seconds + 300)
        return refused(401, 'invalid_client', 'The client_assertion token is issued in the future.');
      if (!app.isService)
        return refused(
          400,
          'unauthorized_client',
          'The client is not authorized to use the provided grant type.',
        );
      if (app.requiresDpop)
        return refused(400, 'invalid_dpop_proof', 'The DPoP proof JWT header is missing.');
      const wanted = (form.get('scope') ?? '').split(' ');
      if (form.get('grant_type') !== 'client_credentials' || wanted.some((one) => !app.granted.includes(one)))
        return refused(
          400,
          'invalid_scope',
          'One or more scopes are not configured for the authorization server resource.',
        );
      const token = `${head}.${crypto.randomUUID()}`;
      tokens.set(token, wanted);
      return [200, { token_type: 'Bearer', expires_in: 3600, access_token: token, scope: wanted.join(' ') }];
    },
    scopesOf: (accessToken) => tokens.get(accessToken),
  };
  return app;
}

function refused(status: number, error: string, description: string): readonly [number, object] {
  return [status, { error, error_description: description }];
}

function parsed(part: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
  } catch {
    return {};
  }
}
