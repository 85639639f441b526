import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox } from '../sandbox/sandbox.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { headless, impatientClock, personWho, signingInAtOkta } from './headless.ts';
import { createBrowser } from '../sandbox/okta/browser.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());
const noSignal = new AbortController().signal;

test('Identity Center by PKCE', async () => {
  using product = headless(sandbox);
  const person = personWho(async ({ url }) => {
    await fetch(sandbox.identityCenter.completeAuthorize(url, 'ana@example.com'));
  });
  const session = await product.sessions.signIn(product.identityCenter, { flow: 'authorizationCode' }, person, noSignal);
  expect(session.tokenSet.scopes).toHaveLength(2);
  await product.sessions.refresh(session.id, noSignal);
});

test('Okta device', async () => {
  using product = headless(sandbox, { clock: impatientClock });
  const person = personWho(async ({ url }) => {
    await createBrowser(sandbox.people).open(url, 'ana@example.com');
  });
  const session = await product.sessions.signIn(product.okta, { flow: 'deviceCode' }, person, noSignal);
  console.log(session.tokenSet.scopes);
});

test('finding', async () => {
  const other = await startSandbox({ okta: { redirectUris: ['http://localhost:8008/oauth/callback'] } });
  using product = headless(other, { settings: () => ({ endpoints: { oidc: '', portal: '' }, redirectPorts: [4649, 6588, 8008], identityCenterFlow: 'deviceCode', host: 'local' }) });
  let n = 0;
  const session = await product.sessions.signIn(product.okta, {}, {
    takeTurn: async (turn, signal) => {
      n++;
      const f = await turn.finding;
      console.log(turn.redirectUri, f);
      if (f?.registration === 'notRegistered') return 'nextPort';
      return signingInAtOkta(other, 'ana@example.com').takeTurn(turn, signal);
    },
  }, noSignal);
  expect(n).toBe(2);
  console.log(session.account);
  await other.close();
});
