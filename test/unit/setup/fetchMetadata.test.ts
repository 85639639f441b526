import { describe, expect, test } from 'vitest';
import { fetchMetadata } from '../../../src/setup/fetchMetadata.ts';
import { answeringHttp, redirectTo } from '../fakes/answeringHttp.ts';

const issuer = 'https://example.okta.com/oauth2/aus1';
const never = new AbortController().signal;

describe('fetchMetadata', () => {
  test.each([
    ['a redirect to the sign-in page', () => redirectTo('/login/login.htm'), 'invalidResponse'],
    ['a redirect behind a slash', () => redirectTo('openid-configuration/', 301), 'invalidResponse'],
    ['a document that is cut off', () => new Response('{"issuer":"https://exam'), 'invalidResponse'],
    ['no content', () => new Response(null, { status: 204 }), 'invalidResponse'],
    ['words', () => new Response('Welcome to our network'), 'proxy'],
    ['a refusal without a reason', () => new Response(null, { status: 401 }), 'proxy'],
    ['that it is missing', () => Response.json({ errorCode: 'E0000007' }, { status: 404 }), undefined],
  ])('F11: distinguishes %s from missing metadata', async (_, answer, kind) => {
    const { http } = answeringHttp(answer);
    const answers = await fetchMetadata(http, issuer, never);
    expect(answers.map(({ error }) => error?.kind)).toEqual([kind, kind]);
    expect(answers.map(({ document }) => document)).toEqual([undefined, undefined]);
  });

  test('reads a document that the server moved behind a slash', async () => {
    const { http } = answeringHttp((url) =>
      url.pathname.endsWith('/') ? Response.json({ issuer }) : redirectTo(`${url.pathname}/`, 301),
    );
    const answers = await fetchMetadata(http, issuer, never);
    expect(answers.map(({ document }) => document)).toEqual([{ issuer }, { issuer }]);
  });
});
