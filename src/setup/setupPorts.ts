import type {
  IdentityCenterConnection,
  OidcConnection,
  OktaConnection,
} from '../core/connection/connection.ts';
import type { PortRefusal } from '../core/oauth/errors.ts';
import type { EndpointTemplates } from '../core/identityCenter/endpoints.ts';
import type { Clock, HttpFetch, IsSameOrganization } from '../core/ports.ts';
import type { SsoOidcAt } from '../core/identityCenter/ssoOidc.ts';
import type { TokenSet } from '../core/oauth/tokenSet.ts';
import type { FieldName } from './fields.ts';
import type { SamlCertificate } from './samlCertificate.ts';
import type { SamlResponseFile } from './samlResponse.ts';

/** Fields that the checks get as typed; the others are parsed first. */
type PlainField = Exclude<FieldName, 'issuer' | 'clientId' | 'startUrl' | 'region' | 'metadataFile'>;

/** The inputs of the checks. Those in `secretFields` are never remembered, logged or reported. */
export interface SetupInputs extends Readonly<Partial<Record<PlainField, string>>> {
  readonly oktaClient?: OktaConnection;
  readonly accessPortal?: IdentityCenterConnection;
  readonly oidcClient?: OidcConnection;
  /** The text of the saved `metadata.xml`. */
  readonly metadataXml?: string;
  /** A host outside Identity Center to which the user agreed to send the token. */
  readonly confirmedScimHost?: string;
}
/** The name of an input of the checks. */
export type InputName = keyof SetupInputs | 'testSignIn' | 'oktaApi';

/** The setup checks' access to the outside. */
export interface SetupPorts {
  readonly clock: Clock;
  readonly http: HttpFetch;
  readonly isSameOrganization: IsSameOrganization;
  readonly ssoOidcAt: SsoOidcAt;
  readonly endpoints: EndpointTemplates;
  /** Whether redirects never reach this machine, so a sign-in at Okta begins with a device code. */
  readonly beginsWithDeviceCode: boolean;
  /** The ports of `connection`, or those of the settings. */
  readonly redirectPorts: readonly number[];
  /** Ports and addresses that cannot be bound, with the system's error. */
  readonly loopbackPorts: (ports: readonly number[]) => Promise<readonly PortRefusal[]>;
  readonly txtLookups: TxtLookups;
  /** Parses SAML metadata (SAML 2.0 Metadata, 2.4.3), or describes the text's problem. */
  readonly readSamlMetadata: (xml: string) => SamlFile;
  /** Parses a pasted SAML response (SAML 2.0 Core, 3.3.3), or describes the text's problem. Verifies no signature. */
  readonly readSamlResponse: (pasted: string) => SamlResponseFile;
  /** Signs claims as a JWT (RFC 7519) with a private key in PEM or JWK form, or returns the reason why it cannot. */
  readonly signJwt: (key: string, claims: Readonly<Record<string, string | number>>) => SignedJwt;
  /** A signer with the credentials of an AWS CLI profile, or {@link anyProfile}; looks them up on first use. */
  readonly openAws: (profile: string) => AwsSigner;
  /** Signs in for a test; absent if the user does not want that now. Rejects as a sign-in does. */
  readonly signIn?: (signal: AbortSignal) => Promise<TestSignIn>;
}

/** A JWT, or the problem of a text that is not a signing key. */
export type SignedJwt =
  | { readonly jwt: string }
  | { readonly problem: 'keyUnreadable' | 'keyPublic' | 'keyEncrypted' | 'keyUnsupported' };

/** The ports that only the setup checks need. */
export interface SetupAdapters extends Pick<
  SetupPorts,
  'loopbackPorts' | 'txtLookups' | 'readSamlMetadata' | 'readSamlResponse' | 'signJwt' | 'openAws'
> {
  /** Names of the AWS CLI's profiles. */
  readonly awsProfiles: () => Promise<readonly string[]>;
}

/** Instead of a profile's name: the credentials that the AWS SDK finds in the environment or on the machine. */
export const anyProfile = '*';

/** Signs requests to AWS's APIs (Signature Version 4). */
export interface AwsSigner {
  /** The request's headers with the signature; or the reason for missing credentials, without secrets. */
  readonly sign: (
    request: AwsRequest,
    signal: AbortSignal,
  ) => Promise<{ readonly headers: Record<string, string> } | { readonly noCredentials: string }>;
}
/** A POST to an AWS API. */
export interface AwsRequest {
  readonly url: string;
  /** The service name in the signature. */
  readonly service: string;
  readonly region: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** TXT lookups. */
export interface TxtLookups {
  /**
   * Asks this machine's resolver; no records if the name or record does not exist. Rejects with a `SignInError`
   * `network` or `timeout` if the DNS could not be asked.
   */
  readonly txt: (name: string, signal: AbortSignal) => Promise<TxtAnswer>;
  /** Asks the zone's own name servers, bypassing caches; undefined if they are unreachable. */
  readonly zoneTxt: (name: string, signal: AbortSignal) => Promise<TxtAnswer | undefined>;
}
/** The joined TXT records at a name, and the addresses of the servers that were asked. */
export interface TxtAnswer {
  readonly records: readonly string[];
  readonly servers: readonly string[];
  /** Set if all name servers of the zone are inside this network; the public zone of this name may differ. */
  readonly isInternal?: true;
}

/** A sign-in made as a test. Its tokens stay within it. */
export interface TestSignIn {
  readonly accountLabel: string;
  /** Expiration of the session's client registration, epoch milliseconds; absent without one. */
  readonly registrationEndsAt?: number;
  readonly tokenSet: TokenSet;
  /** Currently valid tokens: those of the sign-in, or refreshed. */
  validTokens(signal: AbortSignal): Promise<TokenSet>;
  /** Forces a refresh. */
  renew(signal: AbortSignal): Promise<TokenSet>;
  /** Signs out here and at the provider; absent if the user was signed in to the account before. */
  end?(): Promise<unknown>;
}

/** Parsed SAML metadata, or the problem of the file. */
export type SamlFile =
  | { readonly metadata: SamlMetadata }
  | {
      readonly problem: SamlFileProblem;
      /** Position, counted from 1, of malformed XML. */
      readonly line?: number;
      readonly column?: number;
      /** Number of providers in a file that has several. */
      readonly count?: number;
      /** Root element of another kind of document. */
      readonly root?: string;
    };

/** Problems of a file that is not the metadata of one provider. */
export type SamlFileProblem =
  | 'empty'
  | 'tooLarge'
  | 'archive'
  | 'pdf'
  | 'webPage'
  | 'browserView'
  | 'certificateFile'
  | 'privateKey'
  | 'json'
  | 'addressOnly'
  | 'samlMessage'
  | 'documentType'
  | 'notWellFormed'
  | 'severalDocuments'
  | 'severalEntities'
  | 'wrongNamespace'
  | 'notMetadata';

/** The checked parts of an identity provider's metadata. */
export interface SamlMetadata {
  readonly entityId: string | undefined;
  /** Whether it is an identity provider's, not a service provider's. */
  readonly isIdentityProvider: boolean;
  /** False if it supports only older versions of SAML. */
  readonly isSaml2: boolean;
  /** Expiration of the metadata itself, epoch milliseconds, if it has one. */
  readonly validUntil?: number;
  readonly signOn: readonly { readonly binding: string; readonly url: string }[];
  /** Certificates for signing, or for any use. */
  readonly certificates: readonly SamlCertificate[];
}

/** A text shared by all windows of this machine. Rejects with the system's error. */
export interface SharedText {
  /** Undefined before the first write. */
  read(): Promise<string | undefined>;
  /** Replaces the text with the result of `next`, under a lock. Rejects with the signal's reason while it waits. */
  change(next: (before: string | undefined) => string, signal: AbortSignal): Promise<void>;
}
