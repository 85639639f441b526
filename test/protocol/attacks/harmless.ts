import { expect } from 'vitest';
import type { RawAnswer } from './rawHttp.ts';
import type { Passed } from './tamperingProxy.ts';

/**
 * Asserts that a response of the listener cannot be stored, referred, framed, sniffed, run as script or fetched by
 * another site, whatever the request.
 */
export function expectHarmless({ status, headers, body }: RawAnswer): void {
  const policy = headers['content-security-policy'] ?? '';
  expect({
    status,
    kept: headers['cache-control'],
    referred: headers['referrer-policy'],
    sniffed: headers['x-content-type-options'],
    policy: policy.split(';')[0],
    runs: /script-src|unsafe/.test(policy) || /<script|javascript:|\son\w+=/i.test(body),
    leadsAway: headers['location'] !== undefined && !ownPage.test(headers['location']),
    shared: headers['access-control-allow-origin'],
    usedBy: headers['cross-origin-resource-policy'],
  }).toEqual({
    status,
    kept: 'no-store',
    referred: 'no-referrer',
    sniffed: 'nosniff',
    policy: "default-src 'none'",
    runs: false,
    leadsAway: false,
    shared: undefined,
    usedBy: 'same-origin',
  });
}

/** A16: with an empty fragment, so that the browser does not keep that of the callback. */
const ownPage = /^\/oauth\/callback\/(signed-in|failed|ended)#$/;

/** The names of those texts that a response repeats in its headers or body. */
export function repeatedIn({ headers, body }: RawAnswer, texts: ReadonlyMap<string, string>): string[] {
  const whole = `${JSON.stringify(headers)}\n${body}`;
  return [...texts].filter(([text]) => whole.includes(text)).map(([, name]) => name);
}

const secretMember =
  /(?:^|["&?])(access_?token|refresh_?token|client_?secret|device_?code|code_?verifier|code|token)"?[:=]\s*"?([^"&\s]{8,})/gi;

/** The secrets of a run as seen on the wire, by name. */
export function secretsOn(wire: readonly Passed[]): ReadonlyMap<string, string> {
  return new Map(
    wire
      .flatMap(({ body, answer }) => [body, answer.body])
      .flatMap((text) => [...text.matchAll(secretMember)])
      .map(([, name = '', value = '']) => [decodeURIComponent(value), name]),
  );
}

/** The parameters of a request's target, by name; excludes short values, which occur on any page. */
export function parametersOf(target: string): ReadonlyMap<string, string> {
  const query = new URLSearchParams(/\?([^#\s]*)/.exec(target)?.[1]);
  return new Map([...query].filter(([, value]) => value.length >= 8).map(([name, value]) => [value, name]));
}
