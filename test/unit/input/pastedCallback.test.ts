import { describe, expect, test } from 'vitest';
import { isResponseTo } from '../../../src/core/oauth/userInteraction.ts';
import type { Callback } from '../../../src/core/oauth/userInteraction.ts';
import { takePasted } from '../../../src/input/pastedCallback.ts';

const redirectUri = 'http://localhost:8008/oauth/callback';

describe('takePasted', () => {
  test.each([
    ['as the browser shows it', `${redirectUri}?code=1&state=mine`],
    ['with spaces around it', `  ${redirectUri}?code=1&state=mine\r\n`],
    ['without its scheme, as some browsers copy it', 'localhost:8008/oauth/callback?code=1&state=mine'],
    ['with a slash behind the path', `${redirectUri}/?code=1&state=mine`],
    ['with a fragment', `${redirectUri}?code=1&state=mine#_=_`],
    ['by another name of this machine', 'http://127.0.0.1:8008/oauth/callback?code=1&state=mine'],
    ['by the other address of this machine', 'http://[::1]:8008/oauth/callback?code=1&state=mine'],
    ['with its scheme in capitals', 'HTTP://localhost:8008/oauth/callback?code=1&state=mine'],
    // sanity-io/sanity#7141, lensapp/lens#5623, cli/cli#650: where a local web app once sent HSTS, and in HTTPS-only mode.
    [
      'with the https that a browser put in its place',
      'https://localhost:8008/oauth/callback?code=1&state=mine',
    ],
  ])('accepts it %s', (_, text) => {
    const taken: Callback[] = [];
    expect(
      takePasted(text, { redirectUri, takeCallback: (callback) => taken.push(callback) > 0 }),
    ).toBeUndefined();
    expect(taken.map(({ path, parameters }) => [path, parameters.get('code')])).toEqual([
      ['/oauth/callback', '1'],
    ]);
  });

  test.each([
    ['nothing', '', 'notCallback'],
    ['words', 'it says an error occurred', 'notCallback'],
    ['a code alone', 'abcdef123456', 'notCallback'],
    ['a query alone', '?code=1&state=mine', 'notCallback'],
    ['the address that was opened', 'https://example.okta.com/v1/authorize?state=mine', 'notCallback'],
    ['another machine', 'http://example.com:8008/oauth/callback?code=1&state=mine', 'notCallback'],
    ['a name like this machine', 'http://localhost.evil.example:8008/oauth/callback?code=1', 'notCallback'],
    [
      'this machine as a user name',
      'http://localhost:8008@evil.example/oauth/callback?code=1',
      'notCallback',
    ],
    ['another scheme', 'ftp://localhost:8008/oauth/callback?code=1&state=mine', 'notCallback'],
    ['another port', 'http://localhost:9091/oauth/callback?code=1&state=mine', 'notCallback'],
    ['another path', 'http://localhost:8008/oauth/callbacks?code=1&state=mine', 'notCallback'],
    ['the page after the redirect', `${redirectUri}/signed-in`, 'notCallback'],
    ['neither code nor error', `${redirectUri}?state=mine`, 'notCallback'],
    ['a code in the fragment', `${redirectUri}#code=1&state=mine`, 'notCallback'],
    ['another state', `${redirectUri}?code=1&state=another`, 'otherSignIn'],
    ['no state', `${redirectUri}?code=1`, 'otherSignIn'],
    ['two states', `${redirectUri}?code=1&state=mine&state=mine`, 'otherSignIn'],
    ['two codes', `${redirectUri}?code=1&code=2&state=mine`, 'otherSignIn'],
  ])('rejects it: %s', (_, text, problem) => {
    const takeCallback = ({ parameters }: Callback): boolean => isResponseTo(parameters, 'mine');
    expect(takePasted(text, { redirectUri, takeCallback })).toBe(problem);
  });

  test.each([
    ['as it stands', `${redirectUri}?code=1&amp;state=mine`],
    ['in angle brackets', `<${redirectUri}?code=1&amp;state=mine&amp;iss=x>`],
    ['in a link', `[here](${redirectUri}?state=mine&amp;code=1)`],
  ])('accepts it from the source of a page or log, with escaped ampersands: %s', (_, text) => {
    const takeCallback = ({ parameters }: Callback): boolean =>
      isResponseTo(parameters, 'mine') && parameters.get('code') === '1';
    expect(takePasted(text, { redirectUri, takeCallback })).toBeUndefined();
  });
});
