import * as v from 'valibot';
import { SignInError } from '../../core/oauth/errors.ts';
import { regionIn } from '../../input/regions.ts';
import { parseClientId, parseIssuer } from '../../input/issuer.ts';
import { parseJson } from '../../core/text/parseJson.ts';
import { safeText } from '../../core/text/safeText.ts';
import { withoutSecrets } from '../../output/withoutSecrets.ts';
import { decodeCbor, encodeTexts } from '../cbor.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { fact, fail, inconclusive, isResult, pass } from '../checkResult.ts';
import { readDomain } from '../domainName.ts';
import { kiroCalls } from '../kiroCalls.ts';
import { testTokens, tokenTypeHeader } from '../testSignIn.ts';
import type { Translator } from '../translator.ts';
import { serviceGroups } from './service.ts';

const text = v.optional(v.nullable(v.string()));
const loginSchema = v.object({ found: v.boolean(), issuerUrl: text, clientId: text });

/** Verifies that Kiro's profile for the domain has this issuer and application. An unknown domain proves nothing. */
async function checkKiroProfile({ ports, inputs, signal }: CheckContext) {
  const domain = readDomain(inputs.domain ?? '');
  const url = kiroCalls.loginMetadata;
  if (url === undefined || domain === undefined) return inconclusive('kiroNotAsked');
  const response = await ports.http(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/cbor',
      accept: 'application/cbor',
      'smithy-protocol': 'rpc-v2-cbor',
    },
    bytes: encodeTexts({ domainName: domain }),
    signal,
  });
  // A redirect to another host is the network's sign-in; a page on Kiro's host may be its own.
  const target = URL.parse(response.headers.get('location') ?? '', url);
  if (response.status >= 300 && response.status < 400 && target?.host !== new URL(url).host)
    throw new SignInError('proxy', { host: new URL(url).host, status: response.status });
  const parsed = v.safeParse(loginSchema, decodeCbor(new Uint8Array(await response.arrayBuffer())));
  const host = new URL(url).host;
  if (response.status !== 200 || !parsed.success)
    return inconclusive('kiroChanged', { host, status: response.status });
  const { found, issuerUrl, clientId } = parsed.output;
  if (!found) return inconclusive('domainNotFound', { host, domain });
  const evidence = { domain, kiroIssuer: safeAddress(issuerUrl), kiroClientId: safeId(clientId) };
  const issuer = parseIssuer(inputs.oktaClient?.issuer ?? '');
  const given = parseClientId(inputs.oktaClient?.clientId ?? '');
  const [isIssuerTold, isClientTold] = [issuerUrl ?? '', clientId ?? ''].map((one) => one.trim() !== '');
  if (isIssuerTold === true && issuerOf(issuerUrl ?? '') !== issuer)
    return fail('issuerDiffers', { ...evidence, given: issuer });
  if (isClientTold === true && clientId !== given) return fail('clientIdDiffers', { ...evidence, given });
  return isIssuerTold === true && isClientTold === true
    ? pass(evidence)
    : inconclusive('kiroChanged', { host, status: response.status });
}

/** Whether Kiro knows the domain shows without a valid issuer or client. */
async function checkDomainKnown(context: CheckContext) {
  const found = await checkKiroProfile(context);
  return found.reason === 'domainNotFound' ? found : undefined;
}

function issuerOf(text: string): string {
  try {
    return parseIssuer(text);
  } catch {
    return '';
  }
}

function safeAddress(address: string | null | undefined): string | undefined {
  return address == null ? undefined : issuerOf(address).slice(0, 300) || safeText(address);
}

function safeId(id: string | null | undefined): string | undefined {
  return id == null || !/^[\w.-]{1,100}$/.test(id) ? undefined : id;
}

const profilesSchema = v.object({
  profiles: v.array(v.object({ arn: text, profileArn: text, status: text })),
  nextToken: text,
});
/** Maximum number of pages of profiles to read. */
const mostPages = 5;
/** Maximum number of profiles to ask for the person's usage. */
const mostProfiles = 4;
const usageSchema = v.object({
  subscriptionInfo: v.optional(v.nullable(v.object({ subscriptionTitle: text }))),
  usageBreakdownList: v.optional(v.nullable(v.array(v.unknown()))),
});

/**
 * Verifies that Kiro accepts the token of the test sign-in: it lists the person's profile and usage. A response
 * in an unexpected form proves nothing.
 */
async function checkKiroAccess(context: CheckContext) {
  const { ports, inputs, signal } = context;
  const region = regionIn(inputs.kiroRegion ?? '');
  const { profiles, usage } = kiroCalls;
  if (region === undefined || profiles === undefined || usage === undefined)
    return inconclusive('kiroNotAsked');
  const tokenSet = await testTokens(context);
  if (isResult(tokenSet)) return tokenSet;
  const { accessToken } = tokenSet;
  const headers = {
    accept: 'application/json',
    authorization: `Bearer ${accessToken}`,
    ...tokenTypeHeader(inputs),
  };
  const ask = async (url: string, init: { readonly target?: string; readonly body?: string }) => {
    const { target, body } = init;
    const response = await ports.http(url.replace('{region}', region), {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        ...headers,
        ...(target === undefined
          ? {}
          : { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target }),
      },
      ...(body === undefined ? {} : { body }),
      signal,
    });
    const answer = withoutSecrets(await response.text(), [accessToken]);
    return { status: response.status, answer, host: new URL(url.replace('{region}', region)).host };
  };
  const list = async (nextToken?: string) => {
    const body = JSON.stringify({ maxResults: 10, ...(nextToken === undefined ? {} : { nextToken }) });
    const listed = await ask(profiles.url, { target: profiles.target, body });
    return { listed, parsed: v.safeParse(profilesSchema, parseJson(listed.answer)) };
  };
  const usableIn = ({ parsed: { success, output } }: Awaited<ReturnType<typeof list>>) =>
    success ? output.profiles.filter(({ status }) => status == null || status === 'ACTIVE') : [];
  let page = await list();
  for (let pages = 1; pages < mostPages && usableIn(page).length === 0; pages++) {
    const next = page.parsed.success ? (page.parsed.output.nextToken ?? '') : '';
    if (next === '') break;
    page = await list(next);
  }
  const { listed, parsed } = page;
  const refused = { host: listed.host, status: listed.status, answer: safeText(listed.answer.slice(0, 200)) };
  if ([401, 403].includes(listed.status)) return inconclusive('kiroRefused', refused);
  if (listed.status !== 200 || !parsed.success) return inconclusive('kiroChanged', refused);
  const found = usableIn(page)
    .flatMap(({ arn, profileArn }) => arn ?? profileArn ?? [])
    .slice(0, mostProfiles);
  let profile = found[0];
  if (profile === undefined)
    return (parsed.output.nextToken ?? '') === ''
      ? inconclusive('noKiroProfile', { host: listed.host, region })
      : inconclusive('kiroChanged', refused);
  let allowed = await ask(`${usage}&profileArn=${encodeURIComponent(profile)}`, {});
  // Each account has a profile of its own, and the person may be subscribed in another one.
  for (const other of found.slice(1)) {
    if (![401, 403].includes(allowed.status)) break;
    profile = other;
    allowed = await ask(`${usage}&profileArn=${encodeURIComponent(profile)}`, {});
  }
  const limits = v.safeParse(usageSchema, parseJson(allowed.answer));
  const seen = { profile: profile.slice(0, 200), region };
  const denied = { ...seen, host: allowed.host, status: allowed.status };
  if ([401, 403].includes(allowed.status)) return inconclusive('kiroRefused', denied);
  const isTold =
    limits.success &&
    (limits.output.subscriptionInfo != null || (limits.output.usageBreakdownList ?? []).length > 0);
  if (allowed.status !== 200 || !isTold) return inconclusive('kiroChanged', denied);
  return pass({ ...seen, subscription: safeText(limits.output.subscriptionInfo?.subscriptionTitle) });
}

const kiroSettings = (l10n: Translator) => l10n.t('Kiro console > Settings > Identity management');
const kiroResults = (l10n: Translator) => ({
  kiroNotAsked: {
    found: l10n.t('Kiro wasn’t called.'),
    next: l10n.t('Enter the domain and the Region of the Kiro profile.'),
  },
  kiroChanged: {
    found: l10n.t('Kiro returned an unexpected response.'),
    next: l10n.t('Check it in the Kiro console. This request isn’t documented and can change.'),
  },
  kiroRefused: {
    found: l10n.t('Kiro refused the token or the request.'),
    next: l10n.t('Check the Region of the profile, and the subscriptions in the Kiro console.'),
  },
});

/** Checks through calls of Kiro's own clients. */
export const kiroChecks = [
  defineCheck({
    id: 'kiro.profile',
    steps: ['kiro.profile'],
    owner: 'awsAdministrator',
    needs: ['oktaClient', 'domain', 'kiroRegion'],
    after: ['okta.metadata'],
    unlessFailed: ['okta.clientId'],
    beforehand: checkDomainKnown,
    run: checkKiroProfile,
    texts: (l10n) => ({
      title: l10n.t('Issuer, application, and domain in Kiro'),
      path: kiroSettings(l10n),
      results: {
        ...kiroResults(l10n),
        domainNotFound: (result) => ({
          found: l10n.t('Kiro has no profile for the domain {0}.', fact(result, 'domain')),
          next: l10n.t('Make sure that the profile is enabled and the domain has the status Verified.'),
        }),
        issuerDiffers: (result) => ({
          found: l10n.t('The Kiro profile has a different issuer: {0}.', fact(result, 'kiroIssuer')),
          next: l10n.t('Copy the Metadata URI of this authorization server into the Kiro profile.'),
        }),
        clientIdDiffers: (result) => ({
          found: l10n.t(
            'The Kiro profile has a different application ID: {0}.',
            fact(result, 'kiroClientId'),
          ),
          next: l10n.t('Copy the client ID of this application into the Kiro profile.'),
        }),
      },
      evidence: {
        domain: l10n.t('Domain'),
        kiroIssuer: l10n.t('Issuer in Kiro'),
        kiroClientId: l10n.t('Application ID in Kiro'),
      },
    }),
  }),
  defineCheck({
    id: 'kiro.access',
    steps: ['kiro.test', 'identityCenter.test'],
    owner: 'awsAdministrator',
    page: 'awsHome',
    needs: ['kiroRegion', 'testSignIn'],
    after: ['identityCenter.signIn', 'okta.token'],
    unlessFailed: ['service.answer'],
    run: checkKiroAccess,
    texts: (l10n, guide) => ({
      title: l10n.t('You have access to Kiro'),
      path: serviceGroups(l10n, guide),
      results: {
        ...kiroResults(l10n),
        noKiroProfile: (result) => ({
          found: l10n.t('Kiro has no profile in {0} for the person who signed in.', fact(result, 'region')),
          next: l10n.t('Check the Region, and make sure that the person is provisioned and subscribed.'),
        }),
      },
      evidence: { profile: l10n.t('Profile'), subscription: l10n.t('Subscription') },
    }),
  }),
];
