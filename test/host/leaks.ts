import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

import type { BrowserContext, Frame, Page } from 'playwright-core';

import type { SecretsSeen } from '../sandbox/secretsSeen.ts';
import { createSecretSearch, type NamedSecret } from '../tools/lib/secretSearch.ts';

/** A place where a text was kept or shown, and the text. */
interface Found {
  readonly place: string;
  readonly content: string | Uint8Array;
}

/** An editor whose windows are observed and whose files are searched. */
export interface WatchedHost {
  readonly url: string;
  readonly folders: { readonly root: string };
  end(): Promise<void>;
}

/** Records what the windows show and store, for the final search. */
export interface LeakWatch {
  /**
   * Stops the server and searches everything left by the run: the profile's files, with trace logs, settings and
   * state; browser storage of the workbench; texts shown and logged by windows and callback pages, including the
   * workbench's own log; the clipboard; the addresses of all pages.
   * @returns the name of each secret and its place; never the secret
   */
  leaks(): Promise<readonly string[]>;
}

/** Places where secrets belong, by name, with the reason. */
const THEIR_PLACES: readonly (readonly [place: RegExp, why: string])[] = [
  [/^browser storage: localStorage secrets\.provider$/, "code-server's SecretStorage is in the browser"],
  [
    /^file home\/\.aws\/sso\/cache\/[\da-f]{40}\.json$/,
    'the AWS CLI stores its tokens there, with the user’s consent',
  ],
];

/** An authorization request contains its `state`; so do the copied link and the opened address. */
const MAY_HOLD_STATE =
  /^(address|clipboard|console|shown|file data\/logs\/[^/]+\/exthost\d+\/remoteexthost\.log)/;

/** The address that the browser was redirected to, as copied by the user. */
const CALLBACK_ADDRESS = /^http:\/\/(localhost|127\.0\.0\.1):\d+\/oauth\/callback\?\S+$/;

declare global {
  interface Window {
    /** Reports what a page shows and copies. */
    tellTest?: (kind: 'shown' | 'clipboard', texts: readonly string[]) => Promise<void>;
  }
}

/** Observers of the pages of one browser, which several scenes share one after another. */
interface Telling {
  told: Map<string, Found>;
  /** Addresses that the browser could not reach, and so shows its own error page for. */
  unreached: Set<string>;
  /** Origins of third-party pages. */
  identityProviders: readonly string[];
}

const tellings = new WeakMap<BrowserContext, Telling>();

/** Starts with the first page; excludes `identityProviders`, given as origins. */
export async function watchForLeaks(
  context: BrowserContext,
  identityProviders: readonly string[],
): Promise<(host: WatchedHost, secretsSeen: SecretsSeen) => LeakWatch> {
  const telling = tellings.get(context) ?? (await followContext(context));
  const told = new Map<string, Found>();
  const unreached = new Set<string>();
  Object.assign(telling, { told, unreached, identityProviders });
  // A pasted callback URL comes from there, copied by the user.
  const isUnreachedCallback = (address: string): boolean =>
    unreached.has(address) && CALLBACK_ADDRESS.test(address);
  return (host, secretsSeen) => ({
    leaks: async () => {
      const kept = await browserStorage(context, host.url);
      const clipboard = await clipboardNow(context, host.url);
      if (clipboard !== undefined) tell(telling, 'clipboard', clipboard);
      await host.end();
      const shown = [...told.values()].filter(
        ({ place, content }) => !(place === 'address' && isUnreachedCallback(String(content))),
      );
      const places = [...shown, ...kept, ...filesBelow(host.folders.root)];
      return searched(places, secretsSeen.list());
    },
  });
}

function tell({ told }: Telling, place: string, content: string): void {
  told.set(`${place} ${content}`, { place, content });
}

async function followContext(context: BrowserContext): Promise<Telling> {
  const telling: Telling = { told: new Map(), unreached: new Set(), identityProviders: [] };
  tellings.set(context, telling);
  const isOurs = (address: string): boolean =>
    !address.startsWith('chrome-error:') &&
    !telling.unreached.has(address) &&
    !telling.identityProviders.some((origin) => address.startsWith(`${origin}/`));
  await context.exposeBinding('tellTest', ({ page }, kind: string, texts: readonly string[]) => {
    if (isOurs(page.url())) for (const text of texts) tell(telling, kind, text);
  });
  await context.addInitScript(followPage);
  context.on('console', (message) => {
    if (isOurs(message.page()?.url() ?? '')) tell(telling, 'console', message.text());
  });
  context.on('weberror', (error) => tell(telling, 'console', String(error.error().stack)));
  const follow = (page: Page): void => {
    page.on('requestfailed', (request) => {
      if (request.isNavigationRequest()) telling.unreached.add(request.url());
    });
    page.on('framenavigated', (frame: Frame) => {
      if (frame === page.mainFrame()) tell(telling, 'address', frame.url());
    });
  };
  context.pages().forEach(follow);
  context.on('page', follow);
  return telling;
}

function searched(places: readonly Found[], secrets: readonly NamedSecret[]): string[] {
  const search = createSecretSearch(secrets);
  const found = places
    .filter(({ place }) => !THEIR_PLACES.some(([exempt]) => exempt.test(place)))
    .filter(({ place, content }) => !(place === 'clipboard' && CALLBACK_ADDRESS.test(String(content))))
    .flatMap(({ place, content }) =>
      search
        .in(content)
        .filter((name) => name !== 'state' || !MAY_HOLD_STATE.test(place))
        .map((name) => `${name} in ${place}`),
    );
  return [...new Set(found)];
}

/** Runs in every page: reports each shown or copied text, in order. */
function followPage(): void {
  let texts = new Set<string>();
  const send = (): void => {
    const ready = [...texts].filter((text) => text.length >= 16);
    texts = new Set();
    if (ready.length > 0) void window.tellTest?.('shown', ready);
  };
  const readAlone = (node: Node): void => {
    if (node instanceof Text) texts.add(node.data);
    if (!(node instanceof Element)) return;
    for (const name of ['aria-label', 'title']) {
      const text = node.getAttribute(name);
      if (text !== null) texts.add(text);
    }
  };
  const read = (node: Node): void => {
    readAlone(node);
    node.childNodes.forEach(read);
  };
  const watch = (): void => {
    read(document.documentElement);
    new MutationObserver((changes) => {
      for (const { type, target, addedNodes } of changes) {
        // What stays below a changed element was read when it came: a workbench has thousands of nodes.
        if (type === 'childList') addedNodes.forEach(read);
        else readAlone(target);
      }
    }).observe(document, {
      childList: true,
      subtree: true,
      characterData: true,
      attributeFilter: ['aria-label', 'title'],
    });
    setInterval(send, 200);
  };
  document.addEventListener('readystatechange', watch, { once: true });
  if (!window.isSecureContext) return;
  const { clipboard } = navigator;
  const writeText = clipboard.writeText.bind(clipboard);
  clipboard.writeText = (text) => {
    void window.tellTest?.('clipboard', [text]);
    return writeText(text);
  };
}

/** Browser storage of the workbench, with its state and secrets. */
async function browserStorage(context: BrowserContext, hostUrl: string): Promise<Found[]> {
  const page = context.pages().find((one) => one.url().startsWith(hostUrl));
  if (page === undefined) return [];
  const entries = await page.evaluate(async () => {
    const all: [string, string][] = [];
    for (const [name, storage] of Object.entries({ localStorage, sessionStorage }))
      for (const key of Object.keys(storage)) all.push([`${name} ${key}`, storage.getItem(key) ?? '']);
    const asked = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
      });
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await asked(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const values = await asked(database.transaction(store).objectStore(store).getAll());
        all.push([
          `IndexedDB ${name} ${store}`,
          values
            .map((value: unknown) =>
              value instanceof Uint8Array ? new TextDecoder().decode(value) : JSON.stringify(value),
            )
            .join('\n'),
        ]);
      }
      database.close();
    }
    return all;
  });
  return entries.map(([place, content]) => ({ place: `browser storage: ${place}`, content }));
}

async function clipboardNow(context: BrowserContext, hostUrl: string): Promise<string | undefined> {
  const page = context.pages().find((one) => one.url().startsWith(hostUrl));
  if (page === undefined) return undefined;
  await page.bringToFront();
  return page.evaluate(() => navigator.clipboard.readText());
}

/** All files of the profile. */
function filesBelow(root: string): Found[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({
      place: `file ${relative(root, path).replaceAll(sep, '/')}`,
      content: readFileSync(path),
    }));
}
