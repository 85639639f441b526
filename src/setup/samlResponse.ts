import type { SamlCertificate } from './samlCertificate.ts';

/** A pasted SAML response: what it says, or what keeps it from being one. */
export type SamlResponseFile =
  | { readonly response: SamlResponse }
  | {
      readonly problem: SamlResponseProblem;
      /** Where in the decoded XML, counted from 1, for what is not well-formed. */
      readonly line?: number;
      readonly column?: number;
      /** The name of the root element of another kind of document. */
      readonly root?: string;
    };

/** Why a pasted text is not the response of one sign-in. */
export type SamlResponseProblem =
  | 'tooLarge'
  | 'notResponse'
  | 'samlRequest'
  | 'samlMetadata'
  | 'documentType'
  | 'notWellFormed'
  | 'severalDocuments';

/** A response of SAML 2.0 (SAML 2.0 Core, 2.3 and 3.3.3), or an assertion by itself, as far as it is checked. Nothing in it is verified. */
export interface SamlResponse {
  /** False for an assertion by itself, which a console's preview may be. */
  readonly isWhole: boolean;
  /** The status codes, the outermost first, without their common beginning; none for an assertion by itself. */
  readonly statusCodes: readonly string[];
  readonly statusMessage?: string;
  readonly isEncrypted: boolean;
  /** How many assertions can be read; the members below are of the first. */
  readonly assertionCount: number;
  /** Of the response and of the assertion. */
  readonly issuers: readonly string[];
  /** The audiences of each restriction: all of these are to be met, each by one of its own (SAML 2.0 Core, 2.5.1.4). */
  readonly audiences: readonly (readonly string[])[];
  /** Where the response itself goes; absent where it does not say. */
  readonly destination?: string;
  /** The recipients of the bearer confirmations: one that fits is enough (SAML 2.0 Core, 2.4.1). */
  readonly recipients: readonly string[];
  readonly nameId?: string;
  readonly isNameEncrypted: boolean;
  /** As it is written; absent where it names none. */
  readonly nameIdFormat?: string;
  /** Times are epoch milliseconds. */
  readonly issuedAt?: number;
  readonly validFrom?: number;
  readonly validUntil?: number;
  /** Until when the assertion can be handed over; the latest of several, as one that fits is enough. */
  readonly deliverableUntil?: number;
  /** Which elements have a signature. */
  readonly signed: readonly ('Response' | 'Assertion')[];
  /** The algorithms of these signatures, as URIs. */
  readonly signatureMethods: readonly string[];
  /** The certificates that each of these signatures names, without those that only issued another of them. */
  readonly certificates: readonly (readonly SamlCertificate[])[];
  /** The names of the attributes, without their values. */
  readonly attributes: readonly string[];
}
