import { describe, expect, test } from 'vitest';
import type { InteractionRequest } from '../../../src/core/oauth/userInteraction.ts';
import { ana, personWho } from '../people.ts';
import { noSignal, providers } from '../scene.ts';
import type { Provider } from '../scene.ts';
import { whileTimeFlies } from '../testClock.ts';
import { changed, proxyOf } from './changes.ts';
import { deviceRows } from './device.rows.ts';
import type { DeviceRow } from './device.rows.ts';
import { refusalWith } from './refusals.ts';
import { title } from './row.ts';
import { settled } from './settled.ts';
import { awsPages, connectionOf, useWorld } from './world.ts';

const world = useWorld({ identityCenter: { intervalSeconds: 5 } });

const operations = {
  okta: {
    page: 'https://id.example.com/activate',
    path: '/device/authorize',
    poll: 'okta.token:device_code',
  },
  identityCenter: {
    page: `${awsPages}/device`,
    path: '/device_authorization',
    poll: 'identityCenter.createToken:device_code',
  },
} as const;

/** Longer than the longest wait between two polls. */
const longestWait = 120_000;

/** A user who decides, or does not, at the page of the prompt. */
function personThat(decides: NonNullable<DeviceRow['person']>) {
  const { faults, identityCenter, okta } = world.scene.sandbox;
  const decide = async ({ url, userCode = '' }: InteractionRequest): Promise<void> => {
    if (decides === 'waits') return;
    const isAws = url.startsWith(awsPages);
    if (decides === 'denies') {
      if (isAws) identityCenter.deny(userCode);
      else faults.add({ at: operations.okta.poll, ...refusalWith('okta', 'access_denied') });
    } else if (isAws) {
      identityCenter.approve(userCode, ana);
    } else {
      await okta.authorize(`${okta.origin}/activate?${new URLSearchParams({ user_code: userCode })}`, ana);
    }
  };
  const decided = Promise.withResolvers<void>();
  const person = personWho((turn) => decide(turn).finally(() => decided.resolve()));
  return { person, decided: decided.promise };
}

/** Seconds between the code and the first poll, and between polls. */
function gapsAt(provider: Provider, startedAt: number): readonly number[] {
  const polls = world.scene.sandbox.requestLog.list(operations[provider].poll).map(({ at }) => at);
  return polls.map((at, index) => (at - (polls[index - 1] ?? startedAt)) / 1000);
}

describe.each(providers)('at %s', (provider) => {
  test.each(deviceRows)(
    title,
    async ({ change, polls = [], person: decides = 'allows', atOkta, gaps, life, ...row }) => {
      const { outcome, tokenRequests } = provider === 'okta' ? (atOkta ?? row) : row;
      const { page, path, poll } = operations[provider];
      const { clock, sandbox } = world.scene;
      if (change !== undefined) proxyOf(world, provider).tamper(path, changed(provider, change(page)));
      sandbox.faults.add(...polls.map((word) => ({ at: poll, ...refusalWith(provider, word) })));
      using product = world.window();
      const { person, decided } = personThat(decides);
      const startedAt = clock.now();
      const flow = { flow: 'deviceCode' } as const;
      const signingIn = product.sessions.signIn(connectionOf(world, provider), flow, person, noSignal);

      // Opening the page takes real time, during which the clock must not advance.
      await Promise.race([decided, settled(product, signingIn)]);
      const { kind } = await settled(product, whileTimeFlies(clock, signingIn, longestWait));
      expect(kind).toBe(outcome);
      expect(world.tokenRequests()).toBe(tokenRequests);
      if (tokenRequests === 0) expect(person.turns).toEqual([]);
      for (const { url } of person.turns) expect(new URL(url).host).toBe(new URL(page).host);
      if (gaps !== undefined) expect(gapsAt(provider, startedAt)).toEqual(gaps);
      if (life !== undefined) expect(((person.turns[0]?.expiresAt ?? 0) - startedAt) / 1000).toBe(life);
      expect([person.open, clock.sleeping]).toEqual([0, 0]);
    },
  );
});
