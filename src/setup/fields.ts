import { SignInError } from '../core/oauth/errors.ts';
import { regionIn } from '../input/regions.ts';
import { parseStartUrl } from '../input/startUrl.ts';
import { parseClientId, parseIssuer } from '../input/issuer.ts';
import { cleanPasted, firstInvisible } from '../input/pastedText.ts';
import type { Translator } from './translator.ts';
import { readDomain } from './domainName.ts';
import { readScimToken, unsendableIn } from './scimToken.ts';
import type { SetupGuideId } from './setupGuides.ts';

/** An input of the administrator, as typed. */
export interface Field {
  readonly guides: readonly SetupGuideId[];
  /** An example. */
  readonly placeholder: string;
  /** Another example in a guide. */
  readonly placeholders?: Readonly<Partial<Record<SetupGuideId, string>>>;
  /** Copied from a console: white space and the like around it is trimmed. */
  readonly isPasted?: true;
  readonly texts: (
    l10n: Translator,
    guide: SetupGuideId,
  ) => { readonly title: string; /** Where to find it. */ readonly prompt: string };
  /**
   * A sentence about an invalid, nonempty text; undefined if it is valid.
   * @throws SignInError `invalidInput`, whose message is the error's
   */
  readonly problem: (text: string, l10n: Translator) => string | undefined;
}

const both = ['identityCenter', 'kiro'] as const;

/**
 * All fields, in the order of the guides' steps, then those that few administrators fill in. Values are remembered,
 * except those of `secretFields`; `metadataFile` is a file's URI.
 */
export const fields = {
  issuer: {
    guides: ['kiro', 'openIdConnect'],
    placeholder: 'https://example.okta.com/oauth2/aus1a2b3c4d5/.well-known/oauth-authorization-server',
    placeholders: { openIdConnect: 'https://login.example.com' },
    texts: (l10n, guide) => ({
      title: l10n.t('Issuer'),
      prompt:
        guide === 'kiro'
          ? l10n.t('The Metadata URI of the authorization server: Security > API > Authorization Servers.')
          : l10n.t('The issuer URL of the provider, or its metadata URL.'),
    }),
    problem: (text) => void parseIssuer(text),
  },
  clientId: {
    guides: ['kiro', 'openIdConnect'],
    placeholder: '0oa1b2c3d4E5f6G7h8i9',
    placeholders: { openIdConnect: 'developer-sign-in' },
    texts: (l10n, guide) => ({
      title: l10n.t('Client ID'),
      prompt:
        guide === 'kiro'
          ? l10n.t('The client ID of the OIDC application, from its General tab.')
          : l10n.t('The client ID of the public (native) application.'),
    }),
    problem: (text) => void parseClientId(text),
  },
  startUrl: {
    guides: ['identityCenter'],
    placeholder: 'https://d-1234567890.awsapps.com/start',
    texts: (l10n) => ({
      title: l10n.t('Start URL'),
      prompt: l10n.t('The AWS access portal URL, from the IAM Identity Center dashboard.'),
    }),
    problem: (text) => void parseStartUrl(text),
  },
  region: {
    guides: ['identityCenter'],
    placeholder: 'us-east-1',
    texts: (l10n) => ({
      title: l10n.t('Region'),
      prompt: l10n.t('The Region where IAM Identity Center is enabled.'),
    }),
    problem: (text) => {
      if (regionIn(text) !== undefined) return undefined;
      throw new SignInError('invalidInput', { operation: 'region' });
    },
  },
  metadataFile: {
    guides: ['identityCenter'],
    placeholder: 'metadata.xml',
    texts: (l10n) => ({
      title: l10n.t('Saved metadata.xml'),
      prompt: l10n.t('From Okta: Sign On > View IdP metadata.'),
    }),
    problem: tooLong,
  },
  acsUrl: {
    guides: ['identityCenter'],
    placeholder: 'https://us-east-1.signin.aws.amazon.com/platform/saml/acs/…',
    isPasted: true,
    texts: (l10n) => ({
      title: l10n.t('ACS URL'),
      prompt: l10n.t('The ACS URL. Copy it from Okta (Sign On > Advanced Sign-on Settings), not from AWS.'),
    }),
    problem: notAddress,
  },
  samlIssuerUrl: {
    guides: ['identityCenter'],
    placeholder: 'https://us-east-1.signin.aws.amazon.com/platform/saml/d-1234567890',
    isPasted: true,
    texts: (l10n) => ({
      title: l10n.t('Issuer URL'),
      prompt: l10n.t(
        'The issuer URL. Copy it from Okta (Sign On > Advanced Sign-on Settings), not from AWS.',
      ),
    }),
    problem: notAddress,
  },
  domain: {
    guides: ['kiro'],
    placeholder: 'example.com',
    isPasted: true,
    texts: (l10n) => ({
      title: l10n.t('Domain'),
      prompt: l10n.t('The domain, or the record name shown in the console.'),
    }),
    problem: (text, l10n) => {
      if (readDomain(text) !== undefined) return undefined;
      return refuseInvisible(text) ?? l10n.t('Enter a domain, such as example.com.');
    },
  },
  verificationToken: {
    guides: ['kiro'],
    placeholder: '1a2b3c4d-5e6f-7a8b',
    isPasted: true,
    texts: (l10n) => ({
      title: l10n.t('The domain’s verification token'),
      prompt: l10n.t('The value of the TXT record. It’s public in the DNS.'),
    }),
    problem: refuseInvisible,
  },
  scimEndpoint: {
    guides: both,
    placeholder: 'https://scim.us-east-1.amazonaws.com/…/scim/v2',
    isPasted: true,
    texts: (l10n, guide) => ({
      title: l10n.t('SCIM endpoint'),
      prompt:
        guide === 'kiro'
          ? l10n.t('The SCIM connector base URL, exactly as entered in the SAML application in Okta.')
          : l10n.t('The base URL, exactly as entered under Provisioning > Integration in Okta.'),
    }),
    problem: (text, l10n) => notAddress(text, l10n) ?? secretIn(text, l10n),
  },
  scimToken: {
    guides: both,
    placeholder: '',
    isPasted: true,
    texts: (l10n, guide) => ({
      title: l10n.t('SCIM access token'),
      prompt: l10n.t(
        'AWS shows it only once. Generate a second one under {0}. Used only for reading, never stored.',
        guide === 'kiro'
          ? 'Settings > Identity management > Access tokens'
          : 'Settings > Automatic provisioning > Access tokens',
      ),
    }),
    problem: (text, l10n) => {
      if (text.includes('://')) return l10n.t('That’s a URL. Paste the access token here.');
      const character = unsendableIn(readScimToken(text));
      if (character === undefined) return undefined;
      throw new SignInError('invalidInput', { operation: 'header', reason: 'character', character });
    },
  },
  userName: {
    guides: both,
    placeholder: 'ana@example.com',
    isPasted: true,
    texts: (l10n) => ({
      title: l10n.t('A person to look up'),
      prompt: l10n.t('The username of an assigned person, such as ana@example.com.'),
    }),
    problem: (text, l10n) => tooLong(text, l10n) ?? refuseInvisible(text),
  },
  groupName: {
    guides: both,
    placeholder: 'Developers',
    texts: (l10n) => ({
      title: l10n.t('One of the person’s groups'),
      prompt: l10n.t('The name of a pushed group that contains this person.'),
    }),
    problem: (text, l10n) => tooLong(text, l10n) ?? refuseInvisible(text),
  },
  samlResponse: {
    guides: ['identityCenter'],
    placeholder: 'PHNhbWwycDpSZXNwb25zZS…',
    texts: (l10n) => ({
      title: l10n.t('SAML response'),
      prompt: l10n.t(
        'Of a sign-in by the person to look up: SAMLResponse in the browser’s developer tools, or Okta’s Preview SAML. Only compared, never stored.',
      ),
    }),
    problem: (text, l10n) =>
      text.includes('<') || text.trim().length >= 100
        ? undefined
        : l10n.t('Paste the whole SAML response, as XML or as base64.'),
  },
  serviceUrl: {
    guides: both,
    placeholder: 'https://',
    isPasted: true,
    texts: (l10n) => ({
      title: l10n.t('API address of the service'),
      prompt: l10n.t(
        'Only for your own service that accepts the token. It’s sent only to this URL, which must require a token for GET requests.',
      ),
    }),
    problem: (text, l10n) => notAddress(text, l10n) ?? secretIn(text, l10n),
  },
  oktaApiToken: {
    guides: both,
    placeholder: '00a1B2c3D4e5F6…',
    isPasted: true,
    texts: (l10n) => ({
      title: l10n.t('Read-only Okta API token'),
      prompt: l10n.t(
        'Not needed with a service app. A read-only administrator’s token, from Security > API > Tokens. Used only for reading, never stored.',
      ),
    }),
    problem: (text, l10n) => {
      if (text.includes('://')) return l10n.t('That’s a URL. Paste the API token here.');
      const character = unsendableIn(cleanPasted(text.replace(/^\s{0,10}SSWS\s{1,10}/i, '')));
      if (character === undefined) return undefined;
      throw new SignInError('invalidInput', { operation: 'header', reason: 'character', character });
    },
  },
  oktaServiceClientId: {
    guides: both,
    placeholder: '0oa1b2c3d4E5f6G7h8i9',
    isPasted: true,
    texts: (l10n) => ({
      title: l10n.t('Okta service app: client ID'),
      prompt: l10n.t(
        'Not needed with an API token. An API Services app with read scopes and the role Read-Only Administrator.',
      ),
    }),
    problem: (text) => void parseClientId(text),
  },
  oktaServiceKey: {
    guides: both,
    placeholder: '{"kty":"RSA",…}',
    isPasted: true,
    texts: (l10n) => ({
      title: l10n.t('Okta service app: private key'),
      prompt: l10n.t('Not needed with an API token. JSON or PEM. Signs one request, never stored or sent.'),
    }),
    problem: (text, l10n) => {
      if (/-----BEGIN [\w ]*(?:PUBLIC KEY|CERTIFICATE)-----/.test(text))
        return l10n.t('That’s a public key. Paste the private key.');
      return /-----BEGIN [\w ]*PRIVATE KEY-----|^\s*\{/.test(text)
        ? undefined
        : l10n.t('A private key begins with {0}, or is JSON.', '-----BEGIN PRIVATE KEY-----');
    },
  },
  kiroRegion: {
    guides: both,
    placeholder: 'us-east-1',
    isPasted: true,
    texts: (l10n) => ({
      title: l10n.t('Region of the Kiro profile'),
      prompt: l10n.t(
        'Enables checks through the undocumented API of Kiro’s own clients. The token of the test sign-in is sent to AWS in this Region.',
      ),
    }),
    problem: (text) => {
      if (regionIn(text) !== undefined) return undefined;
      throw new SignInError('invalidInput', { operation: 'region' });
    },
  },
  awsProfile: {
    guides: ['identityCenter'],
    placeholder: 'default',
    texts: (l10n) => ({
      title: l10n.t('AWS profile'),
      prompt: l10n.t('A profile of the AWS CLI. Its credentials are used only for reading, never stored.'),
    }),
    problem: tooLong,
  },
} as const satisfies Readonly<Record<string, Field>>;

/**
 * Secret fields: asked for each time, and never remembered, logged or reported. Of the SAML response, which
 * signs a person in for minutes, only the compared parts are reported.
 */
export const secretFields = ['scimToken', 'samlResponse', 'oktaApiToken', 'oktaServiceKey'] as const;
/** The name of a field with a secret. */
export type SecretField = (typeof secretFields)[number];

/** The name of an input field. */
export type FieldName = keyof typeof fields;

/** The fields of a guide, in the order of its steps. */
export function fieldsOf(guide: SetupGuideId): readonly FieldName[] {
  const all = Object.entries(fields) as [FieldName, Field][];
  return all.flatMap(([name, { guides }]) => (guides.includes(guide) ? [name] : []));
}

function tooLong(text: string, l10n: Translator): string | undefined {
  return text.trim().length > 300 ? l10n.t('The value is too long.') : undefined;
}

/** Such values are remembered, so this rejects a token that was pasted into the wrong field. */
function notAddress(text: string, l10n: Translator): string | undefined {
  if (!/^https?:\/\/\S+$/i.test(cleanPasted(text)))
    return l10n.t('Enter a valid URL that starts with https://.');
  return refuseInvisible(text);
}

/** The problem of an address with a secret in its query, which would be remembered. */
function secretIn(text: string, l10n: Translator): string | undefined {
  const names = [...(URL.parse(cleanPasted(text))?.searchParams.keys() ?? [])];
  return names.some((name) => /token|secret|password|api_?key|signature|^key$/i.test(name))
    ? l10n.t('The URL contains a secret. Remove the question mark and everything after it.')
    : undefined;
}

/** Rejects an invisible character, which the error's message names. @throws SignInError `invalidInput` */
function refuseInvisible(text: string): string | undefined {
  const character = firstInvisible(cleanPasted(text));
  if (character !== undefined) throw new SignInError('invalidInput', { reason: 'character', character });
  return undefined;
}
