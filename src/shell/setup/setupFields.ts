import { l10n } from 'vscode';
import { findSignInError, SignInError } from '../../core/oauth/errors.ts';
import { regionIn } from '../../core/identityCenter/regions.ts';
import { parseStartUrl } from '../../core/identityCenter/startUrl.ts';
import { parseClientId, parseIssuer } from '../../core/oidc/issuer.ts';
import { cleanPasted, firstInvisible } from '../../core/text/pastedText.ts';
import type { SetupGuideId } from '../../setup/setupGuides.ts';
import type { InputName } from '../../setup/setupPorts.ts';
import { readDomain } from '../../setup/checks/domain.ts';
import { readScimToken, unsendableIn } from '../../setup/scimRequests.ts';
import { inputWords } from '../inputMessages.ts';

/** What an administrator types; `metadataFile` is the address of a file, and `scimToken` is never remembered. */
export type FieldName =
  | 'issuer'
  | 'clientId'
  | 'startUrl'
  | 'region'
  | 'metadataFile'
  | 'acsUrl'
  | 'samlIssuerUrl'
  | 'scimEndpoint'
  | 'scimToken'
  | 'userName'
  | 'groupName'
  | 'domain'
  | 'verificationToken'
  | 'serviceUrl';

export type Answers = Readonly<Partial<Record<FieldName, string>>>;

/** The fields of a document, in the order of its steps. */
export const fieldsOf: Readonly<Record<SetupGuideId, readonly FieldName[]>> = {
  identityCenter: [
    ...(['startUrl', 'region', 'metadataFile', 'acsUrl', 'samlIssuerUrl'] as const),
    ...(['scimEndpoint', 'scimToken', 'userName', 'groupName', 'serviceUrl'] as const),
  ],
  kiro: [
    ...(['issuer', 'clientId', 'domain', 'verificationToken'] as const),
    ...(['scimEndpoint', 'scimToken', 'userName', 'groupName', 'serviceUrl'] as const),
  ],
};

export function fieldTitle(name: FieldName): string {
  switch (name) {
    case 'issuer':
      return l10n.t('Issuer');
    case 'clientId':
      return l10n.t('Client id');
    case 'startUrl':
      return l10n.t('Start URL');
    case 'region':
      return l10n.t('Region');
    case 'metadataFile':
      return l10n.t('Saved metadata.xml');
    case 'acsUrl':
      return l10n.t('ACS URL');
    case 'samlIssuerUrl':
      return l10n.t('Issuer URL');
    case 'scimEndpoint':
      return l10n.t('SCIM endpoint');
    case 'scimToken':
      return l10n.t('SCIM access token');
    case 'userName':
      return l10n.t('A person to look up');
    case 'groupName':
      return l10n.t('A group of that person');
    case 'domain':
      return l10n.t('Domain');
    case 'verificationToken':
      return l10n.t('Verification token of the domain');
    case 'serviceUrl':
      return l10n.t('Address of the service');
  }
}

/** What an input of the checks is called where it is missing. */
export function inputTitle(name: InputName): string {
  switch (name) {
    case 'confirmedScimHost':
      return fieldTitle('scimEndpoint');
    case 'okta':
      return l10n.t('Issuer and client id');
    case 'identityCenter':
      return l10n.t('Start URL and region');
    case 'metadataXml':
      return fieldTitle('metadataFile');
    case 'testSignIn':
      return l10n.t('Test sign-in');
    default:
      return fieldTitle(name);
  }
}

/** Where to find it. */
export function fieldPrompt(name: FieldName, document: SetupGuideId): string {
  switch (name) {
    case 'issuer':
      return l10n.t('The Metadata URI of the authorization server: Security > API > Authorization Servers.');
    case 'clientId':
      return l10n.t('The client id of the OIDC application, from its General tab.');
    case 'startUrl':
      return l10n.t('The AWS access portal URL, from the dashboard of IAM Identity Center.');
    case 'region':
      return l10n.t('The region where IAM Identity Center is enabled.');
    case 'metadataFile':
      return l10n.t('The file saved from View IdP metadata in Okta.');
    case 'acsUrl':
      return l10n.t('IAM Identity Center Assertion Consumer Service (ACS) URL, as it stands in Okta.');
    case 'samlIssuerUrl':
      return l10n.t('IAM Identity Center issuer URL, as it stands in Okta.');
    case 'scimEndpoint':
      return document === 'kiro'
        ? l10n.t('SCIM connector base URL, exactly as it stands in the SAML application in Okta.')
        : l10n.t('Base URL, exactly as it stands under Provisioning > Integration in Okta.');
    case 'scimToken':
      return l10n.t('Asked for each time, used for reading only, never stored.');
    case 'userName':
      return l10n.t('The user name of somebody who is assigned, such as ana@example.com.');
    case 'groupName':
      return l10n.t('The name of a group that is pushed and that this person is in.');
    case 'domain':
      return l10n.t('The domain, or the record name that the console shows.');
    case 'verificationToken':
      return l10n.t('The value of the TXT record; anybody can read it in the DNS.');
    case 'serviceUrl':
      return l10n.t('The token of the test sign-in is sent there, and to nobody else.');
  }
}

export function fieldPlaceholder(name: FieldName): string {
  const placeholders: Readonly<Record<FieldName, string>> = {
    issuer: 'https://example.okta.com/oauth2/aus1a2b3c4d5/.well-known/oauth-authorization-server',
    clientId: '0oa1b2c3d4E5f6G7h8i9',
    startUrl: 'https://d-1234567890.awsapps.com/start',
    region: 'us-east-1',
    metadataFile: 'metadata.xml',
    acsUrl: 'https://us-east-1.signin.aws.amazon.com/platform/saml/acs/…',
    samlIssuerUrl: 'https://us-east-1.signin.aws.amazon.com/platform/saml/d-1234567890',
    scimEndpoint: 'https://scim.us-east-1.amazonaws.com/…/scim/v2',
    scimToken: '',
    userName: 'ana@example.com',
    groupName: 'Developers',
    domain: 'example.com',
    verificationToken: '',
    serviceUrl: 'https://',
  };
  return placeholders[name];
}

/** What is wrong with a text in a field. Empty is always right: it leaves the field out. */
export function fieldProblem(name: FieldName, text: string): string | undefined {
  if (text.trim() === '') return undefined;
  switch (name) {
    case 'issuer':
      return problemOf(() => parseIssuer(text));
    case 'clientId':
      return problemOf(() => parseClientId(text));
    case 'startUrl':
      return problemOf(() => parseStartUrl(text));
    case 'region':
      return regionIn(text) !== undefined ? undefined : inputWords({ operation: 'region' });
    case 'acsUrl':
    case 'samlIssuerUrl':
    case 'scimEndpoint':
    case 'serviceUrl':
      // A value of these fields is remembered: a token that was pasted into the wrong one must not be.
      return /^https?:\/\/\S+$/i.test(cleanPasted(text))
        ? hiddenProblem(cleanPasted(text))
        : l10n.t('This is no address. It begins with https://.');
    case 'scimToken': {
      if (text.includes('://')) return l10n.t('This is an address. Paste the access token here.');
      const character = unsendableIn(readScimToken(text));
      return character === undefined
        ? undefined
        : inputWords({ operation: 'header', reason: 'character', character });
    }
    case 'domain':
      return readDomain(text) === undefined
        ? (hiddenProblem(cleanPasted(text)) ?? l10n.t('A domain looks like example.com.'))
        : undefined;
    case 'verificationToken':
      return hiddenProblem(cleanPasted(text));
    default:
      return text.trim().length > 300 ? l10n.t('This is too long.') : undefined;
  }
}

/** What an invisible character in the middle of a value is called. */
function hiddenProblem(text: string): string | undefined {
  const character = firstInvisible(text);
  return character === undefined ? undefined : inputWords({ reason: 'character', character });
}

function problemOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    const known = findSignInError(error) ?? new SignInError('invalidInput', {}, error);
    return inputWords(known.details);
  }
}
