import { X509Certificate } from 'node:crypto';
import { XMLParser } from 'fast-xml-parser';
import * as v from 'valibot';
import { SignInError } from '../core/errors.ts';
import type { SamlCertificate, SamlMetadata } from '../core/setup/setupPorts.ts';

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
const entitySchema = v.object({
  '@entityID': v.optional(v.string()),
  IDPSSODescriptor: v.optional(
    v.object({
      SingleSignOnService: all(v.object({ '@Binding': v.string(), '@Location': v.string() })),
      KeyDescriptor: all(
        v.object({
          '@use': v.optional(v.string()),
          KeyInfo: v.optional(v.object({ X509Data: all(v.object({ X509Certificate: all(text) })) })),
        }),
      ),
    }),
  ),
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
  if (!/<\/(?:[\w.-]+:)?EntityDescriptor\s*>\s*$/.test(xml)) throw invalid('notMetadata');
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    removeNSPrefix: true,
    parseTagValue: false,
    parseAttributeValue: false,
    processEntities: false,
  });
  let document: unknown;
  try {
    document = parser.parse(xml);
  } catch {
    throw invalid('notXml');
  }
  const parsed = v.safeParse(documentSchema, document);
  if (!parsed.success) throw invalid('notMetadata');
  const { '@entityID': entityId, IDPSSODescriptor: provider } = parsed.output.EntityDescriptor;
  return {
    entityId: entityId === undefined || entityId === '' ? undefined : unescape(entityId).slice(0, 1024),
    isIdentityProvider: provider !== undefined,
    signOn: (provider?.SingleSignOnService ?? []).map((one) => ({
      binding: unescape(one['@Binding']),
      url: unescape(one['@Location']),
    })),
    certificates: (provider?.KeyDescriptor ?? [])
      .filter(({ '@use': use }) => use === undefined || use === 'signing')
      .flatMap(({ KeyInfo }) => KeyInfo?.X509Data ?? [])
      .flatMap(({ X509Certificate: found }) => found)
      .map(readCertificate),
  };
}

function readCertificate(base64: string): SamlCertificate {
  try {
    const { validFromDate, validToDate, fingerprint256 } = new X509Certificate(
      Buffer.from(base64.replace(/\s+/g, ''), 'base64'),
    );
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
