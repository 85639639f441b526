import type { IncomingMessage, ServerResponse } from 'node:http';
import { createFaults, type Faults } from '../sandbox/faults.ts';
import { tokenMark } from './tokenMark.ts';

/** The header by which a process says who it is, which refresh token it spends, and how old that is: `3.7 <mark> 950`. */
export const askerHeader = 'x-kill-test';

/** One refresh that a server of the sandbox has accepted; tokens are marks. */
export interface Acceptance {
  readonly session: string;
  /** The name of the process that asked. */
  readonly asker: string;
  readonly spent: string;
  /** Since the spent token was asked for, milliseconds, when the request left. */
  readonly spentAge: number;
  /** Undefined when the server found the client gone. */
  readonly issued: string | undefined;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What the sandbox's token endpoints accepted, written down before the answer leaves. */
export interface Ledger {
  /** For `startSandbox`, in the place of its own. */
  readonly faults: Faults;
  readonly acceptances: readonly Acceptance[];
  /** A session begins, with this refresh token: a request that spends it, or one that was issued for it, is of this session. */
  opens(session: string, refreshToken: string): void;
  /** Refreshes that were refused. */
  refused(): number;
  /** The mark of the token of a session that was refused last: a session that is over keeps none. */
  lastRefused(session: string): string | undefined;
  /**
   * Asked at each acceptance; what it returns is waited for before the answer is sent. One that never comes loses
   * the answer.
   */
  beforeAnswer: (acceptance: Acceptance) => Promise<void> | undefined;
  /** Resolves when so many refreshes are accepted. */
  reached(count: number): Promise<void>;
}

const refreshes = ['okta.token:refresh_token', 'identityCenter.createToken:refresh_token'];

export function createLedger(): Ledger {
  const acceptances: Acceptance[] = [];
  const sessionOf = new Map<string, string>();
  const faults = createFaults();
  let waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  let refusals = 0;
  const refusedTokens = new Map<string, string>();

  const note = (
    req: IncomingMessage,
    res: ServerResponse,
    body: string | Uint8Array | undefined,
  ): Acceptance | undefined => {
    const [asker = '', spent = '', age = ''] = String(req.headers[askerHeader] ?? '').split(' ');
    const session = sessionOf.get(spent) ?? '';
    if (res.statusCode !== 200) {
      refusals += 1;
      refusedTokens.set(session, spent);
      return undefined;
    }
    const { refresh_token, refreshToken } = parse(body);
    const token = refresh_token ?? refreshToken;
    const issued = token === undefined ? undefined : tokenMark(token);
    if (issued !== undefined) sessionOf.set(issued, session);
    const acceptance = { session, asker, spent, spentAge: Number(age), issued, at: Date.now() };
    acceptances.push(acceptance);
    waiting = waiting.filter(({ count, resolve }) => {
      if (acceptances.length < count) return true;
      resolve();
      return false;
    });
    return acceptance;
  };

  const ledger: Ledger = {
    faults: {
      ...faults,
      around: (operation, req, res, handle) => {
        if (!refreshes.includes(operation)) return faults.around(operation, req, res, handle);
        const end = res.end.bind(res) as (body?: string | Uint8Array) => ServerResponse;
        res.end = ((body?: string | Uint8Array): ServerResponse => {
          const acceptance = note(req, res, body);
          const before = acceptance === undefined ? undefined : ledger.beforeAnswer(acceptance);
          if (before === undefined) return end(body);
          void before.then(() => end(body));
          return res;
        }) as ServerResponse['end'];
        return faults.around(operation, req, res, handle);
      },
    },
    acceptances,
    opens: (session, refreshToken) => void sessionOf.set(tokenMark(refreshToken), session),
    refused: () => refusals,
    lastRefused: (session) => refusedTokens.get(session),
    beforeAnswer: () => undefined,
    reached: (count) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      if (acceptances.length >= count) resolve();
      else waiting.push({ count, resolve });
      return promise;
    },
  };
  return ledger;
}

function parse(body: string | Uint8Array | undefined): {
  readonly refresh_token?: string;
  readonly refreshToken?: string;
} {
  return body === undefined ? {} : (JSON.parse(body.toString()) as object);
}
