import type { InteractionResult } from '../../../src/core/oauth/userInteraction.ts';

/** What a turn brought; throws when the person went another way. */
export function doneOf<T>(outcome: InteractionResult<T>): T {
  if ('done' in outcome) return outcome.done;
  throw new Error(`The person chose ${outcome.choice}`);
}
