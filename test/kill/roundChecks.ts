import { check, type Check } from './check.ts';
import { namedSteps } from './messages.ts';
import type { RoundFigures } from './round.ts';

/**
 * The least time between two refreshes of one session: a token of two seconds is good for one, and is refreshed ahead
 * of that by the jitter at most, a tenth of its life. It counts from the moment a token was asked for.
 */
const soonestOf = ({ accessTokenSeconds }: RoundFigures['options']): number =>
  accessTokenSeconds * 1000 * 0.4;

/** What must be true of a round, whatever happened in it. */
function common({ tallies, stuck, losses, options, finals, atWork }: RoundFigures): Check[] {
  const { failures, refusedWhileGood } = tallies.sum();
  const others = Object.entries(failures).filter(([kind]) => kind !== 'grantRevoked');
  const notAsked = finals.filter(({ ended, asked }) => ended === undefined && !asked);
  return [
    check('no request got an error', others.length === 0, JSON.stringify(Object.fromEntries(others))),
    check('no token was refused while it had to be good', refusedWhileGood === 0, refusedWhileGood),
    check(
      'every process was at work when the round began',
      atWork === options.processes,
      `${atWork} of ${options.processes}`,
    ),
    check('every process ended when it was told to', stuck === 0, `${stuck} of ${options.processes} stuck`),
    check(
      'every record holds the newest token',
      losses.orphansNotLost.length === 0,
      losses.orphansNotLost.length,
    ),
    check('the server has refreshed every session once more', notAsked.length === 0, notAsked.length),
  ];
}

/** Nothing is lost: no session, no reuse, no refusal that ends one. */
function nothingLost({ finals, refusedRefreshes, reusesAfterGrace }: RoundFigures): Check[] {
  const lost = finals.filter(({ ended }) => ended !== undefined);
  const ends = lost.map(({ session, ended }) => `${session} ${ended ?? ''}`);
  return [
    check('no session was lost', lost.length === 0, ends.join(', ')),
    check('no refresh was refused', refusedRefreshes === 0, refusedRefreshes),
    check('no replaced token was used after its grace', reusesAfterGrace === 0, reusesAfterGrace),
  ];
}

/** Without kills and without a grace period: exactly one accepted refresh at each expiry. */
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
      'ID tokens are stored where they were asked for',
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

/** As {@link checksWithoutKills}, where the first tokens are those of another time. */
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

/** Whatever time it is for whom: a token may be refreshed before it is due, but is spent once and never lost. */
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
    check('every session was refreshed again and again', fewest >= 2, `${fewest} times at least`),
    check(
      'each accepted refresh is one generation of its record, or two with an ID token, and no others exist',
      unaccounted.length === 0,
      `${unaccounted.length} records differ`,
    ),
  ];
}

/** With kills, and a grace period in which the next holder of the lock asks again with the same token. */
export function checksWithGrace(figures: RoundFigures): Check[] {
  return [...common(figures), ...nothingLost(figures), ...killsEverywhere(figures)];
}

/** With kills and no grace: what is lost was lost between the server's acceptance and the durable write. */
export function checksWithoutGrace(figures: RoundFigures): Check[] {
  const { losses, finals, kills } = figures;
  const lost = finals.filter(({ ended }) => ended !== undefined).length;
  const mustLose = kills.filter(({ where }) => where === 'accepted' || where === 'answered');
  const withoutLoss = mustLose.filter((kill) => !losses.explained.some((loss) => loss.kill === kill));
  return [
    ...common(figures),
    ...killsEverywhere(figures),
    check(
      'every lost session is one whose process was killed between acceptance and write, and says grantRevoked',
      losses.unexplained.length === 0 && losses.explained.length === lost,
      `${losses.explained.length} of ${lost} explained`,
    ),
    check(
      'every kill between acceptance and write is a loss',
      withoutLoss.length === 0,
      `${mustLose.length - withoutLoss.length} of ${mustLose.length}`,
    ),
  ];
}

/** The lock switched off: the same figures see what the lock is there for. */
export function checksWithoutLock({ finals, reusesAfterGrace }: RoundFigures): Check[] {
  const lost = finals.filter(({ ended }) => ended !== undefined).length;
  return [
    check('without the lock sessions are lost', lost > 0, `${lost} of ${finals.length}`),
    check('without the lock tokens are spent twice', reusesAfterGrace > 0, reusesAfterGrace),
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
