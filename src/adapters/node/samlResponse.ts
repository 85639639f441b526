import { defined } from '../../core/defined.ts';
import { safeText } from '../../core/text/safeText.ts';
import type { SamlResponse, SamlResponseFile, SamlResponseProblem } from '../../setup/samlResponse.ts';
import { samlXmlIn } from './pastedSamlResponse.ts';
import { bareBase64, readSamlCertificate, withoutIssuers } from './samlCertificate.ts';
import { readXml } from './wellFormedXml.ts';
import type { XmlElement } from './wellFormedXml.ts';

/** Limit in characters; a response with a person's groups has some tens of thousands. */
const longest = 256 * 1024;
/** Limit for foreign text that is displayed, in characters. */
const shown = 300;

const protocol = 'urn:oasis:names:tc:SAML:2.0:protocol';
const assertion = 'urn:oasis:names:tc:SAML:2.0:assertion';
const metadata = 'urn:oasis:names:tc:SAML:2.0:metadata';
const signature = 'http://www.w3.org/2000/09/xmldsig#';
const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';
const statusPrefix = 'urn:oasis:names:tc:SAML:2.0:status:';

/**
 * Parses a SAML response that was copied from a browser or a preview, under the rules of {@link readXml}:
 * well-formed, without a document type, limited in size. Verifies no signature.
 */
export function readSamlResponse(pasted: string): SamlResponseFile {
  if (pasted.length > longest) return { problem: 'tooLarge' };
  const xml = samlXmlIn(pasted);
  if (xml === undefined)
    return { problem: /\bSAMLRequest\b/.test(pasted.slice(0, 2000)) ? 'samlRequest' : 'notResponse' };
  const root = readXml(xml);
  if ('problem' in root) return root;
  if (root.namespace === protocol && root.name === 'Response') return { response: responseOf(root) };
  if (root.namespace === assertion && root.name === 'Assertion')
    return { response: contentOf(undefined, [root], false) };
  return { problem: problemOf(root), root: root.name.slice(0, 100) };
}

function problemOf({ namespace, name }: XmlElement): SamlResponseProblem {
  if (namespace === protocol && name.endsWith('Request')) return 'samlRequest';
  return namespace === metadata ? 'samlMetadata' : 'notResponse';
}

function responseOf(root: XmlElement): SamlResponse {
  const isEncrypted = children(root, assertion, 'EncryptedAssertion').length > 0;
  return contentOf(root, children(root, assertion, 'Assertion'), isEncrypted);
}

function contentOf(
  response: XmlElement | undefined,
  assertions: readonly XmlElement[],
  isEncrypted: boolean,
): SamlResponse {
  const [first] = assertions;
  const messages = [response, first].filter((one) => one !== undefined);
  const inside = (path: readonly string[]) => (first === undefined ? [] : along([first], assertion, path));
  const [conditions] = inside(['Conditions']);
  const confirmations = along(
    inside(['Subject', 'SubjectConfirmation']).filter((one) => attributeOf(one, 'Method') === bearer),
    assertion,
    ['SubjectConfirmationData'],
  );
  const [name] = inside(['Subject', 'NameID']);
  const signatures = messages.flatMap((one) => children(one, signature, 'Signature'));
  const status = response === undefined ? [] : children(response, protocol, 'Status');
  return {
    isWhole: response !== undefined,
    statusCodes: status.flatMap(statusCodesIn),
    isEncrypted,
    assertionCount: assertions.length,
    issuers: distinct(messages.flatMap((one) => children(one, assertion, 'Issuer')).map(textOf)),
    audiences: inside(['Conditions', 'AudienceRestriction']).map((one) =>
      distinct(children(one, assertion, 'Audience').map(textOf)),
    ),
    recipients: distinct(confirmations.map((one) => attributeOf(one, 'Recipient'))),
    isNameEncrypted: inside(['Subject', 'EncryptedID']).length > 0,
    signed: messages
      .filter((one) => children(one, signature, 'Signature').length > 0)
      .map((one) => (one === response ? 'Response' : 'Assertion')),
    signatureMethods: distinct(
      along(signatures, signature, ['SignedInfo', 'SignatureMethod']).map((one) =>
        attributeOf(one, 'Algorithm'),
      ),
    ),
    certificates: signatures.map((one) =>
      withoutIssuers(
        distinct(
          along([one], signature, ['KeyInfo', 'X509Data', 'X509Certificate']).map(({ text }) =>
            bareBase64(text),
          ),
        ),
      ).map(readSamlCertificate),
    ),
    attributes: distinct(inside(['AttributeStatement', 'Attribute']).map((one) => attributeOf(one, 'Name'))),
    ...defined({
      statusMessage: safeText(along(status, protocol, ['StatusMessage'])[0]?.text),
      destination: distinct([attributeOf(response, 'Destination')])[0],
      nameId: name?.text.slice(0, shown),
      nameIdFormat: name?.attributes.get('Format')?.trim().slice(0, shown),
      issuedAt: timeOf(messages[0], 'IssueInstant'),
      validFrom: timeOf(conditions, 'NotBefore'),
      validUntil: timeOf(conditions, 'NotOnOrAfter'),
      deliverableUntil: confirmations
        .map((one) => timeOf(one, 'NotOnOrAfter'))
        .filter((one) => one !== undefined)
        .toSorted((a, b) => b - a)[0],
    }),
  };
}

/** The status codes from the outermost in: each may contain a more specific one (SAML 2.0 Core, 3.2.2.2). */
function statusCodesIn(parent: XmlElement): readonly string[] {
  return children(parent, protocol, 'StatusCode').flatMap((code) => [
    safeText(attributeOf(code, 'Value').replace(statusPrefix, '')) ?? '',
    ...statusCodesIn(code),
  ]);
}

function along(
  from: readonly XmlElement[],
  namespace: string,
  path: readonly string[],
): readonly XmlElement[] {
  return path.reduce((parents, name) => parents.flatMap((one) => children(one, namespace, name)), from);
}

function children(parent: XmlElement, namespace: string, name: string): readonly XmlElement[] {
  return parent.children.filter((one) => one.namespace === namespace && one.name === name);
}

function textOf({ text }: XmlElement): string {
  return text.trim().slice(0, shown);
}

function attributeOf(element: XmlElement | undefined, name: string): string {
  return (element?.attributes.get(name) ?? '').trim().slice(0, shown);
}

function timeOf(element: XmlElement | undefined, name: string): number | undefined {
  const moment = Date.parse(attributeOf(element, name));
  return Number.isFinite(moment) ? moment : undefined;
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].filter((text) => text !== '');
}
