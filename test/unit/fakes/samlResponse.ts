import type { SamlResponse } from '../../../src/setup/samlResponse.ts';
import type { SetupInputs, SetupPorts } from '../../../src/setup/setupPorts.ts';
import { checkContext } from './checkContext.ts';
import { january } from './examples.ts';
import { certificate, metadata } from './samlMetadata.ts';

/** The response of Ana's sign-in for the metadata of `samlMetadata.ts`, an hour before the test clock. */
export const response: SamlResponse = {
  isWhole: true,
  statusCodes: ['Success'],
  isEncrypted: false,
  assertionCount: 1,
  issuers: ['http://www.okta.com/exk1'],
  audiences: [['https://eu-central-1.signin.aws.amazon.com/platform/saml/d-1']],
  destination: 'https://eu-central-1.signin.aws.amazon.com/platform/saml/acs/1',
  recipients: ['https://eu-central-1.signin.aws.amazon.com/platform/saml/acs/1'],
  isNameEncrypted: false,
  nameId: 'ana@example.com',
  nameIdFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
  issuedAt: january - 3_600_000,
  validFrom: january - 3_900_000,
  validUntil: january - 3_300_000,
  deliverableUntil: january - 3_300_000,
  signed: ['Response', 'Assertion'],
  signatureMethods: ['http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'],
  certificates: [[certificate(-1, 1)], [certificate(-1, 1)]],
  attributes: [],
};

/** The context of a check with such a pasted response. */
export const pastedResponse = (
  change: Partial<SamlResponse>,
  inputs: SetupInputs = {},
  ports: Partial<SetupPorts> = {},
) =>
  checkContext({
    inputs: { samlResponse: 'pasted', metadataXml: '<x/>', userName: 'ana@example.com', ...inputs },
    ports: {
      readSamlResponse: () => ({ response: { ...response, ...change } }),
      readSamlMetadata: () => ({ metadata: { ...metadata, certificates: [certificate(-1, 1)] } }),
      ...ports,
    },
  });
