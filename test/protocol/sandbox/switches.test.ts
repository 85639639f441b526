import { createHash, X509Certificate } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import type { Chain } from '../../sandbox/chain.ts';
import { parseIdpMetadata } from '../../sandbox/identityCenter/saml/idpMetadata.ts';
import { GUIDE_SCOPES } from '../../sandbox/okta/settings.ts';
import { parseSwitches, startBrokenChain, type SwitchName, switches } from '../../sandbox/switches.ts';
import { credentialsOf } from './chainWorld.ts';
import { ANA } from './identityCenterWorld.ts';
import { openIdSteps } from './openIdSteps.ts';
import { createPageBrowser } from './pageBrowser.ts';

const REDIRECT_URI = 'http://localhost:2128/oauth/callback';
const DAY_MS = 24 * 3600_000;

let running: Chain | undefined;

afterEach(() => running?.close());

/** The steps that fail for each switch, by the names of `steps` below. */
const BREAKS: Readonly<Record<SwitchName, readonly string[]>> = {
  'port-not-registered': ['ports', 'ownPorts'],
  'issuer-not-apart': ['ownPorts'],
  'unknown-client': ['client'],
  'wrong-issuer': ['issuer'],
  'issuer-differs': ['issuer'],
  'no-s256': ['s256'],
  'no-code-grant': ['codeGrant'],
  'refresh-not-ticked': ['refreshToken'],
  'scope-missing-in-rule': ['rule'],
  'openid-in-rule': ['narrowRule'],
  'not-assigned-oidc': ['assignedOidc'],
  // Unassigned users are deactivated, and the service rejects users that it no longer has.
  'not-assigned-saml': ['federatedSignIn', 'active', 'service'],
  'certificate-expired': ['certificate', 'federatedSignIn'],
  'certificate-expiring': ['certificate'],
  'certificate-renewed': ['federatedSignIn'],
  'saml-audience': ['federatedSignIn'],
  'saml-entity-id': ['metadata'],
  'saml-sign-on-url': ['signOnUrl'],
  'saml-binding': ['metadata'],
  'other-region': ['startUrl'],
  'registration-refused': ['registration'],
  'scim-slash': ['scim'],
  'scim-path': ['scim'],
  'scim-token-revoked': ['scim'],
  'scim-forbidden': ['scim'],
  'person-missing': ['person', 'federatedSignIn', 'service'],
  'person-deactivated': ['active', 'federatedSignIn', 'service'],
  'no-groups': ['groups', 'service'],
  'service-refuses': ['service'],
  'oidc-issuer-differs': ['openIdIssuer'],
  'oidc-no-s256': ['openIdS256'],
  'oidc-pushed-requests': ['openIdPlainRequests'],
  'oidc-keys-missing': ['openIdKeys'],
  'oidc-client-secret': ['openIdPublicClient'],
  'oidc-unknown-client': ['openIdClient'],
  'oidc-port-not-registered': ['openIdPorts'],
  'oidc-no-refresh-token': ['openIdRefreshToken'],
};

/** Steps that cannot work or be observed if another one is broken. */
const FOLLOWS: Readonly<Record<string, readonly string[]>> = {
  issuer: [
    's256',
    'codeGrant',
    'ports',
    'ownPorts',
    'client',
    'rule',
    'narrowRule',
    'assignedOidc',
    'refreshToken',
    'service',
  ],
  client: ['ports', 'ownPorts', 'rule', 'narrowRule', 'assignedOidc', 'refreshToken', 'service'],
  rule: ['assignedOidc', 'refreshToken', 'service'],
  assignedOidc: ['refreshToken', 'service'],
  startUrl: ['federatedSignIn'],
  registration: ['startUrl', 'federatedSignIn'],
  metadata: ['signOnUrl', 'certificate'],
  scim: ['person', 'active', 'groups'],
  person: ['active', 'groups'],
  openIdClient: ['openIdPorts', 'openIdPublicClient', 'openIdRefreshToken'],
  openIdPublicClient: ['openIdRefreshToken'],
};

it('all steps work without a switch', async () => {
  expect(await brokenSteps([])).toEqual([]);
  expect(parseSwitches('')).toEqual([]);
});

it('lists its switches in the error', () => {
  expect(parseSwitches('scim-slash,no-s256')).toEqual(['scim-slash', 'no-s256']);
  expect(() => parseSwitches('scim-slash,toString')).toThrow(
    /scim-token-revoked {2,}SCIM: the access token was/,
  );
});

it.each(Object.keys(switches) as SwitchName[])('%s breaks its step and no other', async (name) => {
  const broken = await brokenSteps([name]);
  const own = BREAKS[name];
  const following = own.flatMap((step) => FOLLOWS[step] ?? []);
  expect(broken).toEqual(expect.arrayContaining([...own]));
  expect(broken.filter((step) => !own.includes(step) && !following.includes(step))).toEqual([]);
});

async function brokenSteps(names: readonly SwitchName[]): Promise<readonly string[]> {
  running = await startBrokenChain(names);
  const broken: string[] = [];
  const checks = { ...steps(running), ...openIdSteps(running) };
  for (const [name, works] of Object.entries(checks)) {
    if (!(await works().catch(() => false))) broken.push(name);
  }
  return broken;
}

/** Steps that work with a correct setup, with the values that the administrator copied. */
function steps(chain: Chain): Readonly<Record<string, () => Promise<boolean>>> {
  const { okta, identityCenter } = chain.describe();
  const { federated } = identityCenter;
  const metadata = async (): Promise<Record<string, unknown>> =>
    (await (await fetch(`${okta.issuer}/.well-known/openid-configuration`)).json()) as Record<
      string,
      unknown
    >;
  const announces = async (member: string, value: string): Promise<boolean> =>
    ((await metadata())[member] as readonly string[]).includes(value);
  const verifier = 'verifier-that-is-long-enough-for-the-specification';
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const authorization = (changes: Record<string, string> = {}): string =>
    `${okta.issuer}/v1/authorize?${new URLSearchParams({
      client_id: okta.clientId,
      redirect_uri: REDIRECT_URI,
      response_type: 'code',
      scope: GUIDE_SCOPES.join(' '),
      state: 'state',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...changes,
    })}`;
  const answerTo = async (changes: Record<string, string>): Promise<string | null> => {
    const response = await fetch(authorization({ prompt: 'none', ...changes }), { redirect: 'manual' });
    const location = response.headers.get('location');
    return location === null ? null : new URL(location).searchParams.get('error');
  };
  const areRegistered = async (path: string): Promise<boolean> => {
    const ports = [2128, 4649, 6588, 8008, 9091, 49153, 50153, 51153, 52153, 53153];
    const uris = ports.map((port) => `http://localhost:${port}${path}`);
    const answers = await Promise.all(uris.map((uri) => answerTo({ redirect_uri: uri })));
    return answers.every((answer) => answer !== null);
  };
  const signIn = async (): Promise<URLSearchParams> => {
    const { location = '' } = await chain.okta.authorize(authorization(), ANA);
    return new URL(location).searchParams;
  };
  const tokens = async (): Promise<Record<string, unknown>> => {
    const code = (await signIn()).get('code') ?? '';
    const grant = { grant_type: 'authorization_code', redirect_uri: REDIRECT_URI, code_verifier: verifier };
    const body = new URLSearchParams({ ...grant, client_id: okta.clientId, code });
    return (await (await fetch(`${okta.issuer}/v1/token`, { method: 'POST', body })).json()) as Record<
      string,
      unknown
    >;
  };
  const api = async (path: string, body: object): Promise<Record<string, string>> => {
    const endpoint = identityCenter.endpoint.replace('{region}', federated.region);
    const response = await fetch(endpoint + path, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path} answered ${response.status}.`);
    return (await response.json()) as Record<string, string>;
  };
  const register = () =>
    api('/client/register', { clientName: 'x', clientType: 'public', scopes: ['codewhisperer:completions'] });
  const startDevice = async (): Promise<Record<string, string>> => {
    const { clientId, clientSecret } = await register();
    return api('/device_authorization', { clientId, clientSecret, startUrl: federated.startUrl });
  };
  const scim = async (path: string): Promise<readonly Record<string, unknown>[]> => {
    const headers = { authorization: `Bearer ${federated.scim.token}` };
    const response = await fetch(federated.scim.endpoint + path, { headers });
    if (!response.ok) throw new Error(`${path} answered ${response.status}.`);
    return ((await response.json()) as { Resources?: readonly Record<string, unknown>[] }).Resources ?? [];
  };
  const person = () => scim(`/Users?${new URLSearchParams({ filter: `userName eq "${ANA}"` })}`);
  const saved = () => parseIdpMetadata(okta.saml.metadataXml);

  return {
    issuer: async () => (await metadata())['issuer'] === okta.issuer,
    s256: () => announces('code_challenge_methods_supported', 'S256'),
    codeGrant: () => announces('grant_types_supported', 'authorization_code'),
    client: async () => (await answerTo({})) !== null,
    ports: () => areRegistered('/oauth/callback'),
    ownPorts: () => {
      const own = createHash('sha256').update(okta.issuer).digest('hex').slice(0, 16);
      return areRegistered(`/oauth/callback/${own}`);
    },
    rule: async () => (await answerTo({})) === 'login_required',
    narrowRule: async () =>
      (await answerTo({ scope: `${GUIDE_SCOPES.join(' ')} openid` })) === 'access_denied',
    assignedOidc: async () => (await signIn()).has('code'),
    refreshToken: async () => typeof (await tokens())['refresh_token'] === 'string',
    registration: async () => 'clientId' in (await register()),
    startUrl: async () => 'userCode' in (await startDevice()),
    metadata: async () => saved().entityId !== '',
    signOnUrl: async () => saved().signOnUrl === chain.samlApplication.signOnUrl,
    certificate: async () =>
      saved().certificates.every(
        (pem) => new X509Certificate(pem).validToDate.getTime() > Date.now() + 30 * DAY_MS,
      ),
    scim: async () => (await scim('/ServiceProviderConfig'), true),
    person: async () => (await person()).length === 1,
    active: async () => (await person())[0]?.['active'] === true,
    groups: async () => (await scim('/Groups')).length === 1,
    federatedSignIn: async () => {
      const inside = () => [chain.okta.origin, chain.identityCenter.origin];
      const browser = createPageBrowser({ inside });
      await browser.open((await startDevice())['verificationUriComplete'] ?? '');
      await browser.press('Confirm and continue');
      const page = await browser.press('Sign in', credentialsOf(ANA));
      return page.buttons.includes('Allow access');
    },
    service: async () => {
      const { access_token: token } = await tokens();
      const headers = { authorization: `Bearer ${String(token)}`, tokentype: 'EXTERNAL_IDP' };
      return (await fetch(okta.protectedUrl, { headers })).status === 200;
    },
  };
}
