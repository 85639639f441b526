import * as v from 'valibot';
import { findSignInError } from '../../core/oauth/errors.ts';
import { checkMetadata, isSameIssuer } from '../../core/oidc/discovery.ts';
import { parseIssuer } from '../../input/issuer.ts';
import { safeText } from '../../core/text/safeText.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { fact, fail, inconclusive, pass, warn } from '../checkResult.ts';

/** Verifies that the metadata is available at both addresses and is this issuer's. */
export async function checkMetadataReachable({ inputs, lookups }: CheckContext) {
  const given = inputs.oktaClient?.issuer ?? '';
  let issuer: string;
  try {
    issuer = parseIssuer(given);
  } catch {
    return fail('notIssuer', { given: safeText(given) });
  }
  const [first, second] = await lookups.metadata();
  if (first === undefined) return inconclusive('unclearAnswer');
  if (first.error !== undefined)
    return inconclusive(
      'couldNotAsk',
      { address: first.address, redirectsTo: first.redirectsTo },
      first.error,
    );
  if (first.document === undefined)
    return fail('noMetadata', { address: first.address, status: first.status });
  const documents = [first, second].flatMap((one) => one?.document ?? []);
  const other = documents.find((document) => !isSameIssuer(document.issuer, issuer));
  if (other !== undefined) return fail('issuerDiffers', { issuer, namedIssuer: other.issuer.slice(0, 300) });
  if (new URL(issuer).pathname === '/') return fail('orgServer', { issuer });
  // A sign-in needs only the first (OpenID Connect Discovery 1.0, 4); other clients use the second.
  if (second?.document === undefined) {
    const evidence = { issuer, address: second?.address, status: second?.status };
    return second?.error === undefined
      ? warn('secondAddressMissing', evidence)
      : inconclusive('secondAddressNotAsked', evidence, second.error);
  }
  return pass({ issuer, address: [first.address, second.address] });
}

const grantsSchema = v.object({ grant_types_supported: v.array(v.string()) });
type Mismatch = 'noS256' | 'foreignEndpoint' | 'endpointMissing';
const mismatches: Readonly<Partial<Record<string, Mismatch>>> = {
  noS256: 'noS256',
  foreignEndpoint: 'foreignEndpoint',
  plainHttp: 'foreignEndpoint',
  noEndpoint: 'endpointMissing',
};

/** Verifies that the metadata lists PKCE with S256, code and refresh grants, and endpoints of the organization. */
export async function checkAnnounced({ ports, inputs, lookups }: CheckContext) {
  const document = (await lookups.metadata())
    .map((answer) => answer.document)
    .find((one) => one !== undefined);
  if (document === undefined) return inconclusive('unclearAnswer');
  try {
    const issuer = parseIssuer(inputs.oktaClient?.issuer ?? '');
    // Another check reports another issuer.
    await checkMetadata(issuer, { ...document, issuer }, ports.isSameOrganization);
  } catch (error) {
    const known = findSignInError(error);
    const reason = mismatches[known?.details.reason ?? ''];
    if (reason === undefined) throw error;
    return fail(reason, { host: known?.details.host });
  }
  // RFC 8414, 2: these two are the default.
  const parsed = v.safeParse(grantsSchema, document);
  const grants = parsed.success ? parsed.output.grant_types_supported : ['authorization_code', 'implicit'];
  const missing = ['authorization_code', 'refresh_token'].filter((grant) => !grants.includes(grant));
  return missing.length === 0 ? pass({ grants }) : warn('grantsNotAnnounced', { grants, missing });
}

/** Checks of the authorization server's issuer and metadata. */
export const oktaServerChecks = [
  defineCheck({
    id: 'okta.metadata',
    steps: ['kiro.authorizationServer'],
    owner: 'oktaAdministrator',
    page: 'oktaAuthorizationServer',
    needs: ['oktaClient'],
    run: checkMetadataReachable,
    texts: (l10n) => ({
      title: l10n.t('Issuer and metadata'),
      path: l10n.t(
        'Okta Admin Console > Security > API > Authorization Servers > your server > Settings > Metadata URI',
      ),
      results: {
        notIssuer: {
          found: l10n.t('This isn’t the URL of an issuer.'),
          next: l10n.t('Copy the Metadata URI of the authorization server.'),
        },
        noMetadata: (result) => ({
          found: l10n.t('No metadata was found for this issuer (HTTP {0}).', fact(result, 'status')),
          next: l10n.t(
            'Compare the issuer character by character. It ends in /oauth2/ and the authorization server’s ID.',
          ),
        }),
        orgServer: {
          found: l10n.t('This is the org authorization server, which can’t have the scopes in the guide.'),
          next: l10n.t(
            'Copy the Metadata URI of the authorization server that you created. It contains /oauth2/ and an ID.',
          ),
        },
        secondAddressMissing: (result) => ({
          found: l10n.t('One of the two metadata addresses is missing (HTTP {0}).', fact(result, 'status')),
          next: l10n.t('Sign-in works without it, but other clients may need it. Check for a proxy.'),
        }),
        secondAddressNotAsked: {
          found: l10n.t('One of the two metadata addresses couldn’t be reached.'),
          next: l10n.t('Sign-in works without it, but other clients may need it. Check for a proxy.'),
        },
        issuerDiffers: (result) => ({
          found: l10n.t('The metadata at this address belongs to {0}.', fact(result, 'namedIssuer')),
          next: l10n.t(
            'Use that issuer, or set the authorization server’s Issuer to the Okta or custom URL that you use.',
          ),
        }),
      },
      evidence: { namedIssuer: l10n.t('Issuer in the metadata') },
    }),
  }),
  defineCheck({
    id: 'okta.announced',
    steps: ['kiro.authorizationServer'],
    owner: 'oktaAdministrator',
    page: 'oktaAuthorizationServer',
    needs: ['oktaClient'],
    after: ['okta.metadata'],
    despite: { 'okta.metadata': ['issuerDiffers'] },
    run: checkAnnounced,
    texts: (l10n) => ({
      title: l10n.t('PKCE and grant types'),
      path: l10n.t(
        'Okta Admin Console > Security > API > Authorization Servers > your server > Settings > Metadata URI',
      ),
      results: {
        foreignEndpoint: (result) => ({
          found: l10n.t('The metadata points to another host ({0}).', fact(result, 'host')),
          next: l10n.t('Check the issuer. Nothing was sent to that host.'),
        }),
        endpointMissing: {
          found: l10n.t('The metadata is missing the authorization or token endpoint.'),
          next: l10n.t('Make sure that this is the issuer of a custom authorization server.'),
        },
        noS256: {
          found: l10n.t('The metadata doesn’t list PKCE with S256.'),
          next: l10n.t('Okta’s servers list it. Check the issuer, and check for a proxy.'),
        },
        grantsNotAnnounced: (result) => ({
          found: l10n.t('The metadata doesn’t list the grant types {0}.', fact(result, 'missing')),
          next: l10n.t(
            'Okta’s servers list them. Check the issuer. Other servers may support them without listing them.',
          ),
        }),
      },
      evidence: { grants: l10n.t('Grant types in the metadata') },
    }),
  }),
];
