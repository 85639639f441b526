import type { FaultRule } from '../../sandbox/faults.ts';

/** A fault: a response of the sandbox, or a different server that receives the request. */
export interface Fault {
  readonly rule?: Omit<FaultRule, 'at' | 'times'>;
  /** A server with an untrusted certificate, or an unknown name. */
  readonly elsewhere?: 'untrusted' | 'nowhere';
  /** No response: this request has a short timeout, so that the test need not wait twenty seconds. */
  readonly hangs?: true;
}

const page = '<!doctype html><title>Proxy</title><p>Ask your administrator.';
const html = { 'content-type': 'text/html; charset=utf-8' };

/** Numbers instead of strings, under the names of both wire formats. */
const numbers = {
  ...{ clientId: 1, clientSecret: 2, deviceCode: 3, userCode: 4, verificationUri: 5, accessToken: 6 },
  ...{ issuer: 1, device_code: 3, user_code: 4, verification_uri: 5, access_token: 6 },
  ...{ tokenType: 'Bearer', token_type: 'Bearer' },
};

/** All request-independent faults of the sandbox, and two more. */
export const faults = {
  'answer lost before processing': { rule: { drop: 'before' } },
  'answer lost after processing': { rule: { drop: 'after' } },
  'reset before processing': { rule: { reset: 'before' } },
  'reset after processing': { rule: { reset: 'after' } },
  hang: { rule: { hang: true }, hangs: true },
  '400 empty': { rule: { status: 400, body: '' } },
  '400 page': { rule: { status: 400, body: page, headers: html } },
  '401 empty': { rule: { status: 401, body: '' } },
  '403 page': { rule: { status: 403, body: page, headers: html } },
  '407 page': { rule: { status: 407, body: page, headers: { ...html, 'proxy-authenticate': 'Basic' } } },
  '429': { rule: { status: 429, body: '' } },
  '429 Retry-After': { rule: { status: 429, body: '', headers: { 'retry-after': '120' } } },
  '500': { rule: { status: 500, body: '' } },
  '502 page': { rule: { status: 502, body: page, headers: html } },
  '503': { rule: { status: 503, body: '' } },
  '200 {}': { rule: { body: '{}' } },
  '200 with a number as token': { rule: { body: JSON.stringify(numbers) } },
  '200 page': { rule: { body: page, headers: html } },
  '200 of two megabytes': { rule: { body: `{"padding":"${'x'.repeat(2 ** 21)}"}` } },
  '302 to a portal': { rule: { status: 302, body: '', headers: { location: 'http://portal.invalid/' } } },
  'certificate not trusted': { elsewhere: 'untrusted' },
  'no such host': { elsewhere: 'nowhere' },
} as const satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof faults;
