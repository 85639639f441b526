import { withoutEcho } from '../../../src/adapters/node/withoutEcho.ts';
import type { HttpFetch, HttpRequest } from '../../../src/core/ports.ts';

/** An `HttpFetch` that responds by address, records requests, and never echoes a secret. */
interface AnsweringHttp {
  readonly http: HttpFetch;
  readonly asked: readonly (readonly [url: URL, request: HttpRequest])[];
}

export function answeringHttp(
  answer: (url: URL, request: HttpRequest) => Response | Error | Promise<Response>,
): AnsweringHttp {
  const asked: (readonly [URL, HttpRequest])[] = [];
  const http: HttpFetch = async (address, request) => {
    request.signal?.throwIfAborted();
    const url = new URL(address);
    asked.push([url, request]);
    const given = await answer(url, request);
    if (given instanceof Error) throw given;
    return withoutEcho(given, request);
  };
  return { http, asked };
}

/** A redirect to `location`. */
export function redirectTo(location: string, status = 302): Response {
  return new Response(null, { status, headers: { location } });
}
