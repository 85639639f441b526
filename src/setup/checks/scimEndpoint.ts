import * as v from 'valibot';
import { decodeAccessToken } from '../../core/oidc/accessToken.ts';
import { isLoopbackUrl } from '../../core/text/webAddress.ts';
import { addressResults, readAddress, regionProblem, regionResults, unknownForm } from '../addresses.ts';
import { daysLeft, dateText } from '../dateText.ts';
import { defineCheck, noticeMilliseconds } from '../check.ts';
import type { CheckContext } from '../check.ts';
import type { Translator } from '../translator.ts';
import { fact, fail, inconclusive, isResult, pass, warn } from '../checkResult.ts';
import type { ScimRefusal } from '../scimRequests.ts';
import type { SetupGuideId } from '../setupGuides.ts';
import { quoted, readScim, scimEvidence, scimResults, searchedName, tokenOf } from '../scimRequests.ts';

/**
 * Verifies that the endpoint uses https, has no trailing slash, and has the form and region of this Identity
 * Center's.
 */
export async function checkScimEndpoint({ inputs, lookups }: CheckContext) {
  const address = readAddress(inputs.scimEndpoint ?? '');
  if (isResult(address)) return address;
  const { url, region } = address;
  const bare = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  const evidence = { address: `${url.origin}${url.pathname}`, region };
  if (url.search !== '' || url.hash !== '') return fail('scimQuery', { ...evidence, suggestedAddress: bare });
  if (url.pathname.endsWith('/')) return fail('trailingSlash', { ...evidence, suggestedAddress: bare });
  if (!url.pathname.endsWith('/scim/v2')) return fail('notScimEndpoint', evidence);
  // The path of a local stand-in begins with the region.
  const tenant = url.pathname.slice(0, -'/scim/v2'.length).split('/').at(-1) ?? '';
  // A tenant's ID has letters, digits, and hyphens; a manual has a placeholder there.
  if (region !== undefined && (tenant === region || !/^[\w-]+$/.test(tenant)))
    return fail('noTenant', evidence);
  if (region !== undefined && !isLoopbackUrl(url) && !/^\/[\w-]+\/scim\/v2$/.test(url.pathname))
    return fail('notScimEndpoint', evidence);
  const problem = regionProblem(address, await lookups.region(), inputs);
  if (problem !== undefined) return problem;
  return region === undefined ? inconclusive('unknownForm', evidence) : pass(evidence);
}

/**
 * Verifies that the token opens `ServiceProviderConfig` (RFC 7644, 4) and also the users, since some servers
 * show the former to anyone. None of these checks writes anything.
 */
export async function checkScimToken({ ports, inputs, lookups, signal }: CheckContext) {
  const answer = await readScim(
    ports.http,
    { inputs, path: '/ServiceProviderConfig', schema: v.looseObject({}) },
    signal,
  );
  const users = await lookups.users();
  const isAboutToken = ({ reason }: ScimRefusal): boolean =>
    reason === 'tokenRefused' || reason === 'tokenForbidden';
  if ('refusal' in answer && isAboutToken(answer.refusal)) return answer.refusal;
  // If a server has no configuration, its list of users shows whether it accepts the token.
  if ('refusal' in users) {
    const { refusal } = users;
    if (isAboutToken(refusal)) return refusal;
    if ('refusal' in answer) return answer.refusal;
    return inconclusive('tokenNotShown', {
      status: refusal.evidence.find(({ name }) => name === 'status')?.value,
    });
  }
  const { exp } = decodeAccessToken(tokenOf(inputs));
  if (exp === undefined) return pass();
  const tokenEndsAt = exp * 1000;
  const isSoon = tokenEndsAt - ports.clock.now() < noticeMilliseconds;
  return isSoon
    ? warn('tokenEndsSoon', { tokenEndsAt, daysLeft: daysLeft(tokenEndsAt, ports.clock.now()) })
    : pass({ tokenEndsAt });
}

/** Verifies that the endpoint answers a filtered read, even one without a match (RFC 7644, 3.4.2.2). */
export async function checkScimRead({ inputs, lookups }: CheckContext) {
  const answer = await lookups.users();
  if ('refusal' in answer) return answer.refusal;
  return pass({ asked: `userName eq ${quoted(searchedName(inputs))}` });
}

const accessTokens = (l10n: Translator, guide: SetupGuideId) =>
  guide === 'kiro'
    ? l10n.t('Kiro console > Settings > Identity management > Access tokens > Generate token')
    : l10n.t(
        'AWS console > IAM Identity Center > Settings > Automatic provisioning > Access tokens > Generate token',
      );

/** Checks of provisioning in both guides: endpoint and token. */
export const scimEndpointChecks = [
  defineCheck({
    id: 'manual.samlApplication',
    steps: ['kiro.samlApp'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: [],
    provenBy: ['oktaApi.scimApplication'],
    texts: (l10n) => ({
      title: l10n.t('An application that provisions people through SCIM exists'),
      path: l10n.t(
        'Okta Admin Console > Applications > Applications > your SAML application > General > App Settings > Provisioning > SCIM; in the newer guide, the AWS application from the catalog > Provisioning',
      ),
    }),
  }),
  defineCheck({
    id: 'manual.tokenEnd',
    steps: ['identityCenter.enableProvisioning'],
    owner: 'awsAdministrator',
    page: 'awsConsole',
    needs: [],
    texts: (l10n) => ({
      title: l10n.t('A reminder is set for the SCIM token’s expiration'),
      path: l10n.t(
        'AWS console > IAM Identity Center > Settings > Automatic provisioning > Access tokens > Expiration',
      ),
    }),
  }),
  defineCheck({
    id: 'scim.endpoint',
    steps: ['identityCenter.oktaProvisioning', 'kiro.provisioning'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['scimEndpoint'],
    run: checkScimEndpoint,
    texts: (l10n, guide) => ({
      title: l10n.t('SCIM endpoint'),
      path:
        guide === 'kiro'
          ? l10n.t(
              'Okta Admin Console > Applications > Applications > your SAML application > Provisioning > Integration > SCIM connector base URL; copied from the Kiro console > Settings > Identity management > SCIM endpoint',
            )
          : l10n.t(
              'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Provisioning > Integration > Base URL; copied from AWS console > IAM Identity Center > Settings > Automatic provisioning > SCIM endpoint',
            ),
      results: {
        ...addressResults(l10n),
        ...regionResults(l10n),
        unknownForm: unknownForm(l10n).unknownForm,
        scimQuery: (result) => ({
          found: l10n.t('The URL has a query or a fragment, which may contain a secret.'),
          next: l10n.t('Use this instead: {0}', fact(result, 'suggestedAddress')),
          value: fact(result, 'suggestedAddress'),
        }),
        noTenant: {
          found: l10n.t('The URL is missing the tenant ID before /scim/v2.'),
          next: l10n.t('Copy the whole SCIM endpoint from the console.'),
        },
        trailingSlash: (result) => ({
          found: l10n.t('The URL has a trailing slash.'),
          next: l10n.t('Use this instead: {0}', fact(result, 'suggestedAddress')),
          value: fact(result, 'suggestedAddress'),
        }),
        notScimEndpoint: {
          found: l10n.t('That’s not a SCIM endpoint.'),
          next: l10n.t('It ends in /scim/v2.'),
        },
      },
      evidence: { suggestedAddress: l10n.t('Suggested') },
    }),
  }),
  defineCheck({
    id: 'scim.token',
    steps: ['identityCenter.oktaProvisioning', 'kiro.provisioning'],
    owner: 'awsAdministrator',
    expires: { what: 'scimToken', at: 'tokenEndsAt' },
    page: 'awsConsole',
    needs: ['scimEndpoint', 'scimToken'],
    after: ['scim.endpoint'],
    // Requests use the suggested address.
    despite: { 'scim.endpoint': ['trailingSlash', 'scimQuery'] },
    run: checkScimToken,
    texts: (l10n, guide) => ({
      title: l10n.t('SCIM access token'),
      path: accessTokens(l10n, guide),
      results: {
        ...scimResults(l10n),
        tokenNotShown: {
          found: l10n.t('The endpoint’s response doesn’t show whether it accepts the token.'),
          next: l10n.t('The next check searches for a person.'),
        },
        tokenEndsSoon: (result) => ({
          found: l10n.t('The token expires on {0}.', dateText(l10n, result, 'tokenEndsAt')),
          next: l10n.t('Generate a new one and enter it in Okta before then.'),
        }),
      },
      evidence: { ...scimEvidence(l10n), tokenEndsAt: l10n.t('Token expires') },
    }),
  }),
  defineCheck({
    id: 'scim.read',
    steps: ['identityCenter.oktaProvisioning', 'kiro.provisioning'],
    owner: 'awsAdministrator',
    page: 'awsConsole',
    needs: ['scimEndpoint', 'scimToken'],
    after: ['scim.token'],
    run: checkScimRead,
    texts: (l10n, guide) => ({
      title: l10n.t('People can be looked up'),
      path: accessTokens(l10n, guide),
      results: scimResults(l10n),
      evidence: scimEvidence(l10n),
    }),
  }),
  defineCheck({
    id: 'manual.provisioningEnabled',
    steps: ['identityCenter.oktaProvisioning'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: [],
    provenBy: ['oktaApi.provisioning'],
    texts: (l10n) => ({
      title: l10n.t('Create, update, and deactivate are enabled under To App'),
      path: l10n.t(
        'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Provisioning > To App > Edit',
      ),
    }),
  }),
  defineCheck({
    id: 'manual.provisioning',
    steps: ['kiro.provisioning'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: [],
    provenBy: ['oktaApi.scimFeatures', 'oktaApi.scimEffect'],
    texts: (l10n) => ({
      title: l10n.t('HTTP Header, userName, the three Push options, and To App are set'),
      path: l10n.t(
        'Okta Admin Console > Applications > Applications > your SAML application, or in the newer guide the AWS application from the catalog > Provisioning > Integration and To App',
      ),
    }),
  }),
];
