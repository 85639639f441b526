/**
 * The XML of a SAML response that was copied as XML, as base64 (SAML 2.0 Bindings, 3.5.4) with or without URL
 * encoding, or as a form or its hidden field. Undefined for other text.
 */
export function samlXmlIn(pasted: string): string | undefined {
  const text = pasted.replace(/^\ufeff/, '').trim();
  if (text.startsWith('<') && !/^<(?:input|form)\b/i.test(text)) return text;
  const plain = withoutUrlEncoding(text.replace(/&#(?:x2b|43);/gi, '+').replace(/&#(?:x3d|61);/gi, '='));
  if (plain.startsWith('<') && plain !== text && !/^<(?:input|form)\b/i.test(plain)) return plain;
  const field =
    /\bSAMLResponse["']?\s{0,20}(?:[:=]|[^<>]{0,80}\bvalue["']?\s{0,20}[:=])\s{0,20}["']?([\w+/=\s-]+)/.exec(
      plain,
    );
  const base64 = (field?.[1] ?? plain).replace(/\s+/g, '');
  if (!/^[\w+/-]+={0,2}$/.test(base64)) return undefined;
  const xml = Buffer.from(base64, 'base64')
    .toString()
    .replace(/^\ufeff/, '')
    .trim();
  return xml.startsWith('<') ? xml : undefined;
}

function withoutUrlEncoding(text: string): string {
  if (!/%[\da-f]{2}/i.test(text)) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A literal percent sign.
  }
}
