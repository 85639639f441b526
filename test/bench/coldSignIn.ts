import type { Request } from 'playwright-core';

import { ACCOUNTS, signIn, statusShows } from '../host/asPerson.ts';
import type { Scene } from '../host/scene.ts';
import type { Workbench } from '../host/workbench.ts';
import type { Figure } from './figure.ts';

const REQUESTS_BOUND = { most: 2, kind: 'count' } as const;
/** Depends on how long the user takes. */
const POLL = 'identityCenter.createToken:device_code';
/** Operations that check whether the client is registered, before the browser opens. */
const REGISTRATION_CHECK = 'okta.authorize';

/** Requests of the extension to each identity provider in its first sign-in, from the palette to the status bar. */
export async function measureColdSignIns(scene: Scene, window: Workbench): Promise<Figure[]> {
  const identityCenter = await ownRequests(scene, async () => {
    await signIn(window, 'identityCenter');
    await statusShows(window, new RegExp(ACCOUNTS.identityCenter));
  });
  const okta = await ownRequests(scene, async () => {
    await signIn(window, 'okta');
    await statusShows(window, /^2 accounts$/);
  });
  return [
    ...countsOf('cold sign-in, Identity Center', identityCenter, POLL, 'polls'),
    ...countsOf('cold sign-in, Okta', okta, REGISTRATION_CHECK, 'registration check'),
  ];
}

/** The sum without `apart`, then `apart`, then each operation. */
function countsOf(
  name: string,
  counts: ReadonlyMap<string, number>,
  apart: string,
  apartName: string,
): Figure[] {
  const rest = [...counts].filter(([operation]) => operation !== apart);
  const sum = rest.reduce((total, [, count]) => total + count, 0);
  return [
    { name: `${name}: without ${apartName}`, value: sum, unit: 'requests', bound: REQUESTS_BOUND },
    ...rest.map(([operation, count]): Figure => ({ name: `  ${operation}`, value: count, unit: 'requests' })),
    { name: `  ${apart}, the ${apartName}`, value: counts.get(apart) ?? 0, unit: 'requests' },
  ];
}

/** Number of requests by the extension for each operation: those in the sandbox's log, minus those of the browser. */
async function ownRequests(
  { sandbox, browser }: Scene,
  act: () => Promise<void>,
): Promise<Map<string, number>> {
  const origins = { okta: sandbox.okta.origin, identityCenter: sandbox.identityCenter.origin };
  const fromBrowser: string[] = [];
  const onRequest = (request: Request): void => {
    const { origin, pathname } = new URL(request.url());
    fromBrowser.push(`${request.method()} ${origin}${pathname}`);
  };
  sandbox.requestLog.clear();
  browser.context.on('request', onRequest);
  try {
    await act();
  } finally {
    browser.context.off('request', onRequest);
  }
  const counts = new Map<string, number>();
  for (const { server, operation, method, path } of sandbox.requestLog.list()) {
    const sent = fromBrowser.indexOf(`${method} ${origins[server as keyof typeof origins]}${path}`);
    if (sent >= 0) fromBrowser.splice(sent, 1);
    else counts.set(operation, (counts.get(operation) ?? 0) + 1);
  }
  return counts;
}
