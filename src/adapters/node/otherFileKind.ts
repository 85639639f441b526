import type { SamlFileProblem } from '../../setup/setupPorts.ts';

/** How the browsers begin where they show XML: Firefox, then Chrome and Edge. Their tree is not the document. */
const browserSentence = /^This XML file does not appear to have any style information/i;
/** The marks before the elements of a tree, in browsers and in the text that is copied from there. */
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
];

/** What a file is that people give in the place of metadata, where that shows at its beginning; undefined for the rest. */
export function otherFileKind(text: string): SamlFileProblem | undefined {
  const bare = text.replace(/^[\ufeff\0]+/, '').trim();
  if (bare.replaceAll('\0', '') === '') return 'empty';
  const found = kinds.find(([, form]) => form.test(bare))?.[0];
  if (found !== undefined) return found;
  const [beginning] = bare.slice(0, 2000).split('</', 1);
  return treeMark.test(beginning ?? '') ? 'browserView' : undefined;
}
