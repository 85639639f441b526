import { type Chain, type ChainDescription, type ChainOptions, startChain } from './chain.ts';
import { GUIDE_PORTS, GUIDE_SCOPES, GUIDE_SETTINGS } from './okta/settings.ts';

/** A single mistake of an administrator: breaks one step of the setup, and leaves the others intact. */
interface Switch {
  /** A description of the mistake. */
  readonly what: string;
  /** Console settings that must be in place from the start. */
  readonly options?: Pick<ChainOptions, 'okta' | 'openIdConnect'> & {
    readonly certificateEndsInDays?: number;
  };
  /** Changes the running chain. */
  readonly make?: (chain: Chain) => void | Promise<void>;
  /** Values copied incorrectly from a console. */
  readonly typed?: (description: ChainDescription) => ChainDescription;
}

const DAY_MS = 24 * 3600_000;
const ANA = 'ana@example.com';

export const switches = {
  'port-not-registered': {
    what: `Okta: the redirect URI of port ${GUIDE_PORTS[3]} was not added`,
    options: {
      okta: {
        redirectUris: GUIDE_SETTINGS.redirectUris.filter((uri) => !uri.includes(`:${GUIDE_PORTS[3]}/`)),
      },
    },
  },
  'issuer-not-apart': {
    what: 'Okta: the issuer-specific redirect URIs were not added',
    options: { okta: { ownRedirectUris: false } },
  },
  'unknown-client': {
    what: 'Okta: the client ID belongs to another application',
    typed: okta(({ clientId }) => ({ clientId: clientId.replace(/.$/, '0') })),
  },
  'wrong-issuer': {
    what: 'Okta: the issuer belongs to another authorization server',
    typed: okta(({ issuer }) => ({ issuer: issuer.replace(/[^/]+$/, 'default') })),
  },
  'issuer-differs': {
    what: 'Okta: the issuer in the metadata differs from the requested one',
    make: metadata((document) => ({ ...document, issuer: 'https://company.okta.com/oauth2/default' })),
  },
  'no-s256': {
    what: 'Okta: the metadata does not list PKCE with S256',
    make: metadata((document) => ({ ...document, code_challenge_methods_supported: [] })),
  },
  'no-code-grant': {
    what: 'Okta: the metadata does not list the authorization code grant',
    make: metadata((document) => ({ ...document, grant_types_supported: ['implicit', 'refresh_token'] })),
  },
  'refresh-not-ticked': {
    what: 'Okta: Refresh Token is not selected under Grant type',
    options: { okta: { refreshTokens: false } },
  },
  'scope-missing-in-rule': {
    what: 'Okta: the rule is missing codewhisperer:conversations',
    options: { okta: { allowedScopes: GUIDE_SCOPES.filter((scope) => !scope.endsWith(':conversations')) } },
  },
  'openid-in-rule': {
    what: 'Okta: the rule also grants openid',
    options: { okta: { allowedScopes: [...GUIDE_SCOPES, 'openid'] } },
  },
  'not-assigned-oidc': {
    what: 'Okta: Ana is not assigned to the OIDC application',
    make: ({ okta: { assignments } }) => assignments.unassign('oidc', ANA),
  },
  'not-assigned-saml': {
    what: 'Okta: no user is assigned to the SAML application',
    async make({ okta: { assignments }, provisioning }) {
      assignments.unassign('saml', 'Developers');
      await provisioning.run();
    },
  },
  'certificate-expired': {
    what: 'Okta: the signing certificate of the SAML application has expired',
    options: { certificateEndsInDays: -1 },
  },
  'certificate-expiring': {
    what: 'Okta: the signing certificate of the SAML application expires in ten days',
    options: { certificateEndsInDays: 10 },
  },
  'certificate-renewed': {
    what: 'Okta: the signing certificate was renewed, but IAM Identity Center has the old metadata',
    make: ({ samlApplication }) => samlApplication.renewCertificate(Date.now() + 3650 * DAY_MS),
  },
  'saml-audience': {
    what: 'Okta: the issuer URL of IAM Identity Center is wrong on the Sign On tab',
    make: ({ samlApplication, federated: { acsUrl, issuerUrl } }) =>
      samlApplication.configure({ acsUrl, audience: `${issuerUrl}x` }),
  },
  'saml-entity-id': {
    what: 'metadata.xml: the entity ID is missing',
    make: savedMetadata((xml) => xml.replace(/ entityID="[^"]*"/, '')),
  },
  'saml-sign-on-url': {
    what: 'metadata.xml: the sign-on URL is not https',
    make: savedMetadata((xml) =>
      xml.replace(/Location="[^"]*"/g, 'Location="http://company.okta.com/sso/saml"'),
    ),
  },
  'saml-binding': {
    what: 'metadata.xml: the sign-on URL is for another binding',
    make: savedMetadata((xml) => xml.replace(/bindings:HTTP-(?:POST|Redirect)/g, 'bindings:SOAP')),
  },
  'other-region': {
    what: 'IAM Identity Center: the Region is wrong',
    typed: federated(() => ({ region: 'us-east-1' })),
  },
  'registration-refused': {
    what: 'IAM Identity Center: client registration is refused',
    make: ({ faults }) =>
      faults.add({
        at: 'identityCenter.registerClient',
        times: Infinity,
        status: 400,
        headers: { 'x-amzn-errortype': 'InvalidClientMetadataException' },
        body: JSON.stringify({ error: 'invalid_client_metadata' }),
      }),
  },
  'scim-slash': {
    what: 'SCIM: the endpoint has a trailing slash',
    typed: scim(({ endpoint }) => ({ endpoint: `${endpoint}/` })),
  },
  'scim-path': {
    what: 'SCIM: the endpoint is missing /v2',
    typed: scim(({ endpoint }) => ({ endpoint: endpoint.replace(/\/v2$/, '') })),
  },
  'scim-token-revoked': {
    what: 'SCIM: the access token was deleted in the console (401)',
    make: ({ federated: { scim: access } }) => access.revokeToken(),
  },
  'scim-forbidden': {
    what: 'SCIM: the access token does not allow this operation (403)',
    make: ({ federated: { scim: access } }) => access.forbid(true),
  },
  'person-missing': {
    what: 'IAM Identity Center: Ana was not provisioned',
    make: ({ federated: { store } }) => store.remove(store.userNamed(ANA)?.id ?? ''),
  },
  'person-deactivated': {
    what: 'IAM Identity Center: Ana was provisioned, then deactivated',
    make: (chain) => chain.deactivate(ANA),
  },
  'no-groups': {
    what: 'Okta: the group was not pushed',
    make: ({ federated: { store } }) => store.groups().forEach(({ id }) => store.remove(id)),
  },
  'service-refuses': {
    what: 'The service: the group was not added in its console',
    make: ({ federated: { entitledGroups } }) => entitledGroups.clear(),
  },
  'oidc-issuer-differs': {
    what: 'OpenID Connect: the issuer in the metadata differs from the requested one',
    make: openIdMetadata((document) => ({ ...document, issuer: 'https://id.example.com/realms/example' })),
  },
  'oidc-no-s256': {
    what: 'OpenID Connect: the metadata lists PKCE without S256',
    make: openIdMetadata((document) => ({ ...document, code_challenge_methods_supported: ['plain'] })),
  },
  'oidc-pushed-requests': {
    what: 'OpenID Connect: the provider requires pushed authorization requests (PAR)',
    make: openIdMetadata((document) => ({ ...document, require_pushed_authorization_requests: true })),
  },
  'oidc-keys-missing': {
    what: 'OpenID Connect: jwks_uri in the metadata does not exist (404)',
    make: ({ openIdConnect }) => openIdConnect?.answerKeys({ status: 404, body: {} }),
  },
  'oidc-client-secret': {
    what: 'OpenID Connect: the application requires a client secret',
    options: { openIdConnect: { clientAuthentication: 'client_secret_basic' } },
  },
  'oidc-unknown-client': {
    what: 'OpenID Connect: the client ID has a typo',
    typed: openId(({ clientId }) => ({ clientId: clientId.replace(/.$/, '0') })),
  },
  'oidc-port-not-registered': {
    what: `OpenID Connect: the redirect URI of port ${GUIDE_PORTS[3]} was not added`,
    options: {
      openIdConnect: { registeredPorts: GUIDE_PORTS.filter((port) => port !== GUIDE_PORTS[3]) },
    },
  },
  'oidc-no-refresh-token': {
    what: 'OpenID Connect: no refresh token is issued',
    options: { openIdConnect: { refreshTokens: 'none' } },
  },
} satisfies Readonly<Record<string, Switch>>;

export type SwitchName = keyof typeof switches;

/**
 * Parses the argument of `--break`.
 * @param list names separated by commas
 * @throws {RangeError} that lists all switches, if a name is unknown
 */
export function parseSwitches(list: string): readonly SwitchName[] {
  const names = list.split(',').filter((name) => name !== '');
  if (names.every(isSwitch)) return names;
  const all = Object.entries(switches).map(([name, { what }]) => `  ${name.padEnd(22)}  ${what}`);
  throw new RangeError(`--break takes these names, separated by commas:\n\n${all.join('\n')}`);
}

function isSwitch(name: string): name is SwitchName {
  return Object.hasOwn(switches, name);
}

/** A chain with these slips, and a description as the administrator who made them would give it. */
export async function startBrokenChain(
  names: readonly SwitchName[],
  options: ChainOptions = {},
): Promise<Chain> {
  const chosen: readonly Switch[] = names.map((name) => switches[name]);
  const now = (options.now ?? Date.now)();
  const days = chosen.find(({ options: own }) => own?.certificateEndsInDays)?.options?.certificateEndsInDays;
  const chain = await startChain({
    ...options,
    okta: chosen.reduce((all, { options: own }) => ({ ...all, ...own?.okta }), {
      ownRedirectUris: true,
      ...options.okta,
    }),
    openIdConnect: chosen.reduce(
      (all, { options: own }) => ({ ...all, ...own?.openIdConnect }),
      options.openIdConnect ?? {},
    ),
    ...(days === undefined ? {} : { samlCertificateEndsAt: now + days * DAY_MS }),
  });
  for (const { make } of chosen) await make?.(chain);
  const describe = (): ChainDescription =>
    chosen.reduce((description, { typed }) => typed?.(description) ?? description, chain.describe());
  return { ...chain, describe };
}

function okta(change: (copied: ChainDescription['okta']) => Partial<ChainDescription['okta']>) {
  return (description: ChainDescription): ChainDescription => ({
    ...description,
    okta: { ...description.okta, ...change(description.okta) },
  });
}

type OpenIdConnect = NonNullable<ChainDescription['openIdConnect']>;

function openId(change: (copied: OpenIdConnect) => Partial<OpenIdConnect>) {
  return (description: ChainDescription): ChainDescription => {
    const { openIdConnect: copied } = description;
    return copied === undefined
      ? description
      : { ...description, openIdConnect: { ...copied, ...change(copied) } };
  };
}

function openIdMetadata(change: (document: Record<string, unknown>) => Record<string, unknown>) {
  return ({ openIdConnect }: Chain): void => openIdConnect?.patchMetadata(change);
}

/** Changes documents saved from now on; IAM Identity Center has the correct one. */
function savedMetadata(change: (xml: string) => string) {
  return ({ samlApplication }: Chain): void => samlApplication.patchMetadata(change);
}

type Federated = ChainDescription['identityCenter']['federated'];

function federated(change: (copied: Federated) => Partial<Federated>) {
  return (description: ChainDescription): ChainDescription => {
    const { identityCenter } = description;
    const changed = { ...identityCenter.federated, ...change(identityCenter.federated) };
    return { ...description, identityCenter: { ...identityCenter, federated: changed } };
  };
}

function scim(change: (copied: Federated['scim']) => Partial<Federated['scim']>) {
  return federated(({ scim: copied }) => ({ scim: { ...copied, ...change(copied) } }));
}

function metadata(change: (document: Record<string, unknown>) => Record<string, unknown>) {
  return ({ okta: organization }: Chain): void => organization.patchMetadata(change);
}
