import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Session } from '../../../src/core/session/session.ts';
import { registerProvider } from '../../../src/shell/authenticationProvider.ts';
import type { ShellContext } from '../../../src/shell/context.ts';
import { hour, identityCenterSession, january } from '../fakes/examples.ts';
import { sessionsWorld } from '../fakes/sessionsWorld.ts';
import { settle } from '../fakes/settle.ts';
import { authenticationProviders } from '../fakes/vscode.ts';

vi.mock('vscode', async () => import('../fakes/vscode.ts'));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: january });
});
afterEach(() => {
  vi.useRealTimers();
  authenticationProviders.clear();
});

const { id } = identityCenterSession;
const other: Session = { ...identityCenterSession, id: 'b'.repeat(32) };
const ended = { at: january, kind: 'grantRevoked' } as const;
const { refreshToken: _, ...lastTokens } = identityCenterSession.tokenSet;
const over: Session = { ...identityCenterSession, ended, tokenSet: lastTokens };
const dead: Session = { ...over, tokenSet: { ...lastTokens, accessToken: '' } };
const again: Session = { ...identityCenterSession, signedInAt: january + hour };

/** The provider, and the sessions that VS Code knows of: those at the start, and what events have told since. */
async function followed(...stored: readonly Session[]) {
  const { sessions, log, store } = await sessionsWorld(...stored);
  const context = { sessions, log, connections: () => [], takenProviders: new Set<string>() };
  registerProvider(context as unknown as ShellContext, 'identityCenter');
  const provider = authenticationProviders.get('iam-identity-center');
  if (provider === undefined) throw new Error('No provider was registered.');
  const listed = async () => (await provider.getSessions(undefined, {})).map((one) => one.id).sort();
  const known = new Set(await listed());
  const told: string[] = [];
  provider.onDidChangeSessions(({ added = [], removed = [], changed = [] }) => {
    told.push(
      ...added.map((one) => `${known.has(one.id) ? 'known ' : ''}added`),
      ...removed.map((one) => `${known.has(one.id) ? '' : 'unknown '}removed`),
      ...changed.map((one) => `${known.has(one.id) ? '' : 'unknown '}changed`),
    );
    for (const one of added) known.add(one.id);
    for (const one of removed) known.delete(one.id);
  });
  await settle();
  return { provider, store, told, listed, known: () => [...known].sort() };
}

// VS Code kept an ended account in its Accounts menu, with a Sign Out and nothing that could be served.
describe('registerProvider: events tell the sessions that getSessions returns', () => {
  test.each<[string, readonly Session[], readonly (Session | undefined)[], readonly string[]]>([
    ['an end with a token that is no longer served', [identityCenterSession], [dead], ['removed']],
    ['an end, and then the end of its token', [identityCenterSession], [over, dead], ['changed', 'removed']],
    ['a new sign-in after an end', [identityCenterSession], [dead, again], ['removed', 'added']],
    ['a new sign-in of one that had ended before', [dead], [again], ['added']],
    ['a sign-out of one that had ended', [dead, other], [undefined], []],
    ['an end and a sign-out', [identityCenterSession], [dead, undefined], ['removed']],
    ['one that is stored after it has ended', [], [dead, again], ['added']],
    ['a sign-out', [identityCenterSession], [undefined], ['removed']],
  ])('%s', async (_, stored, steps, expected) => {
    const { store, told, listed, known } = await followed(...stored);
    for (const step of steps) {
      await (step === undefined ? store.remove(id) : store.put(step));
      await settle();
      expect(known()).toEqual(await listed());
    }
    expect(told).toEqual(expected);
  });
});
