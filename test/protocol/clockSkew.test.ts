import { expect, test } from 'vitest';
import { createBoundedFetch } from '../../src/adapters/node/boundedFetch.ts';
import { createSkewWatch } from '../../src/adapters/node/clockSkew.ts';
import { fakeLog } from '../unit/fakes/fakeLog.ts';
import { hour, noSignal, refreshAt, useSandbox } from './scene.ts';

const scene = useSandbox();

// Okta's `Date` header uses the machine's clock, whatever the time of the scene.
test.each([
  [-3, ['10800']],
  [3, ['-10800']],
  [0, []],
])(
  'a clock that is off by %d hours costs neither a token nor a request, and is logged once',
  async (...row) => {
    const [hours, seconds] = row;
    const log = fakeLog();
    const now = (): number => scene.clock.now();
    const watch = createSkewWatch(now, log);
    scene.clock.jump(Date.now() + hours * hour - now());
    using product = scene.window({
      http: (fetchNow) => createBoundedFetch(fetchNow, now, undefined, watch),
    });
    const { id, tokenSet } = await scene.signIn(product, 'okta');
    expect(tokenSet.expiresAt - now()).toBe(hour);
    for (let call = 0; call < 5; call++) await product.sessions.withFreshToken(id, noSignal);
    expect(scene.sandbox.requestLog.count(refreshAt.okta)).toBe(0);
    const said = log.lines.flatMap(
      (line) => /clock of this machine.*"seconds":(-?\d+)/.exec(line)?.[1] ?? [],
    );
    expect(said.map((text) => String(Math.round(Number(text) / 60) * 60))).toEqual(seconds);
  },
);
