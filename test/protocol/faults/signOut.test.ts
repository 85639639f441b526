import { describe, expect, test } from 'vitest';
import type { SignInErrorKind } from '../../../src/core/oauth/errors.ts';
import { noSignal, providers, useSandbox } from '../scene.ts';
import type { Provider } from '../scene.ts';
import { useBreakage } from './breakage.ts';
import type { RequestName } from './breakage.ts';
import { faults } from './faults.ts';
import type { FaultName } from './faults.ts';

const scene = useSandbox();
const breakage = useBreakage(scene);

const requestOf: Readonly<Record<Provider, RequestName>> = { identityCenter: 'logout', okta: 'revoke' };

/**
 * The server's part of a sign-out's result; locally the session is always gone. The body of a 200 is ignored,
 * unless it is a page.
 */
type Outcome = SignInErrorKind | 'confirmed';
const table: readonly (readonly [fault: FaultName, outcome: Outcome])[] = [
  ['answer lost before processing', 'network'],
  ['answer lost after processing', 'network'],
  ['reset before processing', 'network'],
  ['reset after processing', 'network'],
  ['hang', 'timeout'],
  ['400 empty', 'invalidResponse'],
  ['400 page', 'proxy'],
  ['401 empty', 'invalidResponse'],
  ['403 page', 'proxy'],
  ['407 page', 'proxy'],
  ['429', 'rateLimited'],
  ['429 Retry-After', 'rateLimited'],
  ['500', 'serverError'],
  ['502 page', 'serverError'],
  ['503', 'serverError'],
  ['200 {}', 'confirmed'],
  ['200 with a number as token', 'confirmed'],
  ['200 page', 'proxy'],
  ['200 of two megabytes', 'invalidResponse'],
  ['302 to a portal', 'proxy'],
  ['certificate not trusted', 'certificate'],
  ['no such host', 'network'],
];
const rows = table.map(([fault, outcome]) => ({ fault, outcome }));

test('every fault has a row', () => {
  expect(rows.map(({ fault }) => fault).toSorted()).toEqual(Object.keys(faults).toSorted());
});

describe.each(providers)('a sign-out at %s', (provider) => {
  test.each(rows)('$fault: $outcome', async ({ fault, outcome }) => {
    using product = breakage.window();
    const { id } = await scene.signIn(product, provider);
    breakage.break(requestOf[provider], faults[fault]);

    const { notConfirmed } = await product.sessions.signOut(id, noSignal);
    expect(notConfirmed?.kind ?? 'confirmed').toBe(outcome);
    if (notConfirmed !== undefined) await product.failureOf(Promise.reject(notConfirmed));
    expect(breakage.tried(requestOf[provider])).toBe(1);
    expect(product.log.at(-1)).toMatch(
      outcome === 'confirmed'
        ? /^info Signed out /
        : new RegExp(`^warn Signed out locally; .*"kind":"${outcome}"`),
    );
    expect(await product.sessions.list()).toEqual({ sessions: [], lost: [] });
    expect([...product.secrets.map.keys()].filter((key) => key.startsWith('session:'))).toEqual([]);
  });
});
