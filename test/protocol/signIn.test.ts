import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox } from '../sandbox/sandbox.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { approving, headless, impatientClock, signingInAtOkta } from './headless.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());
const noSignal = new AbortController().signal;

test('IAM Identity Center: two requests and the polls bring a stored session whose token works', async () => {
  using product = headless(sandbox, { clock: impatientClock });
  const person = approving(sandbox, 'ana@example.com');
  const session = await product.sessions.signIn(product.identityCenter, {}, person, noSignal);
  console.log(session.account, product.log);
  expect(session.tokenSet.scopes).toEqual(['codewhisperer:completions', 'codewhisperer:conversations']);
});

test('Okta', async () => {
  using product = headless(sandbox);
  const person = signingInAtOkta(sandbox, 'ana@example.com');
  const session = await product.sessions.signIn(product.okta, {}, person, noSignal);
  console.log(session.account, session.tokenSet.scopes, product.log);
  const refreshed = await product.sessions.refresh(session.id, noSignal);
  expect(refreshed.tokenSet.refreshToken).not.toBe(session.tokenSet.refreshToken);
  console.log(await product.sessions.signOut(session.id, noSignal));
});
