import type { InteractionRequest, UserInteraction } from '../../src/core/oauth/userInteraction.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

/** Signs in as `username` without a browser, at whichever provider has the turn. */
export function signingInAs(sandbox: Sandbox, username: string): UserInteraction {
  return personWho(async ({ url, userCode }) => {
    if (userCode !== undefined) {
      sandbox.identityCenter.approve(userCode, username);
      return;
    }
    const { location } = await sandbox.okta.authorize(url, username);
    if (location !== undefined) await fetch(location);
  });
}

/** Has the turn until it is over, and gives up only when `act` fails. */
function personWho(act: (turn: InteractionRequest) => Promise<void>): UserInteraction {
  return {
    trustsIssuer: async () => true,
    prompt: (turn, signal) => {
      const { promise, reject } = Promise.withResolvers<never>();
      const over = (): void => {
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', over, { once: true });
      act(turn).catch(reject);
      return promise;
    },
  };
}
