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

/** Fields that the checks read as they are typed; the others are read first. */
type PlainField = Exclude<FieldName, 'issuer' | 'clientId' | 'startUrl' | 'region' | 'metadataFile'>;

/** What the checks are given. What is in `secretFields` is never remembered, logged or reported. */
export interface SetupInputs extends Readonly<Partial<Record<PlainField, string>>> {
  readonly okta?: OktaConnection;
  readonly identityCenter?: IdentityCenterConnection;
  readonly oidc?: OidcConnection;
  /** The text of the saved `metadata.xml`. */
  readonly metadataXml?: string;
  /** A host that is not Identity Center's, to which a person agreed to send the token. */
  readonly confirmedScimHost?: string;
}
/** The name of an input of the checks. */
export type InputName = keyof SetupInputs | 'testSignIn' | 'oktaApi';

/** What the checks ask of the outside. */
export interface SetupPorts {
  readonly clock: Clock;
  readonly http: HttpFetch;
  /** A text without secrets that were sent, in whatever form it says them back. */
  readonly withoutSecrets: (text: string, secrets: readonly string[]) => string;
  readonly isSameOrganization: IsSameOrganization;
  readonly ssoOidcAt: SsoOidcAt;
  readonly endpoints: EndpointTemplates;
  /** Whether a redirect never reaches this machine from the browser, so that a sign-in at Okta begins with a device code. */
  readonly beginsWithDeviceCode: boolean;
  /** The ports of `connection`, or those of the settings. */
  readonly redirectPorts: readonly number[];
  /** Every address and port that cannot be had, with the system's error. */
  readonly loopbackPorts: (ports: readonly number[]) => Promise<readonly PortRefusal[]>;
  readonly txtLookups: TxtLookups;
  /** Reads SAML metadata (SAML 2.0 Metadata, 2.4.3), or says what the text is instead. */
  readonly readSamlMetadata: (xml: string) => SamlFile;
  /** Reads a pasted SAML response (SAML 2.0 Core, 3.3.3), or says what the text is instead. Verifies no signature. */
  readonly readSamlResponse: (pasted: string) => SamlResponseFile;
  /** Signs claims as a JWT (RFC 7519) with a private key as text, PEM or JWK, or says why it cannot. */
  readonly signJwt: (key: string, claims: Readonly<Record<string, string | number>>) => SignedJwt;
  /** The credentials that this machine has for a profile of the AWS CLI, or {@link anyProfile}; looked up when first used. */
  readonly openAws: (profile: string) => AwsSigner;
  /** Signs in for a test; absent when the person does not want it now. Rejects as a sign-in does. */
  readonly signIn?: (signal: AbortSignal) => Promise<TestSignIn>;
}

/** A JWT, or what keeps a text from being a key that signs one. */
export type SignedJwt =
  | { readonly jwt: string }
  | { readonly problem: 'keyUnreadable' | 'keyPublic' | 'keyEncrypted' | 'keyUnsupported' };

/** What only the setup checks ask of the outside. */
export interface SetupAdapters extends Pick<
  SetupPorts,
  | 'loopbackPorts'
  | 'txtLookups'
  | 'readSamlMetadata'
  | 'readSamlResponse'
  | 'signJwt'
  | 'openAws'
  | 'withoutSecrets'
> {
  /** The names of the profiles of the AWS CLI. */
  readonly awsProfiles: () => Promise<readonly string[]>;
}

/** In the place of a profile's name: what the AWS SDK finds by itself, in the environment or on the machine. */
export const anyProfile = '*';

/** Signs requests to AWS's APIs (Signature Version 4). */
export interface AwsSigner {
  /** The headers of the request with the signature; or why credentials are missing, in words without a secret. */
  readonly sign: (
    request: AwsRequest,
    signal: AbortSignal,
  ) => Promise<{ readonly headers: Record<string, string> } | { readonly noCredentials: string }>;
}
/** A POST to an AWS API. */
export interface AwsRequest {
  readonly url: string;
  /** The name that the signature has for the service. */
  readonly service: string;
  readonly region: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Asks for the TXT records of a name. */
export interface TxtLookups {
  /**
   * By this machine's resolver; no records where the name or the record does not exist.
   * Rejects with a `SignInError` `network` or `timeout` when the DNS could not be asked.
   */
  readonly txt: (name: string, signal: AbortSignal) => Promise<TxtAnswer>;
  /** By the name servers of the zone itself, past every cache and internal view; undefined where they cannot be reached. */
  readonly zoneTxt: (name: string, signal: AbortSignal) => Promise<TxtAnswer | undefined>;
}
/** The TXT records at a name, each put together, and the addresses of the servers that were asked for them. */
export interface TxtAnswer {
  readonly records: readonly string[];
  readonly servers: readonly string[];
}

/** A sign-in that was made to see whether it works. Its tokens stay in here. */
export interface TestSignIn {
  readonly accountLabel: string;
  /** When the client registration that its session belongs to ends, epoch milliseconds; absent without one. */
  readonly registrationEndsAt?: number;
  readonly tokenSet: TokenSet;
  /** Tokens that are good now: those of the sign-in, or after a refresh. */
  fresh(signal: AbortSignal): Promise<TokenSet>;
  /** One refresh, needed or not. */
  renew(signal: AbortSignal): Promise<TokenSet>;
  /** Signs out of it, here and at the provider; absent where it is the account of a person who was signed in before. */
  end?(): Promise<unknown>;
}

/** A file that was given as SAML metadata: what it says, or what keeps it from being metadata. */
export type SamlFile =
  | { readonly metadata: SamlMetadata }
  | {
      readonly problem: SamlFileProblem;
      /** Where, counted from 1, for what is not well-formed. */
      readonly line?: number;
      readonly column?: number;
      /** How many providers a file of several describes. */
      readonly count?: number;
      /** The name of the root element of another kind of document. */
      readonly root?: string;
    };

/** Why a file is not the metadata of one provider. */
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

/** An identity provider's metadata, as far as it is checked. */
export interface SamlMetadata {
  readonly entityId: string | undefined;
  /** Whether it describes an identity provider, not a service provider. */
  readonly isIdentityProvider: boolean;
  /** False where the identity provider speaks older versions of SAML only. */
  readonly isSaml2: boolean;
  /** When the metadata itself ends, epoch milliseconds, where it says so. */
  readonly validUntil?: number;
  readonly signOn: readonly { readonly binding: string; readonly url: string }[];
  /** Those for signing, or for any use. */
  readonly certificates: readonly SamlCertificate[];
}

/** A text that all windows of this machine share. Rejects with the system's error. */
export interface SharedText {
  /** Undefined before it is first written. */
  read(): Promise<string | undefined>;
  /** Replaces it by what `next` makes of it, while no other window can. Rejects with the signal's reason while it waits. */
  change(next: (before: string | undefined) => string, signal: AbortSignal): Promise<void>;
}
