import { X509Certificate } from 'node:crypto';
import { XMLParser } from 'fast-xml-parser';
import * as v from 'valibot';
import { SignInError } from '../../core/oauth/errors.ts';
import type { SamlCertificate, SamlMetadata } from '../../setup/setupPorts.ts';

/** Metadata of one identity provider is a few thousand characters. */
const longest = 256 * 1024;

/** What an element is when it is there once, several times or not at all. */
const all = <T extends v.GenericSchema>(schema: T) =>
  v.optional(
    v.pipe(
      v.unknown(),
      v.transform((given): unknown[] => (Array.isArray(given) ? given : [given])),
      v.array(schema),
    ),
    [],
  );
const text = v.union([
  v.string(),
  v.pipe(
    v.object({ '#text': v.string() }),
    v.transform((one) => one['#text']),
  ),
]);
/** An element that is empty or of another shape says nothing, and hides none of those beside it. */
const lenient = <T extends v.ObjectEntries>(entries: T) => v.fallback(v.nullable(v.object(entries)), null);
const providerSchema = v.object({
  '@validUntil': v.optional(v.string()),
  SingleSignOnService: all(lenient({ '@Binding': v.string(), '@Location': v.string() })),
  KeyDescriptor: all(
    lenient({
      '@use': v.optional(v.string(), ''),
      KeyInfo: all(lenient({ X509Data: all(lenient({ X509Certificate: all(v.fallback(text, '')) })) })),
    }),
  ),
});
const entitySchema = v.object({
  '@entityID': v.optional(v.string()),
  '@validUntil': v.optional(v.string()),
  IDPSSODescriptor: all(v.fallback(providerSchema, { SingleSignOnService: [], KeyDescriptor: [] })),
});
const documentSchema = v.object({ EntityDescriptor: entitySchema });

/**
 * Reads SAML metadata that was saved from a console (SAML 2.0 Metadata, 2.3.2 and 2.4.3). A document type is refused and
 * no entity is replaced but the five of XML, so nothing is fetched or unfolded; the size is bounded.
 * @throws SignInError `invalidInput` with `reason` `tooLarge`, `documentType`, `notXml` or `notMetadata`
 */
export function readSamlMetadata(xml: string): SamlMetadata {
  if (xml.length > longest) throw invalid('tooLarge');
  if (/<!DOCTYPE/i.test(xml)) throw invalid('documentType');
  // The parser is patient with a file that was cut off.
  const document = withoutTail(xml);
  if (!/<\/(?:[\w.-]+:)?EntityDescriptor\s{0,100}>$/.test(document.slice(-300))) throw invalid('notMetadata');
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    removeNSPrefix: true,
    parseTagValue: false,
    parseAttributeValue: false,
    processEntities: false,
  });
  let elements: unknown;
  try {
    elements = parser.parse(document);
  } catch {
    throw invalid('notXml');
  }
  const parsed = v.safeParse(documentSchema, elements);
  if (!parsed.success) throw invalid('notMetadata');
  const {
    '@entityID': entityId = '',
    '@validUntil': until,
    IDPSSODescriptor: providers,
  } = parsed.output.EntityDescriptor;
  const ends = [until, ...providers.map((provider) => provider['@validUntil'])]
    .map((moment) => Date.parse(moment?.trim() ?? ''))
    .filter((moment) => Number.isFinite(moment));
  return {
    entityId: entityId.trim() === '' ? undefined : unescape(entityId).trim().slice(0, 1024),
    isIdentityProvider: providers.length > 0,
    ...(ends.length === 0 ? {} : { validUntil: Math.min(...ends) }),
    signOn: present(providers.flatMap((provider) => provider.SingleSignOnService)).map((one) => ({
      binding: unescape(one['@Binding']).trim(),
      url: unescape(one['@Location']).trim(),
    })),
    certificates: present(providers.flatMap((provider) => provider.KeyDescriptor))
      .filter(({ '@use': use }) => ['', 'signing'].includes(use.trim().toLowerCase()))
      .flatMap(({ KeyInfo }) => present(KeyInfo))
      .flatMap(({ X509Data }) => present(X509Data))
      .flatMap(({ X509Certificate }) => X509Certificate)
      .map(bareBase64)
      .filter((base64) => base64 !== '')
      .map(readCertificate),
  };
}

/** A document without what may stand behind its root: white space, comments, instructions, the Ctrl-Z of old editors. */
function withoutTail(xml: string): string {
  let end = xml.length;
  for (;;) {
    while (end > 0 && /[\s\u001a\0\ufeff]/.test(xml.charAt(end - 1))) end -= 1;
    const begins = xml.startsWith('-->', end - 3) ? '<!--' : xml.startsWith('?>', end - 2) ? '<?' : undefined;
    const from = begins === undefined ? -1 : xml.lastIndexOf(begins, end - 1);
    if (from < 0) return xml.slice(0, end);
    end = from;
  }
}

function present<T>(all: readonly (T | null)[]): readonly T[] {
  return all.filter((one) => one !== null);
}

/** The text of a certificate without the lines of PEM, white space, and white space that a serializer wrote as numbers. */
function bareBase64(given: string): string {
  return given
    .replace(/-----(?:BEGIN|END) [A-Z ]{1,40}-----/g, '')
    .replace(/&#(?:0{0,4}(?:9|10|13|32)|x0{0,4}(?:9|a|d|20));/gi, '')
    .replace(/[\s\u200b\ufeff]+/g, '');
}

function readCertificate(base64: string): SamlCertificate {
  try {
    const { validFromDate, validToDate, fingerprint256 } = new X509Certificate(Buffer.from(base64, 'base64'));
    const [startsAt, endsAt] = [validFromDate.getTime(), validToDate.getTime()];
    return { state: 'read', startsAt, endsAt, fingerprint: fingerprint256 };
  } catch {
    return { state: 'unreadable' };
  }
}

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
};

/** The five entities of XML (XML 1.0, 4.6); no other is known here. */
function unescape(given: string): string {
  return given.replace(/&(?:amp|lt|gt|quot|apos);/g, (entity) => entities[entity] ?? entity);
}

function invalid(reason: string): SignInError {
  return new SignInError('invalidInput', { operation: 'samlMetadata', reason });
}
