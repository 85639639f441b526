import type { IncomingMessage, ServerResponse } from 'node:http';
import { createFaults, type Faults } from '../sandbox/faults.ts';
import { tokenMark } from './tokenMark.ts';

/** The header with the process's name, and the mark and age of the refresh token it spends: `3.7 <mark> 950`. */
export const askerHeader = 'x-kill-test';

/** A refresh accepted by a sandbox server; tokens are represented by marks. */
export interface Acceptance {
  readonly session: string;
  /** The name of the process that sent it. */
  readonly asker: string;
  readonly spent: string;
  /** Age of the spent token when the request was sent, in milliseconds. */
  readonly spentAge: number;
  /** Undefined if the client was gone. */
  readonly issued: string | undefined;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Refreshes accepted by the sandbox's token endpoints, recorded before the response is sent. */
export interface Ledger {
  /** For `startSandbox`, replacing its own. */
  readonly faults: Faults;
  readonly acceptances: readonly Acceptance[];
  /**
   * Starts a session with this refresh token; requests that spend it, or one issued for it, belong to the
   * session.
   */
  opens(session: string, refreshToken: string): void;
  /** Rejected refreshes. */
  refused(): number;
  /** The last rejected token mark of a session; the record of an ended session has no token. */
  lastRefused(session: string): string | undefined;
  /**
   * Called at each acceptance; the response waits for the returned promise. A promise that never resolves loses
   * the response.
   */
  beforeAnswer: (acceptance: Acceptance) => Promise<void> | undefined;
  /** Resolves when this number of refreshes has been accepted. */
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
