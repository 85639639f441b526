import type { InteractionRequest, UserInteraction } from '../../src/core/oauth/userInteraction.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

/** Signs in as `username` without a browser, at the provider that shows a prompt. */
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

/** Keeps the prompt open until it ends, and cancels only if `act` fails. */
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
