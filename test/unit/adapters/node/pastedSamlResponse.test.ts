import { describe, expect, test } from 'vitest';
import { samlXmlIn } from '../../../../src/adapters/node/pastedSamlResponse.ts';
import { quickest } from '../../fakes/quickest.ts';

const xml = '<?xml version="1.0" encoding="UTF-8"?><r:Response xmlns:r="x">Ana ÄÖ 123 >>>???</r:Response>';
const base64 = Buffer.from(xml).toString('base64');

describe('samlXmlIn', () => {
  test.each([
    ['XML', `\ufeff  ${xml}\n`],
    ['base64', base64],
    ['base64 in lines', base64.replaceAll(/(.{64})/g, '$1\r\n')],
    ['base64 for addresses', Buffer.from(xml).toString('base64url')],
    ['URL encoding', encodeURIComponent(base64)],
    ['XML in URL encoding', encodeURIComponent(xml)],
    [
      'a form as it was posted',
      `SAMLResponse=${encodeURIComponent(base64)}&RelayState=https%3A%2F%2Fx.example`,
    ],
    ['a form with RelayState before it', `RelayState=a%3Db&SAMLResponse=${encodeURIComponent(base64)}`],
    ['a line of the developer tools', `SAMLResponse: ${base64}`],
    ['JSON', `{"SAMLResponse":"${base64}"}`],
    [
      'a parameter in the developer tools, which was not recognized',
      JSON.stringify({ name: 'SAMLResponse', value: encodeURIComponent(base64) }, undefined, 2),
    ],
    [
      'the hidden field of Okta’s page',
      `<input name="SAMLResponse" type="hidden" value="${base64.replaceAll('+', '&#x2b;').replaceAll('=', '&#x3d;')}"/>`,
    ],
    [
      'the form of the page',
      `<form method="POST" action="https://x"><input type="hidden" name="SAMLResponse" value="${base64}"/></form>`,
    ],
  ])('reads %s', (_, pasted) => {
    expect(samlXmlIn(pasted)).toBe(xml);
  });

  test.each([
    ['nothing', ''],
    ['a sentence', 'Access denied by the administrator.'],
    ['base64 of something else', Buffer.from('{"not":"XML"}').toString('base64')],
    ['a percent sign of its own', '100%zz'],
  ])('finds nothing in %s', (_, pasted) => {
    expect(samlXmlIn(pasted)).toBeUndefined();
  });

  test('takes linear time', () => {
    const took = quickest(() => {
      samlXmlIn(`SAMLResponse${' value='.repeat(36_000)}`);
      samlXmlIn('SAMLResponse '.repeat(20_000));
    }, 2000);
    expect(took).toBeLessThan(2000);
  });
});
