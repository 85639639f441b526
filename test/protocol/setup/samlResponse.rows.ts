import { typed } from './slip.ts';
import type { Slip } from './slip.ts';

/** The pasted response with modified XML. */
const withXml = (change: (xml: string) => string) =>
  typed(({ samlResponse = '' }) => {
    const xml = Buffer.from(samlResponse, 'base64').toString();
    const changed = change(xml);
    if (changed === xml) throw new Error('There was nothing to change in the SAML response.');
    return { samlResponse: Buffer.from(changed).toString('base64') };
  });

/** Problems of a SAML response that an administrator pastes. */
export const samlResponseSlips: readonly Slip[] = [
  {
    slip: 'Okta refused the sign-in in its response',
    check: 'saml.response',
    reason: 'statusFailed',
    changes: withXml((xml) =>
      xml
        .replace(/<saml:Assertion[\s\S]*<\/saml:Assertion>/, '')
        .replace(
          /status:Success"\s*\/>/,
          'status:Responder"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"/></samlp:StatusCode>',
        ),
    ),
  },
  {
    slip: 'The SAML response was cut off when it was copied',
    check: 'saml.response',
    reason: 'notWellFormed',
    state: 'inconclusive',
    changes: withXml((xml) => xml.slice(0, xml.length / 2)),
  },
  {
    slip: 'The assertion is encrypted',
    check: 'saml.response',
    reason: 'encrypted',
    state: 'inconclusive',
    changes: withXml((xml) =>
      xml.replace(
        /<saml:Assertion[\s\S]*<\/saml:Assertion>/,
        '<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"/>',
      ),
    ),
  },
  {
    slip: 'The response is from another application than the metadata',
    check: 'saml.responseIssuer',
    reason: 'issuerDiffers',
    changes: withXml((xml) => xml.replaceAll(/(Issuer[^>]*>)[^<]*/g, '$1http://www.okta.com/exk1other2app3')),
  },
  {
    slip: 'The response has the audience of another Identity Center',
    check: 'saml.responseAudience',
    reason: 'audienceDiffers',
    changes: withXml((xml) => xml.replace(/(Audience>)[^<]*/, '$1https://elsewhere.example/saml/d-1')),
  },
  {
    slip: 'The response goes to the ACS URL of another Identity Center',
    check: 'saml.responseRecipient',
    reason: 'recipientDiffers',
    changes: withXml((xml) =>
      xml.replaceAll(/((?:Recipient|Destination)=")[^"]*/g, '$1https://elsewhere.example/saml/acs/1'),
    ),
  },
  {
    slip: 'The application username format isn’t Email',
    check: 'saml.responseName',
    reason: 'nameIdNotEmail',
    changes: withXml((xml) => xml.replace(/(NameID [^>]*>)[^<]*/, '$1ana')),
  },
  {
    slip: 'The NameID is another email address than the provisioned one',
    check: 'saml.responseName',
    reason: 'nameIdDiffers',
    changes: withXml((xml) => xml.replace(/(NameID [^>]*>)[^<]*/, '$1ana.alves@example.com')),
  },
  {
    slip: 'The NameID format is persistent',
    check: 'saml.responseName',
    reason: 'nameIdFormat',
    changes: withXml((xml) =>
      xml.replace('SAML:1.1:nameid-format:emailAddress', 'SAML:2.0:nameid-format:persistent'),
    ),
  },
  {
    slip: 'The response expires before it becomes valid',
    check: 'saml.responseTimes',
    reason: 'timesContradict',
    changes: withXml((xml) =>
      xml.replace(/NotBefore="([^"]*)" NotOnOrAfter="([^"]*)"/, 'NotBefore="$2" NotOnOrAfter="$1"'),
    ),
  },
  {
    slip: 'The response isn’t signed',
    check: 'saml.responseSignature',
    reason: 'notSigned',
    changes: withXml((xml) => xml.replace(/<Signature[\s\S]*?<\/Signature>/g, '')),
  },
  {
    slip: 'The application sends the attributes of AWS Account Federation',
    check: 'saml.responseAttributes',
    reason: 'unusedAttributes',
    state: 'warning',
    changes: withXml((xml) =>
      xml.replace(
        /<saml:Attribute Name="[^"]*"/,
        '<saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/RoleSessionName"',
      ),
    ),
  },
];
