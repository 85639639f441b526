import type { SignInError } from '../core/oauth/errors.ts';

/** What a check found of its step. */
export type ResultState = 'pass' | 'warning' | 'fail' | 'inconclusive';

/** A check's result: facts only, none of them a secret. Its words are the shell's. */
export interface CheckResult {
  readonly state: ResultState;
  /** Why, where it does not simply pass. */
  readonly reason?: FindingReason;
  /** What it was seen by, in the order it is shown. */
  readonly evidence: readonly Evidence[];
  /** What went wrong on the way, where something did. */
  readonly error?: SignInError;
}

/** One fact. Moments are epoch milliseconds, under a name that ends in `At`. */
export interface Evidence {
  readonly name: EvidenceName;
  readonly value: string | number | readonly string[];
}

export type EvidenceName =
  | 'account'
  | 'acceptedInstead'
  | 'accessTokenSeconds'
  | 'active'
  | 'address'
  | 'answer'
  | 'asked'
  | 'binding'
  | 'blockedBy'
  | 'certificateEndsAt'
  | 'certificateStartsAt'
  | 'character'
  | 'claimedClientId'
  | 'claimedIssuer'
  | 'claimedScopes'
  | 'clientId'
  | 'code'
  | 'dnsName'
  | 'expiredCertificateEndedAt'
  | 'entityId'
  | 'fingerprint'
  | 'foundElsewhere'
  | 'foundRecords'
  | 'freePorts'
  | 'given'
  | 'grants'
  | 'group'
  | 'host'
  | 'issuer'
  | 'metadataEndsAt'
  | 'missing'
  | 'missingInput'
  | 'namedIssuer'
  | 'nextCertificateStartsAt'
  | 'notKnown'
  | 'partition'
  | 'person'
  | 'portalRegion'
  | 'refusedScopes'
  | 'region'
  | 'registered'
  | 'rotation'
  | 'scopes'
  | 'status'
  | 'suggestedAddress'
  | 'takenPorts'
  | 'tokenEndsAt'
  | 'words';

/** Everything that can be said of a step, as one closed union. */
export type FindingReason = CommonReason | OktaReason | AwsReason;

/** What can be said of any check, of an address that was copied, and of the service. */
export type CommonReason =
  | 'byEye'
  | 'notGiven'
  | 'blocked'
  | 'couldNotAsk'
  | 'tookTooLong'
  | 'unclearAnswer'
  | 'notSignedIn'
  | 'signInFailed'
  | 'notAddress'
  | 'notHttps'
  | 'unknownForm'
  | 'regionDiffers'
  | 'partitionDiffers'
  | 'serviceRefusedToken'
  | 'serviceForbids'
  | 'serviceAnswered';

/** What can be said of an Okta application and its authorization server. */
export type OktaReason =
  | 'notIssuer'
  | 'noMetadata'
  | 'issuerDiffers'
  | 'foreignEndpoint'
  | 'endpointMissing'
  | 'noS256'
  | 'grantsNotAnnounced'
  | 'notClientId'
  | 'clientUnknown'
  | 'codeGrantMissing'
  | 'deviceGrantMissing'
  | 'dpopRequired'
  | 'redirectUrisMissing'
  | 'redirectUrisNotKnown'
  | 'ownRedirectUrisMissing'
  | 'portsTaken'
  | 'somePortsTaken'
  | 'noRedirectUri'
  | 'scopesNotConfigured'
  | 'orgServer'
  | 'scopesRefused'
  | 'ruleTooWide'
  | 'ruleNotSeen'
  | 'notAssigned'
  | 'opaqueToken'
  | 'issuerClaimDiffers'
  | 'scopesDiffer'
  | 'clientClaimDiffers'
  | 'noRefreshToken'
  | 'refreshFailed';

/** What can be said of an Identity Center, its SAML and SCIM sides, and a domain. */
export type AwsReason =
  | 'notStartUrl'
  | 'notRegion'
  | 'invalidStartUrl'
  | 'registrationRefused'
  | 'encryptionKey'
  | 'notPortal'
  | 'signInDenied'
  | 'notMetadata'
  | 'notIdentityProvider'
  | 'noEntityId'
  | 'noSignOnUrl'
  | 'signOnNotHttps'
  | 'signOnBinding'
  | 'noCertificate'
  | 'certificateUnreadable'
  | 'certificateExpired'
  | 'certificateNotYet'
  | 'certificateEndsSoon'
  | 'metadataExpired'
  | 'notAcsUrl'
  | 'notSamlIssuer'
  | 'trailingSlash'
  | 'notScimEndpoint'
  | 'tokenRefused'
  | 'tokenCharacter'
  | 'scimHostNotConfirmed'
  | 'tokenForbidden'
  | 'scimNotFound'
  | 'filterRefused'
  | 'personMissing'
  | 'personInactive'
  | 'groupMissing'
  | 'notInGroup'
  | 'tokenEndsSoon'
  | 'notDomain'
  | 'txtMissing'
  | 'txtDiffers'
  | 'txtElsewhere';

/** What evidence is given as; a name without a value is left out. */
export type EvidenceFacts = Readonly<Partial<Record<EvidenceName, Evidence['value'] | undefined>>>;

export function pass(facts: EvidenceFacts = {}): CheckResult {
  return { state: 'pass', evidence: evidenceOf(facts) };
}

/** It passes, but for something that will be, or may be, in the way. */
export function warn(reason: FindingReason, facts: EvidenceFacts = {}): CheckResult {
  return { state: 'warning', reason, evidence: evidenceOf(facts) };
}

export function fail(reason: FindingReason, facts: EvidenceFacts = {}): CheckResult {
  return { state: 'fail', reason, evidence: evidenceOf(facts) };
}

export function inconclusive(
  reason: FindingReason,
  facts: EvidenceFacts = {},
  error?: SignInError,
): CheckResult {
  return {
    state: 'inconclusive',
    reason,
    evidence: evidenceOf(facts),
    ...(error === undefined ? {} : { error }),
  };
}

/** Whether it passes, with a warning or without. */
export function passes(result: CheckResult | undefined): boolean {
  return result?.state === 'pass' || result?.state === 'warning';
}

function evidenceOf(facts: EvidenceFacts): Evidence[] {
  return Object.entries(facts).flatMap(([name, value]) =>
    value === undefined || (Array.isArray(value) && value.length === 0)
      ? []
      : [{ name: name as EvidenceName, value }],
  );
}
