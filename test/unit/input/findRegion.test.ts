import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../src/core/oauth/errors.ts';
import { findRegion } from '../../../src/input/findRegion.ts';
import { OAuthErrorResponse } from '../../../src/core/oauth/errorResponse.ts';
import type { SsoOidc, SsoOidcAt } from '../../../src/core/identityCenter/ssoOidc.ts';
import { january } from '../fakes/examples.ts';
import { fakeClock } from '../fakes/fakeClock.ts';
import { settle, settleUntil } from '../fakes/settle.ts';
import { rejectionOf } from '../fakes/thrownBy.ts';

const startUrl = 'https://d-1234567890.awsapps.com/start';
const scopes = ['codewhisperer:completions'];
const regions = ['us-east-1', 'eu-west-1', 'eu-central-1', 'us-west-2', 'us-east-2', 'ap-northeast-1'];
const never = new AbortController().signal;
const no = new OAuthErrorResponse('invalid_request', { operation: 'startDeviceAuthorization', status: 400 });
const yes = {
  deviceCode: 'device-code-1',
  userCode: 'ABCD-EFGH',
  verificationUri: 'https://d-1234567890.awsapps.com/start/#/device',
};
type Answer = (signal: AbortSignal) => Promise<unknown>;
const rejects =
  (error: Error): Answer =>
  () =>
    Promise.reject(error);

/** AWS, with `answers` as StartDeviceAuthorization's results by Region; all other Regions reject the start URL. */
function aws(answers: Readonly<Record<string, Answer>>, registers: Readonly<Record<string, Answer>> = {}) {
  const asked: string[] = [];
  let running = 0;
  let most = 0;
  const ssoOidcAt: SsoOidcAt = ({ region, url }) => {
    asked.push(region);
    const oidc: SsoOidc = {
      registerClient: async (_, signal) => {
        most = Math.max(most, ++running);
        await registers[region]?.(signal).finally(() => running--);
        return { clientId: `client of ${url}`, clientSecret: 'client-secret-1' };
      },
      startDeviceAuthorization: async (request, signal) => {
        try {
          expect(request).toEqual({
            clientId: `client of ${url}`,
            clientSecret: 'client-secret-1',
            startUrl,
          });
          await settle();
          return await (answers[region] ?? rejects(no))(signal);
        } finally {
          running--;
        }
      },
      createToken: () => Promise.reject(new Error('No token is asked for')),
    };
    return oidc;
  };
  const clock = fakeClock(january);
  const ports = { clock, ssoOidcAt, templates: { oidc: '', portal: '' } };
  const answered: string[] = [];
  const find = (signal = never) =>
    findRegion(ports, { startUrl, regions, scopes, onAsked: (region) => answered.push(region) }, signal);
  return { asked, answered, clock, find, mostAtATime: () => most, running: () => running };
}
const hangs: Answer = (signal) => {
  const { promise, reject } = Promise.withResolvers<never>();
  if (signal.aborted) reject(signal.reason as Error);
  signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  return promise;
};

describe('findRegion: the Region of a start URL', () => {
  test('is the one that accepts it', async () => {
    const { find } = aws({ 'us-west-2': async () => yes });
    expect(await find()).toEqual({ region: 'us-west-2', notKnown: [] });
  });

  test('is searched in the given order, without asking twice', async () => {
    const { find, asked, answered } = aws({});
    expect(await find()).toEqual({ notKnown: [] });
    expect(asked).toEqual(regions);
    expect([...answered].sort()).toEqual([...regions].sort());
  });

  test('is searched in four Regions at a time', async () => {
    const { find, mostAtATime } = aws({});
    await find();
    expect(mostAtATime()).toBe(4);
  });

  test('ends the search and pending requests after the first match', async () => {
    const { clock, find, asked, running } = aws({
      'us-east-1': hangs,
      'eu-west-1': async () => yes,
      'eu-central-1': hangs,
      'us-west-2': hangs,
    });
    const result = find();
    await settleUntil(() => clock.sleeping === 1);
    await clock.advance(2000);
    expect(await result).toEqual({ region: 'eu-west-1', notKnown: [] });
    expect(clock.sleeping).toBe(0);
    expect(asked).toEqual(regions.slice(0, 4));
    expect(running()).toBe(0);
  });
});

test('findRegion: a code from every Region made the first one the Region', async () => {
  const { find } = aws(Object.fromEntries(regions.map((region) => [region, async () => yes])));
  expect(await find()).toEqual({ notKnown: [], isAmbiguous: true });
});

describe('findRegion: errors that do not rule out a Region', () => {
  test.each([
    ['a busy server', new SignInError('rateLimited', { status: 429 })],
    ['a server in trouble', new SignInError('serverError', { status: 503 })],
    ['a refusal with a 500', new OAuthErrorResponse('invalid_request', { status: 500 })],
    ['a refusal with a 429', new OAuthErrorResponse('slow_down', { status: 429 })],
    ['no network', new SignInError('network')],
    ['a time-out', new SignInError('timeout')],
    ['a proxy', new SignInError('proxy')],
    ['a certificate', new SignInError('certificate')],
    ['a refused client', new OAuthErrorResponse('invalid_client', { status: 401 })],
    ['an error of ours', new TypeError('broken')],
  ])('%s: this Region is inconclusive, and the others are asked', async (_, error) => {
    const { find } = aws({ 'eu-west-1': rejects(error) });
    expect(await find()).toEqual({ notKnown: ['eu-west-1'] });
  });

  test('an invalid response', async () => {
    const { find } = aws({ 'eu-west-1': async () => ({}) });
    expect(await find()).toEqual({ notKnown: ['eu-west-1'] });
  });

  test.each(['invalid_scope', 'invalid_request', 'invalid_client_metadata'])(
    'a registration that fails with %s says nothing about the start URL',
    async (word) => {
      const { find } = aws({}, { 'eu-west-1': rejects(new OAuthErrorResponse(word, { status: 400 })) });
      expect(await find()).toEqual({ notKnown: ['eu-west-1'] });
    },
  );

  test('a match elsewhere still counts', async () => {
    const { find } = aws({
      'us-east-1': rejects(new SignInError('serverError')),
      'us-east-2': async () => yes,
    });
    expect(await find()).toEqual({ region: 'us-east-2', notKnown: ['us-east-1'] });
  });
});

describe('findRegion: canceling', () => {
  test('ends every request at once, with the given reason', async () => {
    const { find, running } = aws(Object.fromEntries(regions.map((region) => [region, hangs])));
    const asker = new AbortController();
    const reason = new SignInError('cancelled', { operation: 'test' });
    const result = find(asker.signal);
    await settle();
    await settle();
    expect(running()).toBe(4);
    asker.abort(reason);
    expect(await rejectionOf(result)).toBe(reason);
    expect(running()).toBe(0);
  });

  test('before the start sends no requests', async () => {
    const reason = new SignInError('cancelled', { operation: 'test' });
    const { find, asked } = aws({});
    expect(await rejectionOf(find(AbortSignal.abort(reason)))).toBe(reason);
    expect(asked).toEqual([]);
  });
});
