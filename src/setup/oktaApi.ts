import * as v from 'valibot';
import { parseIssuer } from '../core/oidc/issuer.ts';
import { isOktaOrganization } from '../core/oidc/oktaDomains.ts';
import type { HttpFetch } from '../core/ports.ts';
import { cleanPasted } from '../core/text/pastedText.ts';
import { safeText } from '../core/text/safeText.ts';
import { isLoopbackUrl } from '../core/text/webAddress.ts';
import { withoutEcho } from '../core/text/withoutEcho.ts';
import { fact, fail, inconclusive } from './checkResult.ts';
import type { CheckResult } from './checkResult.ts';
import { redirectIn } from './redirectIn.ts';
import { unsendableIn } from './scimToken.ts';
import type { SetupInputs } from './setupPorts.ts';
import type { Translator } from './translator.ts';

/** What came of a read of Okta's API: the value, or the result that its refusal is. */
export type OktaAnswer<T> = { readonly value: T } | { readonly refusal: OktaRefusal };
/** Why Okta's API was not read. It says nothing of the setup itself. */
export type OktaRefusal = CheckResult<
  OktaReason | 'unclearAnswer',
  'host' | 'status' | 'words' | 'unexpected' | 'redirectsTo' | keyof ReturnType<typeof oktaApiEvidence>
>;

const errorSchema = v.object({ errorSummary: v.optional(v.string()) });
/** A list of Okta's has 200 entries a page at most; who has more than this is not looked at whole. */
const mostPages = 10;

/** The bare token; consoles and scripts show it behind its scheme. */
function tokenIn({ oktaApiToken = '' }: SetupInputs): string {
  return cleanPasted(oktaApiToken.replace(/^\s{0,10}(?:authorization\s{0,5}:\s{0,5})?SSWS\s{1,10}/i, ''));
}

/** The organization's own address: of the issuer, or of the sign-on URL in the saved metadata. */
function organizationOf({ okta, metadataXml = '' }: SetupInputs): URL | undefined {
  const signOnUrl = /https?:\/\/[\w.:[\]-]{1,200}\/app\/[\w-]{1,100}\/exk\w{1,60}\/sso\/saml/.exec(
    metadataXml,
  )?.[0];
  const url = URL.parse(okta === undefined ? (signOnUrl ?? '') : issuerOf(okta.issuer));
  if (url === null) return undefined;
  const isOrganization = url.protocol === 'https:' && url.port === '' && isOktaOrganization(url.hostname);
  return isOrganization || isLoopbackUrl(url) ? url : undefined;
}

function issuerOf(text: string): string {
  try {
    return parseIssuer(text);
  } catch {
    return '';
  }
}

/**
 * Reads one resource of Okta's API with the read-only token, which goes to the organization's own host at Okta (or to this
 * machine) and to no other. A list is read page by page.
 */
export async function readOkta<T extends v.GenericSchema>(
  http: HttpFetch,
  inputs: SetupInputs,
  path: string,
  schema: T,
  signal: AbortSignal,
): Promise<OktaAnswer<v.InferOutput<T>>> {
  const organization = organizationOf(inputs);
  if (organization === undefined) return { refusal: inconclusive('oktaHostUnknown') };
  const token = tokenIn(inputs);
  const character = unsendableIn(token);
  if (character !== undefined) return { refusal: fail('apiTokenCharacter', { character }) };
  const items: unknown[] = [];
  let address: string | undefined = `${organization.origin}${path}`;
  for (let page = 0; address !== undefined && page < mostPages; page++) {
    const request = {
      method: 'GET',
      headers: { authorization: `SSWS ${token}`, accept: 'application/json' },
      signal,
    };
    const response: Response = await withoutEcho(await http(address, request), request);
    const body: unknown = await response.json().catch(() => undefined);
    if (response.status !== 200) return { refusal: refusalOf(response, body, organization.host) };
    if (!Array.isArray(body)) return parsedBy(schema, body);
    items.push(...(body as unknown[]));
    address = nextIn(response, organization.origin);
  }
  return parsedBy(schema, items);
}

function parsedBy<T extends v.GenericSchema>(schema: T, body: unknown): OktaAnswer<v.InferOutput<T>> {
  const parsed = v.safeParse(schema, body);
  if (parsed.success) return { value: parsed.output };
  const unexpected = (v.getDotPath(parsed.issues[0]) ?? 'JSON').slice(0, 100);
  return { refusal: inconclusive('unclearAnswer', { status: 200, unexpected }) };
}

function refusalOf(response: Response, body: unknown, host: string): OktaRefusal {
  const said = v.safeParse(errorSchema, body);
  const words = said.success ? safeText(said.output.errorSummary) : undefined;
  const evidence = { host, status: response.status, words, redirectsTo: redirectIn(response) };
  switch (response.status) {
    case 401:
      return inconclusive('apiTokenRefused', evidence);
    case 403:
      return inconclusive('apiTokenForbidden', evidence);
    case 404:
      return inconclusive('notInOkta', evidence);
    default:
      return inconclusive('unclearAnswer', evidence);
  }
}

/** The next page, where it is at the same place (RFC 8288). */
function nextIn({ headers }: Response, origin: string): string | undefined {
  const next = /<([^<>\s]{1,2000})>;\s{0,5}rel="next"/.exec(headers.get('link') ?? '')?.[1];
  return next !== undefined && URL.parse(next)?.origin === origin ? next : undefined;
}

/** The sentences for what {@link readOkta} is refused for. */
export const oktaApiResults = (l10n: Translator) => ({
  oktaHostUnknown: {
    found: l10n.t('The API token was not sent: the address of the organization at Okta is not known.'),
    next: l10n.t('Use the issuer at the organization’s okta.com address, not at a custom domain.'),
  },
  apiTokenCharacter: (result: CheckResult) => ({
    found: l10n.t('The token contains a character that can’t be sent: {0}.', fact(result, 'character')),
    next: l10n.t('Copy the token again.'),
  }),
  apiTokenRefused: {
    found: l10n.t('Okta refused the API token (HTTP 401).'),
    next: l10n.t(
      'Create a token as a read-only administrator under Security > API > Tokens, and paste it again.',
    ),
  },
  apiTokenForbidden: {
    found: l10n.t('The API token’s administrator may not read this (HTTP 403).'),
    next: l10n.t('Create the token as an administrator with the role Read-Only Administrator.'),
  },
  notInOkta: {
    found: l10n.t('Okta doesn’t find it in this organization (HTTP 404).'),
    next: l10n.t('Compare the issuer and the client ID with the Okta Admin Console.'),
  },
});
type OktaReason = keyof ReturnType<typeof oktaApiResults>;

/** What evidence of Okta's API is called. */
export const oktaApiEvidence = (l10n: Translator) => ({ character: l10n.t('Character') });
