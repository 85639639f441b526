import type { SamlFile, SamlFileProblem, SamlMetadata } from '../../setup/setupPorts.ts';
import { otherFileKind } from './otherFileKind.ts';
import { bareBase64, readSamlCertificate, withoutIssuers } from './samlCertificate.ts';
import { readXml } from './wellFormedXml.ts';
import type { XmlElement } from './wellFormedXml.ts';

/** Maximum length in characters; metadata of one identity provider has a few thousand. */
const longest = 256 * 1024;
/**
 * IAM Identity Center's limit in characters (user guide, *Using SAML and SCIM identity federation with external
 * identity providers*).
 */
const maxUploadLength = 75_000;

const metadataNamespace = 'urn:oasis:names:tc:SAML:2.0:metadata';
const signatureNamespace = 'http://www.w3.org/2000/09/xmldsig#';
const protocol = 'urn:oasis:names:tc:SAML:2.0:protocol';

/**
 * Parses SAML metadata saved from a console (SAML 2.0 Metadata, 2.3.2 and 2.4.3) as well-formed XML in its
 * namespace. A file of another kind is named as such. Nothing is fetched or expanded; the size is limited.
 */
export function readSamlMetadata(xml: string): SamlFile {
  if (xml.length > longest) return { problem: 'tooLarge' };
  const other = otherFileKind(xml);
  if (other !== undefined) return { problem: other };
  const root = readXml(withoutTail(xml));
  if ('problem' in root) return root;
  if (root.namespace === metadataNamespace && root.name === 'EntitiesDescriptor')
    return { problem: 'severalEntities', count: entitiesIn(root) };
  if (root.namespace !== metadataNamespace || root.name !== 'EntityDescriptor')
    return { problem: rootProblem(root), root: root.name.slice(0, 100) };
  return xml.length > maxUploadLength ? { problem: 'tooLarge' } : { metadata: metadataOf(root) };
}

function rootProblem({ namespace, name }: XmlElement): SamlFileProblem {
  if (name === 'html') return 'webPage';
  if (namespace === protocol || namespace.endsWith(':SAML:2.0:assertion')) return 'samlMessage';
  return name === 'EntityDescriptor' || name === 'EntitiesDescriptor' ? 'wrongNamespace' : 'notMetadata';
}

function entitiesIn(root: XmlElement): number {
  return root.children.reduce(
    (sum, one) =>
      sum + (one.name === 'EntityDescriptor' ? 1 : one.name === 'EntitiesDescriptor' ? entitiesIn(one) : 0),
    0,
  );
}

function metadataOf(entity: XmlElement): SamlMetadata {
  const described = children(entity, metadataNamespace, 'IDPSSODescriptor');
  const providers = described.filter(supportsSaml2);
  const entityId = entity.attributes.get('entityID')?.trim() ?? '';
  const ends = [entity, ...described]
    .map(({ attributes }) => Date.parse(attributes.get('validUntil')?.trim() ?? ''))
    .filter((moment) => Number.isFinite(moment));
  const keys = providers
    .flatMap((provider) => children(provider, metadataNamespace, 'KeyDescriptor'))
    .filter(({ attributes }) => ['', 'signing'].includes((attributes.get('use') ?? '').trim().toLowerCase()));
  return {
    entityId: entityId === '' ? undefined : entityId.slice(0, 1024),
    isIdentityProvider: described.length > 0,
    isSaml2: described.length === 0 || providers.length > 0,
    ...(ends.length === 0 ? {} : { validUntil: Math.min(...ends) }),
    signOn: providers
      .flatMap((provider) => children(provider, metadataNamespace, 'SingleSignOnService'))
      .flatMap(({ attributes }) => {
        const [binding, url] = [attributes.get('Binding')?.trim(), attributes.get('Location')?.trim()];
        return binding === undefined || url === undefined ? [] : [{ binding, url }];
      }),
    certificates: ['KeyInfo', 'X509Data']
      .reduce((parents, name) => parents.flatMap((one) => children(one, signatureNamespace, name)), keys)
      .flatMap((data) => withoutIssuers(certificatesIn(data)))
      .map(readSamlCertificate),
  };
}

/** The certificates of one key as bare Base64, with those of its issuers if a chain was saved. */
function certificatesIn(data: XmlElement): readonly string[] {
  return children(data, signatureNamespace, 'X509Certificate')
    .map(({ text }) => bareBase64(text))
    .filter((text) => text !== '');
}

/** Whether SAML 2.0 is among its protocols; true if it lists none. */
function supportsSaml2({ attributes }: XmlElement): boolean {
  const named = attributes.get('protocolSupportEnumeration')?.trim() ?? '';
  return named === '' || named.split(/\s+/).includes(protocol);
}

function children(parent: XmlElement, namespace: string, name: string): readonly XmlElement[] {
  return parent.children.filter((one) => one.namespace === namespace && one.name === name);
}

/** Drops the NUL characters and the Ctrl-Z that old editors append. */
function withoutTail(xml: string): string {
  let end = xml.length;
  while (end > 0 && /[\s\u001a\0\ufeff]/.test(xml.charAt(end - 1))) end -= 1;
  return xml.slice(0, end);
}
