import { check, type Check } from './check.ts';
import { namedSteps } from './messages.ts';
import type { RoundFigures } from './round.ts';

/**
 * The minimum time between two refreshes of one session: a token of two seconds is usable for one, and jitter
 * refreshes it early by at most a tenth of its lifetime. Counted from when a token was requested.
 */
const soonestOf = ({ accessTokenSeconds }: RoundFigures['options']): number =>
  accessTokenSeconds * 1000 * 0.4;

/** Assertions for every round. */
function common({ tallies, stuck, losses, options, finals, atWork }: RoundFigures): Check[] {
  const { failures, refusedWhileGood } = tallies.sum();
  const others = Object.entries(failures).filter(([kind]) => kind !== 'grantRevoked');
  const notAsked = finals.filter(({ ended, asked }) => ended === undefined && !asked);
  return [
    check('no request failed', others.length === 0, JSON.stringify(Object.fromEntries(others))),
    check('no valid token was rejected', refusedWhileGood === 0, refusedWhileGood),
    check(
      'every process was running when the round began',
      atWork === options.processes,
      `${atWork} of ${options.processes}`,
    ),
    check('every process ended when told to', stuck === 0, `${stuck} of ${options.processes} stuck`),
    check(
      'every record holds the newest token',
      losses.orphansNotLost.length === 0,
      losses.orphansNotLost.length,
    ),
    check('the server refreshed every session once more', notAsked.length === 0, notAsked.length),
  ];
}

/** Assertions that nothing is lost: no session, no reuse, no rejection that ends one. */
function nothingLost({ finals, refusedRefreshes, reusesAfterGrace }: RoundFigures): Check[] {
  const lost = finals.filter(({ ended }) => ended !== undefined);
  const ends = lost.map(({ session, ended }) => `${session} ${ended ?? ''}`);
  return [
    check('no session was lost', lost.length === 0, ends.join(', ')),
    check('no refresh was rejected', refusedRefreshes === 0, refusedRefreshes),
    check('no replaced token was used after its grace period', reusesAfterGrace === 0, reusesAfterGrace),
  ];
}

/** Without kills or a grace period: exactly one accepted refresh at each expiry. */
export function checksWithoutKills(figures: RoundFigures): Check[] {
  const { youngestRefreshed, finals, acceptedBySession } = figures;
  const soonestMilliseconds = soonestOf(figures.options);
  const openid = finals.filter(({ hasIdToken }) => hasIdToken);
  const without = openid.filter(
    ({ session, generation }) => generation <= 1 + (acceptedBySession.get(session) ?? 0),
  );
  return [
    ...checksWithSteadyClock(figures),
    check(
      'ID tokens are stored if requested',
      openid.length > 0 && without.length === 0,
      `${openid.length - without.length} of ${openid.length} sessions`,
    ),
    check(
      `no token was refreshed before it was due, ${soonestMilliseconds} ms old`,
      youngestRefreshed >= soonestMilliseconds,
      `${youngestRefreshed} ms at least`,
    ),
  ];
}

/** As {@link checksWithoutKills}, if the first tokens are from a different clock. */
export function checksWithSteadyClock(figures: RoundFigures): Check[] {
  const { mostPerSecond } = figures;
  const soonestMilliseconds = soonestOf(figures.options);
  return [
    ...checksWithAnyClock(figures),
    check(
      `no session was refreshed more often than every ${soonestMilliseconds} ms`,
      mostPerSecond <= 1000 / soonestMilliseconds + 1 / figures.seconds,
      `${mostPerSecond.toFixed(2)} a second at most`,
    ),
  ];
}

/** Whatever the clocks: a token may be refreshed before it is due, but is spent only once and never lost. */
export function checksWithAnyClock(figures: RoundFigures): Check[] {
  const { finals, reusesInsideGrace, acceptedBySession, fewest } = figures;
  const unaccounted = finals.filter(({ session, hasIdToken, generation }) => {
    const accepted = acceptedBySession.get(session) ?? 0;
    return generation < 1 + accepted || generation > 1 + accepted * (hasIdToken ? 2 : 1);
  });
  return [
    ...common(figures),
    ...nothingLost(figures),
    check('no token was spent twice', reusesInsideGrace === 0, reusesInsideGrace),
    check('every session was refreshed repeatedly', fewest >= 2, `${fewest} times at least`),
    check(
      'each accepted refresh is one generation of its record, or two with an ID token, and no others exist',
      unaccounted.length === 0,
      `${unaccounted.length} records differ`,
    ),
  ];
}

/** Without kills, with a grace period: a response that is late or lost costs a retry, and no session. */
export function checksWithRetries(figures: RoundFigures): Check[] {
  return [...common(figures), ...nothingLost(figures)];
}

/** With kills and a grace period, in which the next lock holder can retry with the same token. */
export function checksWithGrace(figures: RoundFigures): Check[] {
  return [...checksWithRetries(figures), ...killsEverywhere(figures)];
}

/** With kills and no grace period: sessions are lost only between the server's acceptance and the durable write. */
export function checksWithoutGrace(figures: RoundFigures): Check[] {
  const { losses, finals, kills } = figures;
  const lost = finals.filter(({ ended }) => ended !== undefined).length;
  const mustLose = kills.filter(({ where }) => where === 'accepted' || where === 'answered');
  const withoutLoss = mustLose.filter((kill) => !losses.explained.some((loss) => loss.kill === kill));
  return [
    ...common(figures),
    ...killsEverywhere(figures),
    check(
      'every lost session belonged to a process killed between acceptance and write, and has the reason grantRevoked',
      losses.unexplained.length === 0 && losses.explained.length === lost,
      `${losses.explained.length} of ${lost} explained`,
    ),
    check(
      'every kill between acceptance and write loses a session',
      withoutLoss.length === 0,
      `${mustLose.length - withoutLoss.length} of ${mustLose.length}`,
    ),
  ];
}

/** Without the lock: the same figures show what the lock prevents. */
export function checksWithoutLock({ finals, reusesAfterGrace }: RoundFigures): Check[] {
  const lost = finals.filter(({ ended }) => ended !== undefined).length;
  return [
    check('without the lock, sessions are lost', lost > 0, `${lost} of ${finals.length}`),
    check('without the lock, tokens are spent twice', reusesAfterGrace > 0, reusesAfterGrace),
  ];
}

function killsEverywhere({ kills }: RoundFigures): Check[] {
  const missing = [...namedSteps, 'random' as const].filter(
    (step) => !kills.some(({ where }) => where === step),
  );
  return [
    check('processes were killed at every step', missing.length === 0, `missing: ${missing.join(', ')}`),
  ];
}
