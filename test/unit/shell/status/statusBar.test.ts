import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createStatusBar } from '../../../../src/shell/status/statusBar.ts';
import {
  hour,
  identityCenterConnection,
  identityCenterSession,
  oktaConnection,
  oktaSession,
} from '../../fakes/examples.ts';
import { settle, settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';

const item = vi.hoisted(() => ({ text: '', shown: 0, hidden: 0, disposed: 0 }));
const priorities = vi.hoisted((): number[] => []);
vi.mock('vscode', async () => {
  const vscode = await import('../../fakes/vscodeOnScreen.ts');
  const event = () => new vscode.Disposable(() => undefined);
  return {
    ...vscode,
    StatusBarAlignment: { Left: 1 },
    MarkdownString: vi.fn(),
    workspace: { ...vscode.workspace, onDidChangeConfiguration: event },
    window: {
      ...vscode.window,
      state: { focused: true },
      onDidChangeWindowState: event,
      createStatusBarItem: (_id: string, _alignment: number, priority: number) => {
        priorities.push(priority);
        return Object.assign(item, {
          show: () => (item.shown += 1),
          hide: () => (item.hidden += 1),
          dispose: () => (item.disposed += 1),
        });
      },
    },
  };
});

beforeEach(() => Object.assign(item, { text: '', shown: 0, hidden: 0, disposed: 0 }));

const alive = { ...oktaSession, tokenSet: { ...oktaSession.tokenSet, expiresAt: Date.now() + hour } };

describe('createStatusBar', () => {
  test('keeps its position next to status messages: VS Code gives those the smallest priority above zero', async () => {
    const { context } = await shellWorld();
    const bar = createStatusBar(context);
    await settleUntil(() => item.shown > 0);
    expect(priorities.at(-1)).toBeGreaterThan(Number.MIN_VALUE);
    bar.dispose();
  });

  test('a changed session does not make it read all others again', async () => {
    const { context, store } = await shellWorld({ stored: [alive, identityCenterSession] });
    const bar = createStatusBar(context);
    await settleUntil(() => item.shown > 0 && item.text !== '');
    const list = vi.spyOn(context.sessions, 'list');
    const before = item.text;
    await store.remove(alive.id);
    await settleUntil(() => item.text !== before);
    expect(list).not.toHaveBeenCalled();
    bar.dispose();
  });

  test('the activation creates no item; one that ends at once leaves none behind', async () => {
    const { context } = await shellWorld();
    const created = priorities.length;
    createStatusBar(context).dispose();
    await settle();
    expect(priorities).toHaveLength(created);
  });

  test('names its providers from the first start', async () => {
    const { context } = await shellWorld();
    const bar = createStatusBar(context);
    await settleUntil(() => item.shown > 0);
    expect(item.text).toBe('$(account) AWS/Okta: Sign In');
    bar.dispose();
    expect(item.disposed).toBe(1);
  });

  test.each([
    ['a connection', { connections: [oktaConnection] }, '$(account) Example: Sign In'],
    [
      'several',
      { connections: [oktaConnection, identityCenterConnection, { ...oktaConnection, clientId: '0oa2' }] },
      '$(account) Okta/AWS: Sign In',
    ],
    ['a session', { stored: [alive] }, '$(account) ada@example.com'],
  ])('is visible with %s', async (_name, options, text) => {
    const { context } = await shellWorld(options);
    const bar = createStatusBar(context);
    await settleUntil(() => item.shown > 0);
    expect(item.text).toBe(text);
    bar.dispose();
  });

  test('spins during a sign-in, and names its providers when that is canceled', async () => {
    const { context, signIns } = await shellWorld({
      signIn: (_connection, _request, _person, signal) => {
        const { promise, reject } = Promise.withResolvers<never>();
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
        return promise;
      },
    });
    const bar = createStatusBar(context);
    await settleUntil(() => item.shown > 0);
    signIns.run(oktaConnection).catch(() => undefined);
    await settleUntil(() => item.text.includes('Signing in…'));
    for (const { cancel } of signIns.all) cancel();
    await settle();
    await settleUntil(() => item.text === '$(account) AWS/Okta: Sign In');
    bar.dispose();
  });
});
