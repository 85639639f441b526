import { redirectPath } from '../../../src/core/oauth/userInteraction.ts';
import type { Callback } from '../../../src/core/oauth/userInteraction.ts';
import type { LoopbackListener, LoopbackRedirect } from '../../../src/core/oauth/loopbackRedirect.ts';

/** A loopback redirect whose callbacks come from the test. */
interface FakeLoopback extends LoopbackRedirect {
  /** Sends a callback with these parameters; returns whether the sign-in accepted it. */
  arrive(parameters: URLSearchParams | Readonly<Record<string, string>>, path?: string): boolean;
  /** The pages that browsers were redirected to. */
  readonly pages: readonly string[];
  /** The error of each, if it failed. */
  readonly whys: readonly (string | undefined)[];
  /** Number of listeners that hold a port. */
  readonly listening: number;
}

type Take = (parameters: URLSearchParams, path: string) => boolean;

/** @param taken ports that another program holds */
export function fakeLoopback(taken: readonly number[] = []): FakeLoopback {
  const pages: string[] = [];
  const whys: (string | undefined)[] = [];
  let take: Take = () => false;
  let listening = 0;
  const listener = (port: number): LoopbackListener => ({
    port,
    callback: async (belongs, signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<Callback>();
      take = (parameters, path) => {
        if (!belongs(parameters, path)) return false;
        resolve({ parameters, path });
        return true;
      };
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      const callback = await promise;
      return {
        ...callback,
        respond: async (outcome, why) => {
          pages.push(outcome);
          whys.push(why?.kind);
        },
      };
    },
    [Symbol.asyncDispose]: async () => {
      listening--;
    },
  });
  return {
    pages,
    whys,
    get listening() {
      return listening;
    },
    arrive: (parameters, path = redirectPath) => take(new URLSearchParams(parameters), path),
    listen: async (ports) => {
      listening++;
      return listener(ports.find((port) => !taken.includes(port)) ?? 0);
    },
  };
}
