import { abortError, SignInError } from '../../core/oauth/errors.ts';
import type { ErrorDetails, SignInErrorKind } from '../../core/oauth/errors.ts';
import type { HttpFetch } from '../../core/ports.ts';
import { codePointName } from '../../input/pastedText.ts';
import { safeId, safeText } from '../../core/text/safeText.ts';
import { defined } from '../../core/defined.ts';
import { awakeTimeout } from './awakeTimeout.ts';
import { membersOf, undefinedIfEcho, withoutEcho } from './withoutEcho.ts';
import type { SentRequest } from './withoutEcho.ts';

/** Far larger than any response this product expects, in bytes. */
const bodyLimit = 1024 * 1024;
const defaultTimeoutMilliseconds = 20_000;

/**
 * `fetch` with limits on time and size that tells transport errors from the service's responses. Rejects when
 * the service did not answer itself (no connection, a proxy, a 5xx, a 429); resolves with any other response,
 * with echoed secrets removed from errors. Looks up `fetch` on each call, since VS Code replaces it to add
 * proxies and certificates.
 */
export function createBoundedFetch(
  fetchNow: () => typeof fetch,
  now: () => number,
  timeoutMilliseconds = defaultTimeoutMilliseconds,
  onAnswer: (host: string, date: string | null) => void = () => {},
): HttpFetch {
  return async (url, { signal, bytes: sent, ...request }) => {
    const host = URL.parse(url)?.host;
    if (host === undefined) throw new SignInError('invalidInput', { operation: 'request', reason: 'notUrl' });
    throwUnlessSendable(request.headers, host);
    using timeout = awakeTimeout(timeoutMilliseconds);
    const either = signal === undefined ? timeout.signal : AbortSignal.any([signal, timeout.signal]);
    try {
      const response = await fetchNow()(url, {
        ...request,
        ...(sent === undefined ? {} : { body: sent }),
        redirect: 'manual',
        signal: either,
      });
      onAnswer(host, response.headers.get('date'));
      const bytes = await readBody(response, host);
      throwUnlessService({ response, bytes, request, host }, now());
      if (asksForJson(request.headers) && isFromBetween(response, bytes, url)) {
        throw new SignInError('proxy', { host, status: response.status });
      }
      const hasBody = bytes.length > 0 && ![204, 205, 304].includes(response.status);
      const { status, statusText, headers } = response;
      return await withoutEcho(
        new Response(hasBody ? bytes : null, { status, statusText, headers }),
        request,
      );
    } catch (error) {
      if (error instanceof SignInError) throw error;
      if (signal?.aborted === true) throw abortError(signal, { host });
      if (timeout.signal.aborted) throw new SignInError('timeout', { host }, withoutText(error));
      throw transportError(error, host);
    }
  };
}

async function readBody(response: Response, host: string): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > bodyLimit) {
      throw new SignInError('invalidResponse', { host, status: response.status, reason: 'tooLarge' });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Rejects a header value that cannot be sent (Fetch, 2.2.2: values are bytes), which `fetch` would report as a
 * network error.
 */
function throwUnlessSendable(headers: Readonly<Record<string, string>>, host: string): void {
  for (const value of Object.values(headers)) {
    const found = /[^\t\x20-\x7e\x80-\xff]/u.exec(value)?.[0];
    if (found === undefined) continue;
    throw new SignInError('invalidInput', {
      operation: 'header',
      host,
      reason: 'character',
      character: codePointName(found),
    });
  }
}

function asksForJson(headers: Readonly<Record<string, string>>): boolean {
  const accept = new Headers(headers).get('accept') ?? '';
  return accept.includes('json') && !accept.includes('html');
}

/**
 * Whether a proxy or captive portal answered a request for JSON: with a page, a refusal in plain text, or a
 * redirect to another host. Checks only the first character: text that begins as JSON is the service's.
 */
function isFromBetween({ status, headers }: Response, bytes: Uint8Array, url: string): boolean {
  // A proxy with integrated authentication asks, in the server's name, for a scheme that no OAuth client has
  // (RFC 4559).
  if (status === 401 && /(^|,\s*)(negotiate|ntlm|kerberos)\b/i.test(headers.get('www-authenticate') ?? ''))
    return true;
  if (status >= 300 && status < 400 && status !== 304) {
    const target = URL.parse(headers.get('location') ?? '', url);
    return target !== null && target.origin !== new URL(url).origin;
  }
  const type = headers.get('content-type') ?? '';
  const start = new TextDecoder().decode(bytes.subarray(0, 200)).trimStart();
  if (start === '' || /^[[{]/.test(start)) return false;
  return start.startsWith('<') || /\bx?html\b/i.test(type) || (status >= 400 && /^text\//i.test(type));
}

/** A response with its body, and its request. */
interface Answered {
  readonly response: Response;
  readonly bytes: Uint8Array;
  readonly request: SentRequest;
  readonly host: string;
}

function throwUnlessService({ response, bytes, request, host }: Answered, now: number): void {
  const kind = kindOf(response);
  if (kind === undefined) return;
  const { headers } = response;
  const named = headers.get('x-okta-request-id') ?? headers.get('x-amzn-requestid');
  const requestId = safeId(undefinedIfEcho(named, request));
  const retryAt = retryAtOf(response, now);
  // RFC 6749, 5.2, with a status of its own: Auth0 denies a sign-in this way.
  const members = new Map(membersOf(new TextDecoder().decode(bytes)));
  const description = safeText(undefinedIfEcho(members.get('error_description') ?? null, request));
  throw new SignInError(kind, {
    host,
    status: response.status,
    ...defined({ requestId, retryAt, description }),
  });
}

function kindOf({ status, headers }: Response): SignInErrorKind | undefined {
  const isPage = /^text\/html\b/i.test(headers.get('content-type') ?? '');
  if (status === 407 || status === 511) return 'proxy';
  if (status === 429) return 'rateLimited';
  if (status >= 500) return 'serverError';
  // The services speak JSON: a page with status 403 is a proxy's or a firewall's.
  if (isPage && status === 403) return 'proxy';
  return undefined;
}

/** Okta's, and those of Auth0 and of the drafts of a standard. */
const resetHeaders = ['x-rate-limit-reset', 'x-ratelimit-reset', 'ratelimit-reset'] as const;
/** A smaller value is a number of seconds from now, as the drafts have it. */
const leastEpochSeconds = 1e9;

/**
 * When to retry, as epoch milliseconds of this machine's clock, from `Retry-After` (RFC 9110, 10.2.3: seconds
 * or a date) or a header for the end of a rate limit (epoch seconds, or seconds). Absolute times are the server's, so they are taken
 * relative to the response's `Date`.
 */
function retryAtOf({ headers, status }: Response, now: number): number | undefined {
  const date = dateIn(headers.get('date') ?? '');
  const here = (moment: number): number => moment + (date === undefined ? 0 : now - date);
  const after = headers.get('retry-after');
  if (after !== null) {
    // A gateway may add its own value to the server's, and some values have a fraction: take the longest.
    const seconds = after.split(',').map((one) => one.trim());
    if (seconds.every((one) => /^\d{1,7}(?:\.\d{1,9})?$/.test(one)))
      return now + Math.ceil(Math.max(...seconds.map(Number)) * 1000);
    const at = dateIn(after);
    if (at !== undefined) return here(at);
  }
  const reset = resetHeaders.map((name) => headers.get(name) ?? '').find((one) => /^\d{1,12}$/.test(one));
  // Servers send it with every response, and it says nothing about their own troubles.
  if (reset === undefined || status !== 429) return undefined;
  return Number(reset) < leastEpochSeconds ? now + Number(reset) * 1000 : here(Number(reset) * 1000);
}

/** An HTTP date (RFC 9110, 5.6.7) as epoch milliseconds. */
function dateIn(text: string): number | undefined {
  const at = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text) ? Date.parse(text) : NaN;
  return Number.isFinite(at) ? at : undefined;
}

function transportError(error: unknown, host: string): SignInError {
  const cause = withoutText(error);
  const status = tunnelRefusal(error);
  if (status !== undefined) return new SignInError('proxy', { host, status }, cause);
  const code = systemCode(error);
  const details: ErrorDetails = { host, ...defined({ code }) };
  if (isProxyRefusal(error) || /PROXY|TUNNEL/.test(code ?? ''))
    return new SignInError('proxy', details, cause);
  const isCertificate =
    code !== undefined &&
    /CERT|SIGNATURE|ERR_TLS|ERR_SSL|EPROTO|HOSTNAME|INVALID_(CA|PURPOSE)|CRL/.test(code);
  return new SignInError(isCertificate ? 'certificate' : 'network', details, cause);
}

/** An error of `fetch` reduced to its name and code: its message may quote what was sent, such as a header's value. */
function withoutText(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = systemCode(error);
  return new Error(code === undefined ? error.name : `${error.name} (${code})`);
}

/**
 * Whether `fetch` failed for a plain 407, which it never returns (Fetch, HTTP-network-or-cache fetch): Node
 * rejects with an error without a message.
 */
function isProxyRefusal(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && cause.message === '' && systemCode(cause) === undefined;
}

/**
 * The system's error code, on the error, its cause, or one of several causes; or in the message of Electron's `fetch`,
 * which VS Code uses with its setting `http.electronFetch`.
 */
function systemCode(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 4) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  const ofElectron = /^net::(ERR_[A-Z\d_]{1,60})$/.exec(error.message)?.[1];
  if (ofElectron !== undefined) return ofElectron;
  const inner: unknown[] = error instanceof AggregateError ? error.errors : [error.cause];
  return inner.map((one) => systemCode(one, depth + 1)).find((found) => found !== undefined);
}

/** The status with which a proxy refused a tunnel; `fetch` reports it only in the message of a cause. */
function tunnelRefusal(error: unknown, depth = 0): number | undefined {
  if (!(error instanceof Error) || depth > 4) return undefined;
  const status = /^Proxy response \((\d{3})\)/.exec(error.message)?.[1];
  return status === undefined ? tunnelRefusal(error.cause, depth + 1) : Number(status);
}
