import { withoutEcho } from '../../../src/adapters/node/withoutEcho.ts';
import type { HttpFetch, HttpRequest } from '../../../src/core/ports.ts';

/** An `HttpFetch` that responds from a list: throws an `Error`, returns a `Response`, and sends all else as JSON. */
interface FakeHttp {
  readonly http: HttpFetch;
  /** All requests so far: method, address, and the body as a form. */
  readonly asked: readonly (readonly [string, URLSearchParams])[];
}

export function fakeHttp(...answers: readonly unknown[]): FakeHttp {
  const list = [...answers];
  const asked: (readonly [string, URLSearchParams])[] = [];
  const http = async (url: string, request: HttpRequest): Promise<Response> => {
    const { method, body, signal } = request;
    signal?.throwIfAborted();
    asked.push([`${method} ${url}`, new URLSearchParams(body)]);
    if (list.length === 0) throw new Error(`The test has no answer to ${url}`);
    const next: unknown = list.shift();
    if (next instanceof Error) throw next;
    return withoutEcho(next instanceof Response ? next : Response.json(next), request);
  };
  return { http, asked };
}
