import type { SsoOidc } from '../../../src/core/identityCenter/ssoOidc.ts';

type Operation = keyof SsoOidc;
type Asked = readonly [operation: Operation, request: Readonly<Record<string, unknown>>];

/** An SSO-OIDC API that responds from a list: throws an `Error`, calls a function, and returns all else. */
interface FakeSsoOidc extends SsoOidc {
  /** All requests so far, in order. */
  readonly asked: readonly Asked[];
  /** Adds a response to an operation's list. */
  willAnswer(operation: Operation, ...answers: readonly unknown[]): FakeSsoOidc;
}

export function fakeSsoOidc(): FakeSsoOidc {
  const asked: Asked[] = [];
  const lists: Record<Operation, unknown[]> = {
    registerClient: [],
    startDeviceAuthorization: [],
    createToken: [],
  };
  const answer =
    (operation: Operation) =>
    async (request: object, signal: AbortSignal): Promise<unknown> => {
      signal.throwIfAborted();
      asked.push([operation, { ...request }]);
      if (lists[operation].length === 0) throw new Error(`The test has no answer to ${operation}`);
      const next: unknown = lists[operation].shift();
      if (next instanceof Error) throw next;
      return typeof next === 'function' ? (next as (signal: AbortSignal) => unknown)(signal) : next;
    };
  const oidc: FakeSsoOidc = {
    asked,
    registerClient: answer('registerClient'),
    startDeviceAuthorization: answer('startDeviceAuthorization'),
    createToken: answer('createToken'),
    willAnswer: (operation, ...answers) => {
      lists[operation].push(...answers);
      return oidc;
    },
  };
  return oidc;
}
