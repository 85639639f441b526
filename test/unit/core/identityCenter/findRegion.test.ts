import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/errors.ts';
import { findRegion } from '../../../../src/core/identityCenter/findRegion.ts';
import { OAuthRefusal } from '../../../../src/core/oauthRefusal.ts';
import { january } from '../../fakes/examples.ts';
import { fakeClock } from '../../fakes/fakeClock.ts';
import { fakeSsoOidc } from '../../fakes/fakeSsoOidc.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const startUrl = 'https://d-1234567890.awsapps.com/start';
const registered = { clientId: 'client-1', clientSecret: 'secret-1' };
const code = { deviceCode: 'd', userCode: 'ABCD-EFGH', verificationUri: startUrl };
const no = new OAuthRefusal('invalid_request', { status: 400 });
const regions = [
  'us-east-1',
  'eu-west-1',
  'eu-central-1',
  'us-west-2',
  'us-east-2',
  'ap-south-1',
  'sa-east-1',
];

/** Regions that answer StartDeviceAuthorization so; all others say no. */
function world(answers: Readonly<Record<string, unknown>>) {
  const asked: string[] = [];
  let atOnce = 0;
  let most = 0;
  const ssoOidcAt = ({ region }: { readonly region: string }) => {
    asked.push(region);
    most = Math.max(most, ++atOnce);
    const start = async (): Promise<unknown> => {
      await Promise.resolve();
      atOnce--;
      const answer = answers[region] ?? no;
      if (answer instanceof Error) throw answer;
      return answer;
    };
    return fakeSsoOidc()
      .willAnswer('registerClient', registered)
      .willAnswer('startDeviceAuthorization', start);
  };
  const ports = { clock: fakeClock(january), ssoOidcAt, templates: { oidc: '', portal: '' } };
  return {
    asked,
    most: () => most,
    find: (signal = new AbortController().signal, onAsked?: (region: string) => void) =>
      findRegion(ports, startUrl, regions, ['a'], signal, onAsked),
  };
}

describe('the region of a start URL', () => {
  test('is the one in which a device authorization succeeds', async () => {
    const { asked, find } = world({ 'eu-central-1': code });
    expect(await find()).toEqual({ region: 'eu-central-1', notKnown: [] });
    expect(asked[0]).toBe('us-east-1');
    expect(asked).not.toContain('sa-east-1');
  });

  test('is looked for in a few regions at a time', async () => {
    const { most, asked, find } = world({});
    await find();
    expect(asked).toEqual(regions);
    expect(most()).toBeLessThanOrEqual(4);
  });

  test('is nowhere when all say no', async () => {
    expect(await world({}).find()).toEqual({ notKnown: [] });
  });

  test.each(['rateLimited', 'serverError', 'network', 'timeout', 'proxy'] as const)(
    'is not ruled out by a region that answers %s',
    async (kind) => {
      const { find } = world({ 'us-west-2': new SignInError(kind) });
      expect(await find()).toEqual({ notKnown: ['us-west-2'] });
    },
  );

  test('is not looked for any more when the person cancels', async () => {
    const asker = new AbortController();
    const { asked, find } = world({});
    const finding = find(asker.signal, () => asker.abort(new SignInError('cancelled')));
    expect(await rejectionOf(finding)).toMatchObject({ kind: 'cancelled' });
    expect(asked.length).toBeLessThan(regions.length);
  });
});
