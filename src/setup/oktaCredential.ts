import * as v from 'valibot';
import type { Clock } from '../core/ports.ts';
import { cleanPasted } from '../input/pastedText.ts';
import { safeText } from '../core/text/safeText.ts';
import { fact, inconclusive } from './checkResult.ts';
import type { CheckResult } from './checkResult.ts';
import { unsendableIn } from './scimToken.ts';
import type { SetupInputs, SetupPorts } from './setupPorts.ts';
import type { Translator } from './translator.ts';

/** An authorization for reading Okta's API, or the reason why it is missing. Kept for one run only. */
export type OktaCredential =
  | {
      readonly authorization: string;
      /** The scopes granted to a service app; an API token has its administrator's rights instead. */
      readonly scopes?: readonly string[];
    }
  | { readonly refusal: CredentialRefusal };
/** The reason for a missing credential; proves nothing about the setup. */
export type CredentialRefusal = CheckResult<
  CredentialReason | 'unclearAnswer',
  'host' | 'status' | 'words' | 'code' | 'missing' | keyof ReturnType<typeof oktaCredentialEvidence>
>;

/** All scopes that the checks read with; all are read-only. */
export const readScopes = [
  'okta.apps.read',
  'okta.authorizationServers.read',
  'okta.groups.read',
  'okta.logs.read',
  'okta.policies.read',
  'okta.users.read',
] as const;

/** The bare token; consoles and scripts display it after its scheme. */
function tokenIn({ oktaApiToken = '' }: SetupInputs): string {
  return cleanPasted(oktaApiToken.replace(/^\s{0,10}(?:authorization\s{0,5}:\s{0,5})?SSWS\s{1,10}/i, ''));
}

/** Whether client ID and key of a service app are given. */
export function hasServiceApp({ oktaServiceClientId = '', oktaServiceKey = '' }: SetupInputs): boolean {
  return oktaServiceClientId.trim() !== '' && oktaServiceKey.trim() !== '';
}

/** Whether a credential for Okta's API is given. */
export function hasOktaApi(inputs: SetupInputs): boolean {
  return hasServiceApp(inputs) || (inputs.oktaApiToken ?? '').trim() !== '';
}

/** Dependencies of the credential. */
type Ports = Pick<SetupPorts, 'http' | 'clock' | 'signJwt'>;

/**
 * The authorization header for Okta's API: from the service app if given, or else the API token. The service
 * app's key signs an assertion (RFC 7523) for the server at `organization`, and is itself never sent.
 */
export async function oktaCredential(
  ports: Ports,
  inputs: SetupInputs,
  organization: URL,
  signal: AbortSignal,
): Promise<OktaCredential> {
  if (hasServiceApp(inputs)) return serviceCredential(ports, inputs, organization, signal);
  const token = tokenIn(inputs);
  const character = unsendableIn(token);
  return character === undefined
    ? { authorization: `SSWS ${token}` }
    : { refusal: inconclusive('apiTokenCharacter', { character }) };
}

const tokenSchema = v.object({
  access_token: v.pipe(v.string(), v.regex(/^[\x21-\x7e]+$/)),
  token_type: v.string(),
  scope: v.optional(v.nullable(v.string())),
});
const errorSchema = v.object({ error: v.string(), error_description: v.optional(v.string()) });

/**
 * A token with all scopes. If a scope was not granted to the application, Okta may refuse them all; then asks
 * for each scope separately, and for the granted ones together.
 */
async function serviceCredential(
  ports: Ports,
  inputs: SetupInputs,
  organization: URL,
  signal: AbortSignal,
): Promise<OktaCredential> {
  const ask = (scopes: readonly string[]) => askToken(ports, { inputs, organization, scopes }, signal);
  const all = await ask(readScopes);
  if (!('refusal' in all) || all.refusal.reason !== 'serviceScopesMissing') return all;
  const granted: string[] = [];
  for (const scope of readScopes) {
    const one = await ask([scope]);
    if (!('refusal' in one)) granted.push(scope);
    else if (one.refusal.reason !== 'serviceScopesMissing') return one;
  }
  return granted.length === 0 ? all : ask(granted);
}

/** Lifetime of an assertion, in seconds; Okta accepts an hour at most. */
const assertionSeconds = 300;

async function askToken(
  { http, clock, signJwt }: Ports,
  request: {
    readonly inputs: SetupInputs;
    readonly organization: URL;
    readonly scopes: readonly string[];
  },
  signal: AbortSignal,
): Promise<OktaCredential> {
  const { inputs, organization, scopes } = request;
  const clientId = cleanPasted(inputs.oktaServiceClientId ?? '');
  const address = `${organization.origin}/oauth2/v1/token`;
  const signed = signJwt(inputs.oktaServiceKey ?? '', claimsFor(clientId, address, clock));
  if ('problem' in signed) return { refusal: inconclusive(signed.problem) };
  const form = {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: scopes.join(' '),
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: signed.jwt,
    }).toString(),
    signal,
  };
  const response = await http(address, form);
  const { status } = response;
  const body: unknown = await response.json().catch(() => undefined);
  const token = v.safeParse(tokenSchema, body);
  const { host } = organization;
  if (status !== 200) return { refusal: refusalOf(status, body, host) };
  if (!token.success) return { refusal: inconclusive('unclearAnswer', { host, status }) };
  const { access_token, token_type, scope } = token.output;
  if (token_type.toLowerCase() !== 'bearer') return { refusal: inconclusive('serviceDpop', { host }) };
  return {
    authorization: `Bearer ${access_token}`,
    scopes: scope == null || scope.trim() === '' ? scopes : scope.trim().split(/\s+/),
  };
}

function claimsFor(
  clientId: string,
  address: string,
  clock: Clock,
): Readonly<Record<string, string | number>> {
  const now = Math.floor(clock.now() / 1000);
  return {
    iss: clientId,
    sub: clientId,
    aud: address,
    iat: now,
    exp: now + assertionSeconds,
    jti: crypto.randomUUID(),
  };
}

/** Maps Okta's refusal of a token, by its code, and if that is ambiguous, by its description. */
function refusalOf(status: number, body: unknown, host: string): CredentialRefusal {
  const parsed = v.safeParse(errorSchema, body);
  const { error = '', error_description = '' } = parsed.success ? parsed.output : {};
  const evidence = {
    host,
    status,
    code: error === '' ? undefined : safeText(error),
    words: error_description === '' ? undefined : safeText(error_description),
  };
  switch (error) {
    case 'invalid_client':
      return inconclusive(
        /\b(?:expired|future|issued|iat|exp)\b/i.test(error_description) ? 'serviceClock' : 'serviceRefused',
        evidence,
      );
    case 'unauthorized_client':
    case 'unsupported_grant_type':
      return inconclusive('serviceNotAllowed', evidence);
    case 'invalid_scope':
    case 'access_denied':
    case 'consent_required':
      return inconclusive('serviceScopesMissing', { ...evidence, missing: readScopes });
    case 'invalid_dpop_proof':
    case 'use_dpop_nonce':
      return inconclusive('serviceDpop', evidence);
    default:
      return inconclusive('unclearAnswer', evidence);
  }
}

/** Texts for refusals by {@link oktaCredential}. */
export const oktaCredentialResults = (l10n: Translator) => ({
  apiTokenCharacter: (result: CheckResult) => ({
    found: l10n.t('The token contains a character that can’t be sent: {0}.', fact(result, 'character')),
    next: l10n.t('Copy the token again.'),
  }),
  keyUnreadable: {
    found: l10n.t('The service app’s private key can’t be read.'),
    next: l10n.t('Copy the whole private key from Okta again, as JSON or PEM.'),
  },
  keyPublic: {
    found: l10n.t('That’s a public key, which can’t sign.'),
    next: l10n.t('Use the private key that Okta showed when the key was generated.'),
  },
  keyEncrypted: {
    found: l10n.t('The private key is protected with a passphrase.'),
    next: l10n.t('Use a key without a passphrase.'),
  },
  keyUnsupported: {
    found: l10n.t('Okta doesn’t accept this kind of key.'),
    next: l10n.t('Use an RSA key, or an EC key on the curve P-256, P-384, or P-521.'),
  },
  serviceRefused: {
    found: l10n.t('Okta doesn’t recognize the service app or its key (invalid_client).'),
    next: l10n.t(
      'Check the client ID, and under General > Client Credentials that “Public key / Private key” is selected and this key is active.',
    ),
  },
  serviceClock: {
    found: l10n.t('Okta rejected the time in the request (invalid_client).'),
    next: l10n.t('Set this computer’s clock, and check again.'),
  },
  serviceNotAllowed: {
    found: l10n.t('The application isn’t an API Services app.'),
    next: l10n.t('Create one under Applications > Create App Integration > API Services.'),
  },
  serviceScopesMissing: (result: CheckResult) => ({
    found: l10n.t('The service app isn’t granted {0}.', fact(result, 'missing')),
    next: l10n.t('Grant it on the Okta API Scopes tab of the service app.'),
  }),
  serviceDpop: {
    found: l10n.t('The service app requires DPoP, which isn’t supported here.'),
    next: l10n.t('On the General tab of the service app, clear the requirement for the DPoP header.'),
  },
});
/** Reasons for a missing credential. */
export type CredentialReason = keyof ReturnType<typeof oktaCredentialResults>;

/** Names of the evidence of a refused credential. */
export const oktaCredentialEvidence = (l10n: Translator) => ({ character: l10n.t('Character') });
