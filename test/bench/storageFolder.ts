import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { systemClock } from '../../src/adapters/node/clock.ts';
import type { Session } from '../../src/core/session/session.ts';
import type { Sessions } from '../../src/core/session/sessions.ts';
import { createProcessSecrets } from '../kill/processSecrets.ts';
import { openProduct } from '../kill/product.ts';
import { approving, signingInAtOkta } from '../protocol/headless.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { people } from '../sandbox/people.ts';

/** A storage folder with one session, and the windows that share it, without an editor. */
export interface StorageFolder extends Disposable {
  readonly sessionId: string;
  /**
   * Opens another window: the real core and adapters, with a separate SecretStorage that was filled when it
   * opened.
   */
  openWindow(): Sessions;
  /** Expires the stored token. */
  expire(): Promise<void>;
}

const noSignal = new AbortController().signal;

/** A folder in which `ana` has signed in once. */
export async function createStorageFolder(
  sandbox: Sandbox,
  type: 'okta' | 'identityCenter',
): Promise<StorageFolder> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const stored = new Map<string, string>();
  const windows = new Set<Sessions>();
  const openWindow = () => {
    // As in code-server: windows are not notified of each other's changes.
    const secrets = createProcessSecrets('codeServer', Object.fromEntries(stored), (message) => {
      if (message.type === 'allSecrets')
        for (const [key, value] of Object.entries(message.secrets)) stored.set(key, value);
    });
    const redirectPorts = sandbox.okta.settings.redirectUris.map((uri) => Number(new URL(uri).port));
    const window = openProduct({
      clock: systemClock,
      folder,
      secrets,
      sandbox: sandbox.describe(),
      redirectPorts,
    });
    windows.add(window.sessions);
    return { ...window, secrets };
  };
  const first = openWindow();
  const { id } = await signIn(sandbox, first.sessions, type);
  for (const key of await first.secrets.keys()) stored.set(key, (await first.secrets.get(key)) ?? '');

  return {
    sessionId: id,
    openWindow: () => openWindow().sessions,
    expire: async () => {
      const session = (await first.store.get(id))?.session;
      if (session === undefined) throw new Error('The session is gone.');
      const { obtainedAt, expiresAt } = session.tokenSet;
      const life = expiresAt - obtainedAt;
      const tokenSet = { ...session.tokenSet, obtainedAt: obtainedAt - life, expiresAt: expiresAt - life };
      await first.store.put({ ...session, tokenSet });
    },
    [Symbol.dispose]: () => {
      for (const sessions of windows) sessions[Symbol.dispose]();
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

function signIn(sandbox: Sandbox, sessions: Sessions, type: 'okta' | 'identityCenter'): Promise<Session> {
  const { username } = people[0] ?? { username: '' };
  const { okta, identityCenter } = sandbox.describe();
  if (type === 'okta') {
    const { issuer, clientId } = okta;
    const connection = { type, name: 'Okta', issuer, clientId };
    return sessions.signIn(connection, {}, signingInAtOkta(sandbox, username), noSignal);
  }
  const { startUrl, region } = identityCenter;
  const connection = { type, name: 'Identity Center', startUrl, region };
  return sessions.signIn(connection, {}, approving(sandbox, username), noSignal);
}
