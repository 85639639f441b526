import { randomBytes, X509Certificate } from 'node:crypto';
import { SAML, type SamlConfig, ValidateInResponseTo } from '@node-saml/node-saml';
import { XMLParser } from 'fast-xml-parser';
import type { IdpMetadata } from './idpMetadata.ts';

/** Reasons for rejecting a response. */
export type SamlRefusal =
  | 'signature'
  | 'certificate'
  | 'time'
  | 'audience'
  | 'inResponseTo'
  | 'replayed'
  | 'recipient'
  | 'issuer'
  | 'status'
  | 'malformed';

export class SamlError extends Error {
  override readonly name = 'SamlError';
  readonly refusal: SamlRefusal;

  constructor(refusal: SamlRefusal, cause?: unknown) {
    super(`The SAML response was rejected: ${refusal}.`, { cause });
    this.refusal = refusal;
  }
}

export interface ServiceProviderOptions {
  /** The address for responses: the *IAM Identity Center ACS URL*. */
  readonly acsUrl: string;
  /** The required audience of assertions: the *IAM Identity Center issuer URL*. */
  readonly issuerUrl: string;
  readonly identityProvider: IdpMetadata;
}

/** An authentication request on its way through a browser. */
interface AuthenticationRequest {
  readonly id: string;
  /** The redirect target: the identity provider's sign-on URL with the request (HTTP-Redirect binding). */
  readonly address: string;
}

/** A SAML 2.0 service provider: sends requests, and accepts only responses that are correct in every respect. */
export interface ServiceProvider {
  /** @param again whether the identity provider must prompt a user who is signed in (`ForceAuthn`) */
  request(relayState: string, again: boolean): Promise<AuthenticationRequest>;
  /**
   * Validates a response of the HTTP-POST binding: the signatures of response and assertion, that only signed
   * content is read, issuer, audience, times, recipient, that it answers this request, and that it was not used
   * before.
   * @param samlResponse base64
   * @param requestId the ID of the request that this browser sent
   * @returns the `NameID`
   * @throws {SamlError}
   */
  accept(samlResponse: string, requestId: string): Promise<string>;
}

/** Time limit for a sign-in at the identity provider. */
export const REQUEST_LIFETIME_MS = 10 * 60_000;
/** Allowed clock skew between two companies. Assertions are valid for minutes. */
const CLOCK_SKEW_MS = 5_000;

/** Uses `Date.now` for all times, since the library does not support another clock. */
export function createServiceProvider(options: ServiceProviderOptions): ServiceProvider {
  const { acsUrl, issuerUrl, identityProvider } = options;
  const seenAssertions = new Set<string>();
  const requests = createRequestMemory();

  const settings: SamlConfig = {
    callbackUrl: acsUrl,
    issuer: issuerUrl,
    audience: issuerUrl,
    entryPoint: identityProvider.signOnUrl,
    idpCert: (callback) => callback(null, identityProvider.certificates.filter(isValidNow)),
    wantAuthnResponseSigned: true,
    wantAssertionsSigned: true,
    validateInResponseTo: ValidateInResponseTo.always,
    requestIdExpirationPeriodMs: REQUEST_LIFETIME_MS,
    acceptedClockSkewMs: CLOCK_SKEW_MS,
    cacheProvider: requests,
    disableRequestedAuthnContext: true,
    identifierFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
  };
  const reader = new SAML(settings);

  return {
    async request(relayState, again) {
      const id = `_${randomBytes(16).toString('hex')}`;
      const writer = new SAML({ ...settings, generateUniqueId: () => id, forceAuthn: again });
      return { id, address: await writer.getAuthorizeUrlAsync(relayState, undefined, {}) };
    },

    async accept(samlResponse, requestId) {
      // The guide says only that sign-ins are disrupted then; not observed on the live service.
      if (!identityProvider.certificates.some(isValidNow)) throw new SamlError('certificate');
      const { profile } = await reader
        .validatePostResponseAsync({ SAMLResponse: samlResponse })
        .catch((error: unknown) => {
          throw new SamlError(refusalIn(error), error);
        });
      if (profile === null) throw new SamlError('status');
      const whole = profile.getSamlResponseXml?.() ?? '';
      const { assertionId, recipient } = factsOf(profile.getAssertion?.());
      if (seenAssertions.has(assertionId)) throw new SamlError('replayed');
      seenAssertions.add(assertionId);
      if (profile['inResponseTo'] !== requestId) throw new SamlError('inResponseTo');
      if (profile.issuer !== identityProvider.entityId) throw new SamlError('issuer');
      // The verified signature over the whole response covers the attributes of its root.
      if (recipient !== acsUrl || destinationOf(whole) !== acsUrl) throw new SamlError('recipient');
      return profile.nameID;
    },
  };
}

function isValidNow(pem: string): boolean {
  const { validFromDate, validToDate } = new X509Certificate(pem);
  return validFromDate.getTime() <= Date.now() && Date.now() < validToDate.getTime();
}

/** IDs of pending requests, each usable once. */
function createRequestMemory() {
  const waiting = new Map<string, string>();
  return {
    async saveAsync(id: string, value: string) {
      waiting.set(id, value);
      return { value, createdAt: Date.now() };
    },
    getAsync: async (id: string) => waiting.get(id) ?? null,
    async removeAsync(id: string | null) {
      return id !== null && waiting.delete(id) ? id : null;
    },
  };
}

/** The library distinguishes its errors only by message. */
const REFUSALS: readonly (readonly [RegExp, SamlRefusal])[] = [
  [/signature/i, 'signature'],
  [/InResponseTo/i, 'inResponseTo'],
  [/audience/i, 'audience'],
  [/expired|not yet valid|NotBefore|NotOnOrAfter|subject confirmation/i, 'time'],
  [/SAML provider returned/, 'status'],
];

function refusalIn(error: unknown): SamlRefusal {
  const message = error instanceof Error ? error.message : '';
  return REFUSALS.find(([words]) => words.test(message))?.[1] ?? 'malformed';
}

/** The assertion data that the library read under a verified signature. */
function factsOf(assertion: Record<string, unknown> | undefined): { assertionId: string; recipient: string } {
  const root = assertion?.['Assertion'] as XmlNode | undefined;
  const confirmation = root?.['Subject']?.[0]?.['SubjectConfirmation']?.[0];
  const data = confirmation?.['SubjectConfirmationData']?.[0];
  return { assertionId: root?.$?.['ID'] ?? '', recipient: data?.$?.['Recipient'] ?? '' };
}

type XmlNode = Readonly<Record<string, readonly XmlNode[] | undefined>> & {
  readonly $?: Readonly<Record<string, string>>;
};

function destinationOf(responseXml: string): string | undefined {
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', removeNSPrefix: true });
  const { Response: root } = parser.parse(responseXml) as { Response?: { '@Destination'?: string } };
  return root?.['@Destination'];
}
