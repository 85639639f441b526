import * as v from 'valibot';
import { findSignInError } from '../../core/oauth/errors.ts';
import { textOf } from '../../core/oauth/tokenSet.ts';
import { checkMetadata, isSameIssuer, signingOf } from '../../core/oidc/discovery.ts';
import { parseIssuer } from '../../input/issuer.ts';
import { parseJson } from '../../core/text/parseJson.ts';
import { safeText } from '../../core/text/safeText.ts';
import { isLoopbackUrl } from '../../core/text/webAddress.ts';
import { defineCheck } from '../check.ts';
import { hasNoMetadata } from '../fetchMetadata.ts';
import type { CheckContext } from '../check.ts';
import { fact, fail, inconclusive, pass, warn } from '../checkResult.ts';

const addressNames = [
  ...['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'revocation_endpoint'],
  ...['device_authorization_endpoint', 'end_session_endpoint'],
] as const;

/** Verifies that the metadata comes over HTTPS with a trusted certificate, and names no address over plain HTTP. */
async function checkHttps({ inputs, lookups }: CheckContext) {
  const given = inputs.oidcClient?.issuer ?? '';
  try {
    parseIssuer(given);
  } catch {
    return fail('notIssuer', { given: safeText(given) });
  }
  const answer = await lookups.openId.nearest();
  const { address, document, error } = answer;
  if (error?.kind === 'certificate')
    return fail('certificateNotTrusted', { host: new URL(address).host, code: error.details.code }, error);
  if (error !== undefined && !hasNoMetadata(answer)) return inconclusive('couldNotAsk', { address }, error);
  if (document === undefined) return inconclusive('addressesNotSeen', { host: new URL(address).host });
  const plain = plainAddresses(document);
  return plain.length === 0
    ? pass({ host: new URL(address).host, address })
    : fail('plainHttp', { address: plain.map(({ href }) => href.slice(0, 300)) });
}

function plainAddresses(document: Readonly<Record<string, unknown>>): readonly URL[] {
  const named = addressNames.flatMap((name) => URL.parse(safeText(document[name]) ?? '') ?? []);
  return named.filter((url) => url.protocol !== 'https:' && !isLoopbackUrl(url));
}

/** Verifies that the metadata is available and is this issuer's. */
async function checkMetadataReachable({ inputs, lookups }: CheckContext) {
  const issuer = parseIssuer(inputs.oidcClient?.issuer ?? '');
  const { address, status, document, error } = await lookups.openId.metadata();
  if (document === undefined) {
    const nearest = await lookups.openId.nearest();
    const evidence = { address, status: status ?? error?.details.status };
    return nearest.document === undefined
      ? fail('noMetadata', evidence)
      : fail('metadataAbove', { ...evidence, namedIssuer: nearest.issuer });
  }
  if (!isSameIssuer(document.issuer, issuer))
    return fail('issuerDiffers', { issuer, namedIssuer: document.issuer.slice(0, 300) });
  return pass({ issuer: document.issuer, address });
}

const listSchema = v.array(v.string());
const listIn = (value: unknown): readonly string[] | undefined => {
  const parsed = v.safeParse(listSchema, value);
  return parsed.success ? parsed.output : undefined;
};

const mismatches = {
  noS256: 'noS256',
  foreignEndpoint: 'foreignEndpoint',
  noEndpoint: 'endpointMissing',
  par: 'pushedRequests',
  jar: 'signedRequests',
} as const;

/**
 * Verifies that the metadata lists PKCE with S256 and the authorization code, endpoints of the provider,
 * and no further demands.
 */
async function checkAnnounced({ ports, lookups }: CheckContext) {
  const { document, issuer } = await lookups.openId.nearest();
  if (document === undefined) return inconclusive('unclearAnswer');
  try {
    // Another check reports another issuer.
    await checkMetadata(issuer, { ...document, issuer }, ports.isSameOrganization, 'partial');
  } catch (error) {
    const { reason = '', host } = findSignInError(error)?.details ?? {};
    const isPlain = plainAddresses(document).some((url) => url.host === host);
    if (reason === 'plainHttp' || (reason === 'foreignEndpoint' && isPlain))
      return inconclusive('blocked', { blockedBy: ['oidc.https'] });
    if (!Object.hasOwn(mismatches, reason)) throw error;
    return fail(mismatches[reason as keyof typeof mismatches], { host });
  }
  const responseTypes = listIn(document['response_types_supported']);
  if (responseTypes?.includes('code') === false) return fail('codeNotAnnounced', { responseTypes });
  const grants = listIn(document['grant_types_supported']);
  if (grants?.includes('refresh_token') === false)
    return warn('grantsNotAnnounced', { grants, missing: ['refresh_token'] });
  const optional = ['device_authorization_endpoint', 'revocation_endpoint', 'end_session_endpoint'].filter(
    (name) => textOf(document[name]) !== undefined,
  );
  const methods = listIn(document['token_endpoint_auth_methods_supported']);
  const evidence = { optional, methods };
  return listIn(document['code_challenge_methods_supported']) === undefined
    ? warn('pkceNotAnnounced', evidence)
    : pass(evidence);
}

const keysSchema = v.object({ keys: v.array(v.unknown()) });
const text = v.optional(v.nullable(v.string()));
const keySchema = v.object({ kty: v.string(), use: text, alg: text, crv: text, n: text });
type Key = v.InferOutput<typeof keySchema>;

/** Key types, and curves, of the supported ID token algorithms (RFC 7518, 3.1 and 3.4; RFC 8037). */
const keyTypes: Readonly<Record<string, readonly [type: string, curve?: string]>> = {
  ...Object.fromEntries(
    ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'].map((name) => [name, ['RSA']]),
  ),
  ES256: ['EC', 'P-256'],
  ES384: ['EC', 'P-384'],
  ES512: ['EC', 'P-521'],
  EdDSA: ['OKP', 'Ed25519'],
  Ed25519: ['OKP', 'Ed25519'],
};

/** Whether a key is one for an algorithm: of its type and curve, and for RSA, not too short (RFC 7518, 3.3). */
function isFor({ kty, crv, n }: Key, algorithm: string): boolean {
  const [type, curve] = keyTypes[algorithm] ?? [];
  const bits = n == null ? undefined : Math.floor((n.replace(/=+$/, '').length * 3) / 4) * 8;
  return kty === type && (curve === undefined ? bits === undefined || bits >= 2048 : crv === curve);
}

/**
 * Verifies that the keys for ID tokens are available, and that one fits a listed algorithm, or without a list, any
 * that a sign-in accepts.
 */
async function checkKeys({ ports, lookups, signal }: CheckContext) {
  const { document, issuer } = await lookups.openId.nearest();
  const { jwksUri, idTokenAlgorithms = Object.keys(keyTypes) } = signingOf(document ?? {}, new URL(issuer));
  const algorithms = idTokenAlgorithms.filter((name) => Object.hasOwn(keyTypes, name));
  if (algorithms.length === 0) return fail('algorithmsUnsupported', { algorithms: idTokenAlgorithms });
  if (jwksUri === undefined)
    return plainAddresses({ jwks_uri: document?.['jwks_uri'] }).length === 0
      ? fail('noKeysAddress')
      : inconclusive('blocked', { blockedBy: ['oidc.https'] });
  const headers = { accept: 'application/json' };
  const response = await ports.http(jwksUri, { method: 'GET', headers, signal });
  const { status } = response;
  const evidence = { address: jwksUri, status };
  const parsed = v.safeParse(keysSchema, parseJson(await response.text()));
  if (!response.ok || !parsed.success) return fail('keysMissing', evidence);
  // Keys that cannot be read are ignored (RFC 7517, 5).
  const keys = parsed.output.keys.flatMap((key) => {
    const read = v.safeParse(keySchema, key);
    return read.success ? [read.output] : [];
  });
  const fits = (key: Key): boolean =>
    (key.use ?? 'sig') === 'sig' && algorithms.some((name) => (key.alg ?? name) === name && isFor(key, name));
  const usable = keys.filter(fits).length;
  return usable === 0
    ? fail('noUsableKey', { ...evidence, algorithms })
    : pass({ address: jwksUri, usableKeys: usable, algorithms });
}

/** Wrong issuers whose metadata can be checked all the same. */
const wrongIssuer = ['metadataAbove', 'issuerDiffers'];

/** Checks of any OpenID Connect provider: address, metadata, and keys. */
export const openIdProviderChecks = [
  defineCheck({
    id: 'oidc.https',
    steps: ['openIdConnect.provider'],
    owner: 'identityAdministrator',
    needs: ['oidcClient'],
    run: checkHttps,
    texts: (l10n) => ({
      title: l10n.t('HTTPS and certificate'),
      passed: (result) => ({
        found: fact(result, 'address').startsWith('https:')
          ? l10n.t('The metadata came over HTTPS, and this computer trusts the certificate.')
          : l10n.t('The provider is on this computer, so HTTPS isn’t required.'),
      }),
      results: {
        notIssuer: {
          found: l10n.t('This isn’t the URL of an issuer.'),
          next: l10n.t('Copy the issuer from the provider’s console, or from “issuer” in its metadata.'),
        },
        certificateNotTrusted: (result) => ({
          found: l10n.t('This computer doesn’t trust the certificate of {0}.', fact(result, 'host')),
          next: l10n.t(
            'Configure the server to send the whole certificate chain. If your organization inspects traffic, install its certificate authority on this computer.',
          ),
        }),
        addressesNotSeen: {
          found: l10n.t(
            'The certificate is trusted. The provider’s addresses can’t be checked without its metadata.',
          ),
          next: l10n.t('Compare the issuer with the one in the provider’s console, character by character.'),
        },
        plainHttp: {
          found: l10n.t('The metadata contains URLs without HTTPS.'),
          next: l10n.t('Set the provider’s public URL to its https URL.'),
        },
      },
    }),
  }),
  defineCheck({
    id: 'oidc.metadata',
    steps: ['openIdConnect.provider'],
    owner: 'identityAdministrator',
    needs: ['oidcClient'],
    after: ['oidc.https'],
    despite: { 'oidc.https': ['plainHttp'] },
    run: checkMetadataReachable,
    texts: (l10n) => ({
      title: l10n.t('Issuer and metadata'),
      results: {
        noMetadata: (result) => ({
          found: l10n.t('OpenID metadata wasn’t found at this issuer (HTTP {0}).', fact(result, 'status')),
          next: l10n.t('Compare the issuer with the one in the provider’s console, character by character.'),
        }),
        metadataAbove: (result) => ({
          found: l10n.t('This issuer has no metadata, but {0} does.', fact(result, 'namedIssuer')),
          next: l10n.t('Use that issuer. The other checks used it, too.'),
        }),
        issuerDiffers: (result) => ({
          found: l10n.t('The metadata names a different issuer: {0}.', fact(result, 'namedIssuer')),
          // Microsoft Entra ID's common and organizations return a placeholder.
          next: fact(result, 'namedIssuer').includes('{tenantid}')
            ? l10n.t('In the issuer, replace “common” or “organizations” with your tenant ID.')
            : l10n.t('Use that issuer, or set the issuer of the provider to the URL that you use.'),
        }),
      },
      evidence: { namedIssuer: l10n.t('Issuer in the metadata') },
    }),
  }),
  defineCheck({
    id: 'oidc.announced',
    steps: ['openIdConnect.provider'],
    owner: 'identityAdministrator',
    needs: ['oidcClient'],
    after: ['oidc.metadata'],
    despite: { 'oidc.metadata': wrongIssuer },
    run: checkAnnounced,
    texts: (l10n) => ({
      title: l10n.t('PKCE, endpoints, and requirements'),
      results: {
        noS256: {
          found: l10n.t('The metadata lists PKCE, but not with S256.'),
          next: l10n.t('Allow the code challenge method S256.'),
        },
        pkceNotAnnounced: {
          found: l10n.t('The metadata doesn’t list PKCE. It’s used anyway.'),
          next: l10n.t('Check its documentation: S256 must be allowed for the application.'),
        },
        foreignEndpoint: (result) => ({
          found: l10n.t('The metadata points to another host ({0}).', fact(result, 'host')),
          next: l10n.t('Check the issuer. Nothing was sent to that host.'),
        }),
        endpointMissing: {
          found: l10n.t('The metadata is missing the authorization or token endpoint.'),
          next: l10n.t('Check the issuer. Some servers publish a second one without sign-in.'),
        },
        codeNotAnnounced: {
          found: l10n.t('The metadata doesn’t list the response type “code”.'),
          next: l10n.t('Turn on the authorization code flow.'),
        },
        grantsNotAnnounced: (result) => ({
          found: l10n.t('The metadata doesn’t list the grant types {0}.', fact(result, 'missing')),
          next: l10n.t('Allow refresh tokens and the scope offline_access for the application.'),
        }),
        pushedRequests: {
          found: l10n.t('The provider requires pushed authorization requests (PAR).'),
          next: l10n.t('Make them optional. Developer Sign-In doesn’t support them.'),
        },
        signedRequests: {
          found: l10n.t('The provider requires signed authorization requests.'),
          next: l10n.t('Make them optional. Developer Sign-In doesn’t support them.'),
        },
      },
      evidence: {
        grants: l10n.t('Grant types in the metadata'),
        responseTypes: l10n.t('Response types in the metadata'),
        optional: l10n.t('Also in the metadata'),
        methods: l10n.t('Client authentication in the metadata'),
      },
    }),
  }),
  defineCheck({
    id: 'oidc.keys',
    steps: ['openIdConnect.provider'],
    owner: 'identityAdministrator',
    needs: ['oidcClient'],
    after: ['oidc.metadata'],
    despite: { 'oidc.metadata': wrongIssuer },
    run: checkKeys,
    texts: (l10n) => ({
      title: l10n.t('Keys for ID tokens'),
      results: {
        noKeysAddress: {
          found: l10n.t('The metadata has no https address for keys (jwks_uri).'),
          next: l10n.t('Publish one so that the signatures of ID tokens can be verified.'),
        },
        algorithmsUnsupported: (result) => ({
          found: l10n.t('ID tokens use a signature that isn’t supported ({0}).', fact(result, 'algorithms')),
          next: l10n.t('Allow RS256 or ES256 for ID tokens.'),
        }),
        keysMissing: (result) => ({
          found: l10n.t(
            'The keys weren’t found at the address in the metadata (HTTP {0}).',
            fact(result, 'status'),
          ),
          next: l10n.t('Check jwks_uri, and check for a proxy.'),
        }),
        noUsableKey: (result) => ({
          found: l10n.t('None of the published keys can verify {0}.', fact(result, 'algorithms')),
          next: l10n.t('Publish the key that signs ID tokens as a signing key (use: sig).'),
        }),
      },
      evidence: { algorithms: l10n.t('Signature algorithms'), usableKeys: l10n.t('Usable keys') },
    }),
  }),
];
