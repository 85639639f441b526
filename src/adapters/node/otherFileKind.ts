import type { SamlFileProblem } from '../../setup/setupPorts.ts';

/**
 * The sentences with which browsers begin their view of XML: Firefox, then Chrome and Edge. That view is not
 * the document.
 */
const browserSentence = /^This XML file does not appear to have any style information/i;
/** Markers before the elements of a tree view, also in text copied from it. */
const treeMark = /^[-+\u25b6\u25b8\u25bc\u25be]\s*</m;

const kinds: readonly (readonly [problem: SamlFileProblem, form: RegExp])[] = [
  ['archive', /^(?:PK\u0003\u0004|\u001f[\u008b\u2039\ufffd])/],
  ['pdf', /^%PDF-/],
  ['browserView', browserSentence],
  ['certificateFile', /^-----BEGIN (?:TRUSTED )?(?:CERTIFICATE|PKCS7)-----/],
  ['privateKey', /^-----BEGIN (?:[A-Z]{2,9} )*PRIVATE KEY-----/],
  ['certificateFile', /^MII[A-Za-z\d+/=\s]{200,}$/],
  ['webPage', /^(?:<!--[^>]{0,500}-->\s{0,20})?(?:<!DOCTYPE\s+html|<html[\s>])/i],
  ['json', /^[[{]\s{0,100}["{[\]}]/],
  ['addressOnly', /^https?:\/\/\S{1,2000}$/i],
  // Shortcuts of Windows and macOS, as from dragging a link.
  ['addressOnly', /^\[InternetShortcut\]/i],
  ['addressOnly', /^(?:<\?xml[^>]{0,200}>\s{0,20})?<!DOCTYPE\s+plist\s/i],
];

/** The kind of a file that users mistake for SAML metadata, as far as its beginning shows it; undefined otherwise. */
export function otherFileKind(text: string): SamlFileProblem | undefined {
  const bare = text.replace(/^[\ufeff\0]+/, '').trim();
  if (bare.replaceAll('\0', '') === '') return 'empty';
  const found = kinds.find(([, form]) => form.test(bare))?.[0];
  if (found !== undefined) return found;
  const [beginning] = bare.slice(0, 2000).split('</', 1);
  return treeMark.test(beginning ?? '') ? 'browserView' : undefined;
}
