import type { SetupGuideId } from '../../src/setup/setupGuides.ts';
import type { Chain, ChainDescription } from './chain.ts';
import { awsProfile, cloudDomain, cloudVerificationToken, kiroRegion } from './cloud.ts';
import { type SwitchName, switches } from './switches.ts';

/** The users who can sign in, one per line. */
export function peopleLines({ people }: Pick<ChainDescription, 'people'>): readonly string[] {
  const width = Math.max(...people.map(({ username }) => username.length));
  return people.map(({ username, password, note }) => `  ${username.padEnd(width)}  ${password}  (${note})`);
}

/**
 * The inputs of *Check SSO Setup*: the values that an administrator has copied from both consoles by the end of
 * the setup.
 * @param metadataFile the saved identity provider metadata; if it was not saved, prints its address instead
 */
export function setUpLines(
  { okta, identityCenter, people, groups }: ChainDescription,
  metadataFile: string = okta.saml.metadataUrl,
): readonly string[] {
  const { federated } = identityCenter;
  return [
    `  Start URL     ${federated.startUrl}`,
    `  Region        ${federated.region}`,
    `  metadata.xml  ${metadataFile}`,
    `  ACS URL       ${federated.saml.acsUrl}`,
    `  Issuer URL    ${federated.saml.issuerUrl}`,
    `  SCIM endpoint ${federated.scim.endpoint}`,
    `  SCIM token    ${federated.scim.token}`,
    `  Person        ${people[0]?.username ?? ''} in the group ${groups[0]?.displayName ?? ''}`,
    `  Service       ${identityCenter.protectedUrl}`,
    `  Service, Okta ${okta.protectedUrl}`,
  ];
}

/** Inputs for AWS, Kiro, Okta's API and the DNS, in a VS Code that can reach their stand-ins (cloud.ts). */
export function cloudLines({ okta }: Pick<Chain, 'okta'>): readonly string[] {
  return [
    `  Okta API token      ${okta.management.token}`,
    `  AWS profile         ${awsProfile}`,
    `  Region of Kiro      ${kiroRegion}`,
    `  Domain              ${cloudDomain}`,
    `  Verification token  ${cloudVerificationToken}`,
  ];
}

/** A check of *Check SSO Setup* that cannot pass here, whatever the setup; empty for a guide without a domain. */
export function txtRecordLines(guide: SetupGuideId = 'kiro'): readonly string[] {
  return guide === 'kiro'
    ? [
        '  The check “TXT record” stays Not verified here, even with a correct setup: VS Code asks the DNS of this',
        '  computer, which doesn’t have that domain. With the variables of `npm run sandbox`, check-setup sees it.',
      ]
    : [];
}

/** Commands to try in the editor's terminals. */
export function terminalLines({ okta }: Pick<ChainDescription, 'okta'>): readonly string[] {
  return [
    'In a new terminal, after "SSO: Use in Terminal" for Okta, and after "SSO: Use an AWS Account…":',
    '',
    `  sso-token --header | curl -H @- -H 'TokenType: EXTERNAL_IDP' ${okta.protectedUrl}`,
    '  aws sts get-caller-identity',
  ];
}

/** The deliberate faults, or an empty list. */
export function brokenLines(names: readonly SwitchName[]): readonly string[] {
  return names.length === 0
    ? []
    : ['Deliberate faults:', ...names.map((name) => `  ${switches[name].what}`), ''];
}
