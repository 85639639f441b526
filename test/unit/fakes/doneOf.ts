import type { InteractionResult } from '../../../src/core/oauth/userInteraction.ts';

/** The result of a prompt; throws if the user chose an alternative. */
export function doneOf<T>(outcome: InteractionResult<T>): T {
  if ('done' in outcome) return outcome.done;
  throw new Error(`The person chose ${outcome.choice}`);
}
