import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { safeText } from '../../../src/core/text/safeText.ts';
import { withoutSecrets } from '../../../src/output/withoutSecrets.ts';

const alphabet = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~+/=');
const secret = fc
  .array(fc.constantFrom(...alphabet), { minLength: 24, maxLength: 400 })
  .map((letters) => letters.join(''))
  .filter((one) => one.replace(/[^a-z\d]/gi, '').length >= 20);

const percent = (text: string, hex = (byte: string): string => byte.toUpperCase()): string =>
  Array.from(new TextEncoder().encode(text), (byte) => `%${hex(byte.toString(16).padStart(2, '0'))}`).join(
    '',
  );
const each = (text: string, change: (letter: string) => string): string => Array.from(text, change).join('');

/** Ways in which a server may echo what it received. */
const coats: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  'percent-encoded': encodeURIComponent,
  'percent-encoded in lower case': (text) =>
    encodeURIComponent(text).replace(/%../g, (one) => one.toLowerCase()),
  'percent-encoded, each letter': (text) => percent(text),
  'percent-encoded, each letter, in lower case': (text) => percent(text, (byte) => byte),
  'percent-encoded twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  'percent-encoded twice, each letter': (text) => encodeURIComponent(percent(text)),
  'percent-encoded three times': (text) => encodeURIComponent(encodeURIComponent(percent(text))),
  'HTML entities': (text) => each(text, (letter) => `&#${letter.charCodeAt(0)};`),
  'hexadecimal HTML entities': (text) => each(text, (letter) => `&#x${letter.charCodeAt(0).toString(16)};`),
  'HTML entities of entities': (text) => each(text, (letter) => `&amp;#${letter.charCodeAt(0)};`),
  'JSON escapes': (text) => each(text, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`),
  'wrapped at 20': (text) => text.replace(/.{20}/g, '$&\n'),
  'wrapped at 20 in JSON': (text) => text.replace(/.{20}/g, '$&\\n'),
  'zero-width spaces': (text) => each(text, (letter) => `${letter}\u200b`),
  colons: (text) => each(text, (letter) => `${letter}:`),
  'a form line': (text) =>
    new URLSearchParams({ grant_type: 'refresh_token', refresh_token: text, client_id: '0oa1' }).toString(),
  'in upper case': (text) => text.toUpperCase(),
  Base64: (text) => btoa(text),
  'Base64 of a form line': (text) => btoa(`refresh_token=${text}&x=y`),
  'Base64 of a header': (text) => btoa(`client:${text}`),
  hexadecimal: (text) => Buffer.from(text).toString('hex'),
};

/** The number of consecutive characters of the secret, whatever is between them. */
function longestPart(text: string, of: string): number {
  const letters = (one: string): string => one.replace(/[^a-z\d]/gi, '').toLowerCase();
  const [shown, sent] = [letters(text), letters(of)];
  let longest = 0;
  for (let from = 0; from < sent.length; from++)
    while (from + longest < sent.length && shown.includes(sent.slice(from, from + longest + 1))) longest++;
  return longest;
}

describe('withoutSecrets', () => {
  test.each(Object.entries(coats))('08.01: hides a secret that is echoed as %s', (name, coat) => {
    fc.assert(
      fc.property(secret, (sent) => {
        const shown = withoutSecrets(`The value “${coat(sent)}” is not valid.`, [sent]);
        expect(shown).toContain('The value “');
        expect(shown).toContain('” is not valid.');
        expect(shown).toContain('…');
        expect(longestPart(shown, sent)).toBeLessThan(16);
        if (/^(Base64|hex)/.test(name)) expect(longestPart(shown, coat(sent))).toBeLessThan(24);
      }),
      { numRuns: 200 },
    );
  });

  test('08.01: hides a part of a secret, too', () => {
    fc.assert(
      fc.property(secret, fc.nat(), fc.nat(), (sent, from, length) => {
        const part = sent.slice(from % sent.length, (from % sent.length) + length);
        expect(longestPart(withoutSecrets(`It was (${part}), or so.`, [sent]), sent)).toBeLessThan(16);
      }),
      { numRuns: 1000 },
    );
  });

  test('keeps text that is not secret, including words that a secret starts with', () => {
    const text =
      'The refresh token is invalid or expired. Client 0oa1b2c3d4E5f6G7h8i9, request 7f3c9a10-1b2c.';
    expect(withoutSecrets(text, ['refresh-token-of-ana-8f2a9c', 'aoaAAAAAGH1jK2l3M4n5'])).toBe(text);
    expect(withoutSecrets(text, [])).toBe(text);
  });

  test('hides a short secret, too', () => {
    expect(withoutSecrets('code 1234-5678 and p%40ss!', ['1234-5678', 'p@ss!'])).toBe('code … and …');
  });

  test('keeps JSON valid', () => {
    fc.assert(
      fc.property(secret, fc.constantFrom(...Object.values(coats)), (sent, coat) => {
        const body = JSON.stringify({ error: 'invalid_grant', error_description: `It is ${coat(sent)}` });
        const shown = JSON.parse(withoutSecrets(body, [sent])) as { readonly error: string };
        expect(shown.error).toBe('invalid_grant');
      }),
      { numRuns: 1000 },
    );
  });

  test('A09: hides a secret in hexadecimal escapes, whether or not it was sent', () => {
    const sent = 'aoaAAAAAGdNoDigitsKLmNoPqRsTuVwXyZ';
    const escaped = sent.replace(/./g, (letter) => `\\x${letter.charCodeAt(0).toString(16)}`);
    expect(withoutSecrets(`It is ${escaped}.`, [sent])).toBe('It is ….');
    expect(safeText(`It is ${escaped}.`)).toBe('It is ….');
  });
});
