import type { SamlCertificate } from './samlCertificate.ts';

/** A parsed SAML response, or the problem of the pasted text. */
export type SamlResponseFile =
  | { readonly response: SamlResponse }
  | {
      readonly problem: SamlResponseProblem;
      /** Position in the decoded XML, counted from 1, of malformed XML. */
      readonly line?: number;
      readonly column?: number;
      /** Root element of another kind of document. */
      readonly root?: string;
    };

/** Problems of a pasted text that is not the response of one sign-in. */
export type SamlResponseProblem =
  | 'tooLarge'
  | 'notResponse'
  | 'samlRequest'
  | 'samlMetadata'
  | 'documentType'
  | 'notWellFormed'
  | 'severalDocuments';

/**
 * The checked parts of a SAML response (SAML 2.0 Core, 2.3 and 3.3.3) or of a bare assertion. Nothing in it is
 * verified.
 */
export interface SamlResponse {
  /** False for a bare assertion, such as a console's preview. */
  readonly isWhole: boolean;
  /** Status codes without their common prefix, the outermost first; empty for a bare assertion. */
  readonly statusCodes: readonly string[];
  readonly statusMessage?: string;
  readonly isEncrypted: boolean;
  /** Number of readable assertions; the members below are of the first. */
  readonly assertionCount: number;
  /** Issuers of the response and of the assertion. */
  readonly issuers: readonly string[];
  /** The audiences of each restriction; every restriction must have a matching one (SAML 2.0 Core, 2.5.1.4). */
  readonly audiences: readonly (readonly string[])[];
  /** Destination of the response, if it has one. */
  readonly destination?: string;
  /** Recipients of the bearer confirmations; one match suffices (SAML 2.0 Core, 2.4.1). */
  readonly recipients: readonly string[];
  readonly nameId?: string;
  readonly isNameEncrypted: boolean;
  /** As written; absent if it has none. */
  readonly nameIdFormat?: string;
  /** Times are epoch milliseconds. */
  readonly issuedAt?: number;
  readonly validFrom?: number;
  readonly validUntil?: number;
  /** Deadline for delivering the assertion: the latest of several, since one match suffices. */
  readonly deliverableUntil?: number;
  /** The signed elements. */
  readonly signed: readonly ('Response' | 'Assertion')[];
  /** Algorithm URIs of these signatures. */
  readonly signatureMethods: readonly string[];
  /** Certificates of each signature, without those that only issued another one. */
  readonly certificates: readonly (readonly SamlCertificate[])[];
  /** Names of the attributes, without values. */
  readonly attributes: readonly string[];
}
