import { describe, expect, test } from 'vitest';
import { kiroChecks } from '../../../../src/setup/checks/kiro.ts';
import type { SetupInputs } from '../../../../src/setup/setupPorts.ts';
import { encodeTexts } from '../../../../src/setup/cbor.ts';
import { answeringHttp, redirectTo } from '../../fakes/answeringHttp.ts';
import { checkContext } from '../../fakes/checkContext.ts';
import { oktaConnection, tokenSet } from '../../fakes/examples.ts';

const inputs: SetupInputs = { oktaClient: oktaConnection, domain: 'example.com', kiroRegion: 'us-east-1' };
const rowOf = (id: string) => kiroChecks.find((one) => one.id === id);

/** A CBOR map (RFC 8949) of `found: true` and these texts. */
function login(texts: Readonly<Record<string, string>>): Response {
  const [, ...rest] = encodeTexts(texts);
  const found = [0x65, ...new TextEncoder().encode('found'), 0xf5];
  return new Response(Uint8Array.from([0xa1 + Object.keys(texts).length, ...found, ...rest]));
}

describe('kiroChecks: kiro.profile', () => {
  const { issuer, clientId } = oktaConnection;
  const issuerUrl = `${issuer}/.well-known/openid-configuration`;
  test.each<[string, Readonly<Record<string, string>>, string, string | undefined]>([
    ['both', { issuerUrl, clientId }, 'pass', undefined],
    ['no client ID', { issuerUrl }, 'inconclusive', 'kiroChanged'],
    ['no issuer', { clientId }, 'inconclusive', 'kiroChanged'],
    ['neither', {}, 'inconclusive', 'kiroChanged'],
    ['another issuer alone', { issuerUrl: 'https://other.okta.com' }, 'fail', 'issuerDiffers'],
    ['an empty issuer and client ID', { issuerUrl: '', clientId: ' ' }, 'inconclusive', 'kiroChanged'],
    ['another client ID alone', { clientId: '0oa9' }, 'fail', 'clientIdDiffers'],
  ])('a profile for which Kiro returns %s', async (_what, texts, state, reason) => {
    const { http } = answeringHttp(() => login(texts));
    const result = await rowOf('kiro.profile')?.run?.(checkContext({ inputs, ports: { http } }));
    expect([result?.state, result?.reason]).toEqual([state, reason]);
  });
});

describe('kiroChecks: a redirect', () => {
  const profile = async (answer: () => Response) =>
    rowOf('kiro.profile')?.run?.(checkContext({ inputs, ports: { http: answeringHttp(answer).http } }));

  test('to the network’s sign-in was called a change of Kiro’s response', async () => {
    await expect(profile(() => redirectTo('https://wifi.example/sign-in'))).rejects.toMatchObject({
      kind: 'proxy',
      details: { host: 'app.kiro.dev' },
    });
  });

  test('on Kiro’s own host, or a page there, may be a change', async () => {
    const page = () => new Response('<html>', { headers: { 'content-type': 'text/html' } });
    for (const answer of [() => redirectTo('/home'), page])
      expect(await profile(answer)).toMatchObject({ state: 'inconclusive', reason: 'kiroChanged' });
  });
});

describe('kiroChecks: kiro.access', () => {
  const signIn = async () => ({
    accountLabel: 'ana@example.com',
    tokenSet,
    validTokens: async () => tokenSet,
    renew: async () => tokenSet,
  });
  const answering = async (
    usageOf: (profile: string) => Response,
    profiles: readonly object[] = [{ arn: 'arn:aws:1' }],
  ) => {
    const { http } = answeringHttp(({ pathname, searchParams }) =>
      pathname === '/' ? Response.json({ profiles }) : usageOf(searchParams.get('profileArn') ?? ''),
    );
    return rowOf('kiro.access')?.run?.(checkContext({ inputs, ports: { http, signIn } }));
  };
  const access = async (usage: object, profiles?: readonly object[]) =>
    answering(() => Response.json(usage), profiles);

  test.each([
    ['a subscription', { subscriptionInfo: { subscriptionTitle: 'KIRO PRO' } }],
    ['limits', { usageBreakdownList: [{ resourceType: 'AGENTIC_REQUEST' }] }],
  ])('passes if Kiro returns %s', async (_what, usage) => {
    expect(await access(usage)).toMatchObject({ state: 'pass' });
  });

  test('a person subscribed in another account was refused by its first profile', async () => {
    const subscribedIn = (arn: string) => (profile: string) =>
      profile === arn
        ? Response.json({ subscriptionInfo: { subscriptionTitle: 'KIRO PRO' } })
        : Response.json({ message: 'No.' }, { status: 403 });
    const profiles = [{ arn: 'arn:aws:1' }, { arn: 'arn:aws:2' }, { arn: 'arn:aws:3' }];
    const found = await answering(subscribedIn('arn:aws:2'), profiles);
    expect(found).toMatchObject({ state: 'pass' });
    expect(found?.evidence).toContainEqual({ name: 'profile', value: 'arn:aws:2' });
    expect(await answering(subscribedIn('arn:aws:9'), profiles)).toMatchObject({ reason: 'kiroRefused' });
  });

  test.each(['CREATING', 'CREATE_FAILED', 'DELETING'])(
    'a profile with the status %s passed',
    async (status) => {
      const usage = { subscriptionInfo: { subscriptionTitle: 'KIRO PRO' } };
      const found = await access(usage, [{ arn: 'arn:aws:1', status }]);
      expect(found).toMatchObject({ state: 'inconclusive', reason: 'noKiroProfile' });
      const [first, second] = [
        { arn: 'arn:aws:1', status },
        { arn: 'arn:aws:2', status: 'ACTIVE' },
      ];
      expect(await access(usage, [first, second])).toMatchObject({ state: 'pass' });
    },
  );

  test('a profile on the second page was missing', async () => {
    const pages = [
      { profiles: [{ arn: 'arn:aws:1', status: 'DELETING' }], nextToken: 'more' },
      { profiles: [{ arn: 'arn:aws:2' }] },
    ];
    const bodies: unknown[] = [];
    const { http } = answeringHttp(({ pathname }, { body }) => {
      if (pathname !== '/') return Response.json({ usageBreakdownList: [{}] });
      bodies.push(JSON.parse(String(body)));
      return Response.json(pages[bodies.length - 1]);
    });
    const found = await rowOf('kiro.access')?.run?.(checkContext({ inputs, ports: { http, signIn } }));
    expect(found).toMatchObject({ state: 'pass' });
    expect(bodies).toEqual([{ maxResults: 10 }, { maxResults: 10, nextToken: 'more' }]);
  });

  test('a list of profiles without an end did not say that the person has none', async () => {
    const { http } = answeringHttp(() => Response.json({ profiles: [], nextToken: 'more' }));
    const found = await rowOf('kiro.access')?.run?.(checkContext({ inputs, ports: { http, signIn } }));
    expect(found).toMatchObject({ state: 'inconclusive', reason: 'kiroChanged' });
  });

  test.each([{}, { subscriptionInfo: null, usageBreakdownList: [] }, { message: 'Welcome' }])(
    'a response without either proves nothing: %j',
    async (usage) => {
      expect(await access(usage)).toMatchObject({ state: 'inconclusive', reason: 'kiroChanged' });
    },
  );
});
