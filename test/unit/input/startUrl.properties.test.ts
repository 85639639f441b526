import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { SignInError } from '../../../src/core/oauth/errors.ts';
import { partitionOf } from '../../../src/core/identityCenter/regions.ts';
import { parseStartUrl } from '../../../src/input/startUrl.ts';
import type { StartUrl } from '../../../src/input/startUrl.ts';
import { anyString } from '../fakes/anyString.ts';

/** Texts similar to a start URL: its pieces in any order, with arbitrary text between them. */
const nearStartUrl = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[
          'https://',
          'http://',
          '//',
          '/',
          '.',
          ':',
          '@',
          '#',
          '#/',
          '?',
          '<',
          '>',
          ' ',
          '%2e',
          '%2F',
          '\\',
        ],
        ...[
          'd-1234567890',
          'view',
          'start',
          'directory',
          'platform',
          'signin.aws',
          'instances',
          'ssoins-7223f0a1b2c3d4e5',
          'identitycenter',
          'home',
        ],
        ...['awsapps.com', 'awsapps.cn', 'portal', 'app.aws', 'amazonaws.com', 'amazonaws.eu', 'us-gov-home'],
        ...['eu-west-1', 'us-gov-west-1', 'cn-north-1', 'eusc-de-east-1', 'example.com', 'xn--', '443'],
      ),
      anyString(3),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''));

const wellFormed = fc
  .tuple(
    fc.constantFrom('', 'https://', ' https://'),
    fc.constantFrom(
      'd-1234567890.awsapps.com/start',
      'view.awsapps.com/start',
      'identitycenter.amazonaws.com/ssoins-7223f0a1b2c3d4e5',
      'ssoins-7223f0a1b2c3d4e5.portal.eu-west-1.app.aws',
      'ssoins-7223f0a1b2c3d4e5.us-east-2.portal.amazonaws.com',
      'start.us-gov-home.awsapps.com/directory/d-1234567890',
      'start.cn-north-1.home.awsapps.cn/directory/d-1234567890',
      'sso.example.com',
    ),
    fc.webPath(),
    fc.constantFrom('', '/', '#', '#/', '?', ' ', '#/device?user_code=ABCD-EFGH'),
  )
  .map((pieces) => pieces.join(''));

const anyText = fc.oneof(nearStartUrl, wellFormed, fc.webUrl(), anyString());

function tryParse(text: string): StartUrl | undefined {
  try {
    return parseStartUrl(text);
  } catch (error) {
    if (error instanceof SignInError && error.kind === 'invalidInput') return undefined;
    throw error;
  }
}

const always = (law: (text: string) => boolean) =>
  fc.assert(fc.property(anyText, law), { numRuns: 10_000, examples: [['https://sso.example.com/a//b/']] });

describe('parseStartUrl', () => {
  test('any text is a start URL or invalid input, and nothing else', () => {
    always((text) => {
      const { url } = tryParse(text) ?? { url: 'https://none.example/' };
      return /^https:\/\/[^/@?#\s]+(\/[^?#\s]*)?$/.test(url);
    });
  });

  test('a normal form is its own normal form', () => {
    always((text) => {
      const parsed = tryParse(text);
      if (parsed === undefined) return true;
      const { region, ...normal } = parseStartUrl(parsed.url);
      const { region: named, ...rest } = parsed;
      // A sign-in page has its Region next to the ID; its start URL may not.
      return isDeepStrictEqual(normal, rest) && (region === undefined || region === named);
    });
  });

  test('a Region in the address belongs to its partition', () => {
    always((text) => {
      const { region, partition } = tryParse(text) ?? {};
      return region === undefined || partitionOf(region) === partition;
    });
  });
});
