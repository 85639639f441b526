import type { StepId } from './setupGuides.ts';
import type { Facts } from './facts.ts';
import type { EvidenceFacts, CheckResult } from './checkResult.ts';
import type { InputName, SetupInputs, SetupPorts } from './setupPorts.ts';

/** Who can put a step right. */
export type Owner = 'oktaAdministrator' | 'awsAdministrator' | 'dnsAdministrator' | 'you';

/** One check of one step, as data; a check without `run` is a line of the checklist that nobody can see from here. */
export interface Check {
  readonly id: CheckId;
  readonly step: StepId;
  readonly owner: Owner;
  /** What it cannot do without; where one is missing, the finding is *not known*. */
  readonly needs: readonly InputName[];
  /** It says something only when these were found right: one slip is then one *wrong*, not five. */
  readonly after?: readonly CheckId[];
  /** It waits for a person in the browser, and so has no time-out of its own. */
  readonly waitsForPerson?: true;
  readonly run?: (context: CheckContext) => Promise<CheckResult>;
  /** What somebody who looks at it by eye compares it with. */
  readonly compare?: (inputs: SetupInputs) => EvidenceFacts;
}

export type CheckId =
  | `okta.${'metadata' | 'announced' | 'clientId' | 'redirectUris' | 'loopbackPorts' | 'scopes' | 'rule'}`
  | `okta.${'assignments' | 'signIn' | 'token' | 'refreshToken' | 'lifetimes'}`
  | `identityCenter.${'startUrl' | 'deviceAuthorization' | 'portal' | 'signIn'}`
  | `saml.${'metadata' | 'signOn' | 'certificates' | 'acsUrl' | 'issuerUrl'}`
  | `scim.${'endpoint' | 'token' | 'read' | 'person' | 'groups'}`
  | 'domain.txt'
  | 'service.answer'
  | ManualCheckId;

/** The lines of the checklist. */
export type ManualCheckId =
  | 'manual.userNameFormat'
  | 'manual.samlUploaded'
  | 'manual.provisioningEnabled'
  | 'manual.tokenEnd'
  | 'manual.groupsPushed'
  | 'manual.serviceGroups'
  | 'manual.suggestion'
  | 'manual.samlApplication'
  | 'manual.profile'
  | 'manual.domainVerified'
  | 'manual.provisioning'
  | 'manual.sameAssignments'
  | 'manual.subscriptions';

/** What a check stands on. */
export interface CheckContext {
  readonly ports: SetupPorts;
  readonly inputs: SetupInputs;
  /** What several checks want to know, asked once a run. */
  readonly facts: Facts;
  readonly signal: AbortSignal;
}
