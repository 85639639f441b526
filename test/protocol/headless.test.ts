import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SignInError } from '../../src/core/oauth/errors.ts';
import type { Headless } from './headless.ts';
import { useSandbox } from './scene.ts';

const scene = useSandbox();

/** The search for secrets at the end of a window detects leaks in each of these. */
const leaks: readonly (readonly [where: string, leave: (product: Headless, secret: string) => unknown])[] = [
  ['the details of an error', (product, input) => refusal(product, new SignInError('network', { input }))],
  ['the cause of an error', (product, secret) => refusal(product, causedBy(new Error(secret)))],
  [
    'one of several causes',
    (product, secret) => refusal(product, causedBy(new AggregateError([new Error(secret)]))),
  ],
  [
    'a property of a cause',
    (product, secret) => refusal(product, causedBy(Object.assign(new Error(), { secret }))),
  ],
  [
    'base64 in a file',
    ({ folder }, secret) => writeFileSync(join(folder, 'note'), Buffer.from(`x${secret}`).toString('base64')),
  ],
  ['a part in a file', ({ folder }, secret) => writeFileSync(join(folder, 'note'), secret.slice(5, 40))],
];

describe('a window fails at its end if a token leaked into', () => {
  test.each(leaks)('%s', async (_, leave) => {
    const product = scene.window();
    const { tokenSet } = await scene.signIn(product, 'identityCenter');
    await leave(product, tokenSet.refreshToken ?? '');
    expect(() => product[Symbol.dispose]()).toThrow(/^Secrets have leaked: refreshToken in /);
  });
});

function refusal(product: Headless, error: SignInError): Promise<SignInError> {
  return product.failureOf(Promise.reject(error));
}

function causedBy(cause: Error): SignInError {
  return new SignInError('network', {}, new Error('wrapped', { cause }));
}
