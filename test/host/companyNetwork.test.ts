import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';

import {
  ACCOUNTS,
  CONNECTIONS,
  finishSignIn,
  signIn,
  signOut,
  startSignIn,
  statusShows,
} from './asPerson.ts';
import { startForwardProxy, type ForwardProxy } from './companyNetwork/forwardProxy.ts';
import {
  authorityFile,
  companyIdentity,
  startTlsFront,
  strangerIdentity,
} from './companyNetwork/tlsFront.ts';
import type { Identity, TlsFront } from './companyNetwork/tlsFront.ts';
import { shareScene } from './scene.ts';
import type { Workbench } from './workbench.ts';

// VS Code uses the second setting only together with the first.
const env = { SSL_CERT_FILE: authorityFile, NODE_EXTRA_CA_CERTS: authorityFile };
const scene = shareScene({ host: { env, isLean: true }, browser: { ignoreCertificates: true } });
let window: Workbench;
let proxy: ForwardProxy;
const fronts: TlsFront[] = [];

beforeAll(async () => {
  proxy = await startForwardProxy();
  window = await scene().openWindow();
  await set('http.proxy', proxy.url);
});

afterEach(async () => {
  scene().sandbox.requestLog.clear();
  proxy.reset();
  await scene().forgetPeople();
});

afterAll(async () => {
  await Promise.all([...fronts.splice(0), proxy].map((one) => one.close()));
});

it('sends every request to both identity providers through the configured proxy', async () => {
  await signInAndOut();
  const { issuer } = scene().sandbox.okta;
  const { pathname } = new URL(issuer);
  expect([...new Set(proxy.requests)].sort()).toEqual(
    [
      'POST /oidc/eu-central-1/client/register',
      'POST /oidc/eu-central-1/device_authorization',
      'POST /oidc/eu-central-1/token',
      'POST /portal/eu-central-1/logout',
      `GET ${pathname}/.well-known/openid-configuration`,
      `GET ${pathname}/v1/authorize`,
      `POST ${pathname}/v1/token`,
      `POST ${pathname}/v1/revoke`,
    ].sort(),
  );
  // No request bypasses it, except the browser's single one to the authorization endpoint.
  expect(proxy.requests).toHaveLength(ownRequests().length - 1);
});

it("works over TLS with the company's certificates", async () => {
  const places = await moveBehindTls(companyIdentity);
  await signInAndOut({ isNewIssuer: true });
  expect(new Set(proxy.tunnels)).toEqual(new Set(places));
  expect(proxy.requests).toEqual([]);
  expect(ownRequests().length).toBeGreaterThan(7);
});

it('reports an untrusted certificate, and does not send anything', async () => {
  await moveBehindTls(strangerIdentity);
  for (const kind of ['identityCenter', 'okta'] as const) {
    await startSignIn(window, kind);
    const { message } = await window.notifications.waitFor(/certificate/);
    expect(message).toMatch(/^The certificate of 127\.0\.0\.2:\d+ isn’t trusted \([\w]+\)\./);
    expect(message).toContain('install its certificate authority on this computer');
    await window.runCommand('Notifications: Clear All Notifications');
  }
  expect(scene().sandbox.requestLog.list()).toEqual([]);
});

it('reports a proxy that requires a password or blocks the request', async () => {
  await moveBack();
  for (const [status, words] of [
    [407, /A proxy or firewall answered instead of 127\.0\.0\.2:\d+.*http\.proxy/],
    [403, /A proxy or firewall answered instead of 127\.0\.0\.2:\d+ \(HTTP 403\).*http\.proxy/],
  ] as const) {
    proxy.refuseWith(status, '<html><h1>Blocked by your company</h1></html>');
    for (const kind of ['identityCenter', 'okta'] as const) {
      await startSignIn(window, kind);
      const { buttons } = await window.notifications.waitFor(words);
      expect(buttons).toEqual(['Try Again', 'Open Settings', 'Show Log']);
      await window.runCommand('Notifications: Clear All Notifications');
    }
  }
  expect(scene().sandbox.requestLog.list()).toEqual([]);
});

/** Requests that the sandbox received, except those of browsers. */
function ownRequests(): readonly string[] {
  return scene()
    .sandbox.requestLog.list()
    .map(({ operation }) => operation)
    .filter((operation) => !/^(identityCenter\.page|okta\.(signIn|resume))/.test(operation));
}

/** @param isNewIssuer whether the issuer-specific redirect URIs are not registered, so that VS Code asks for trust */
async function signInAndOut({ isNewIssuer = false } = {}): Promise<void> {
  await signIn(window, 'identityCenter');
  await statusShows(window, new RegExp(`^${ACCOUNTS.identityCenter}$`));
  await signOut(window);
  // The window signs out first, and reports it once the server has responded.
  await window.page.getByText('Signed out of IAM Identity Center').waitFor();
  await startSignIn(window, 'okta');
  if (isNewIssuer) await window.dialogs.answer(/^Do you trust /, 'Trust and Continue');
  await finishSignIn(window, 'okta');
  await statusShows(window, new RegExp(`^${ACCOUNTS.okta}$`));
  await signOut(window);
  await window.page.getByText('Signed out of Okta').waitFor();
  await statusShows(window, /: Sign In$/);
}

/** Puts both identity providers behind TLS, and returns their addresses. */
async function moveBehindTls(identity: Identity): Promise<readonly string[]> {
  const { okta, identityCenter } = scene().sandbox;
  const [oktaFront, awsFront] = await Promise.all(
    [okta, identityCenter].map(({ origin }) => startTlsFront(origin, identity)),
  );
  if (oktaFront === undefined || awsFront === undefined) throw new Error('No fronts.');
  fronts.push(oktaFront, awsFront);
  await place(oktaFront.origin, awsFront.origin);
  return [oktaFront, awsFront].map(({ origin }) => new URL(origin).host);
}

function moveBack(): Promise<void> {
  const { okta, identityCenter } = scene().sandbox;
  return place(okta.origin, identityCenter.origin);
}

async function place(oktaOrigin: string, awsOrigin: string): Promise<void> {
  const { okta, identityCenter } = scene().sandbox;
  const { startUrl, region, clientId, issuer } = { ...identityCenter, ...okta };
  await set('developerSignIn.identityCenter.endpoint', `${awsOrigin}/oidc/{region}`);
  await set('developerSignIn.identityCenter.portalEndpoint', `${awsOrigin}/portal/{region}`);
  await set('developerSignIn.connections', [
    { type: 'identityCenter', name: CONNECTIONS.identityCenter, startUrl, region },
    { type: 'okta', name: CONNECTIONS.okta, issuer: issuer.replace(okta.origin, oktaOrigin), clientId },
  ]);
}

async function set(name: string, value: unknown): Promise<void> {
  await (await window.probe()).updateSetting(name, value);
}
