import { expect, test } from 'vitest';
import { parseStartUrl } from '../../../../src/core/identityCenter/startUrl.ts';
import { resolveStartUrl } from '../../../../src/core/identityCenter/vanityAddress.ts';
import { fakeHttp } from '../../fakes/fakeHttp.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const { signal } = new AbortController();
const company = parseStartUrl('https://sso.example.com');
const redirect = (location: string) => new Response(null, { status: 302, headers: { location } });

test("a start URL of AWS's own is taken without a request", async () => {
  const { http, asked } = fakeHttp();
  const known = parseStartUrl('https://d-1234567890.awsapps.com/start');
  expect(await resolveStartUrl(http, known, signal)).toBe(known);
  expect(asked).toEqual([]);
});

test("a company's address is one redirect away from its start URL", async () => {
  const { http, asked } = fakeHttp(redirect('https://d-1234567890.awsapps.com/start/#/'));
  expect(await resolveStartUrl(http, company, signal)).toMatchObject({
    url: 'https://d-1234567890.awsapps.com/start',
    partition: 'aws',
  });
  expect(asked).toHaveLength(1);
});

test.each([
  ['leads nowhere', new Response('hello')],
  ["leads to a page that is not AWS's", redirect('https://evil.example/start')],
  ['leads to another address of a company', redirect('https://login.example.com/')],
  ["leads to AWS's without https", redirect('http://d-1234567890.awsapps.com/start')],
  ['leads to an address of AWS that is no start URL', redirect('https://console.aws.amazon.com/')],
  ['leads to itself', redirect('/login')],
])('an address that %s is refused', async (_, answer) => {
  const { http, asked } = fakeHttp(answer);
  expect(await rejectionOf(resolveStartUrl(http, company, signal))).toMatchObject({
    kind: 'invalidInput',
    facts: { reason: 'vanity' },
  });
  expect(asked).toHaveLength(1);
});
