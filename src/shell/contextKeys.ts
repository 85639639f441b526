import { commands, Disposable, workspace } from 'vscode';
import type { Connection } from '../core/connection/connection.ts';
import type { StoredSessions } from '../core/session/sessionStore.ts';
import type { ShellContext } from './context.ts';
import { providerTypes, registrationOf } from './providers/registration.ts';
import { remember } from './remember.ts';

type ContextKeySources = Pick<
  ShellContext,
  'connections' | 'memento' | 'onDidChangeOrganization' | 'sessions' | 'signIns'
>;

/** Set once this extension has been used, so that its offers stay visible. */
const usedKey = 'wasInUse';
/** Set once a setup was checked. */
const administratorKey = 'wasAdministrator';

/**
 * Keeps VS Code's context keys current for the manifest's `when` clauses: the palette hides commands that have
 * nothing to do, and walkthrough steps are checked off.
 */
export function updateContextKeys(context: ContextKeySources): Disposable {
  const { connections, memento, sessions, signIns } = context;
  let isInUse = memento.get<boolean>(usedKey) === true;
  let told: Readonly<Record<string, boolean>> = {};
  const tell = async (known?: StoredSessions): Promise<void> => {
    const stored = known ?? (await sessions.list());
    const hasConnection = (await connections()).length > 0;
    const hasAccount = stored.sessions.length + stored.lost.length > 0;
    const isNew = !isInUse && (hasConnection || hasAccount || signIns.isActive);
    isInUse ||= isNew;
    if (isNew) await remember(memento, usedKey, true);
    const keys = { ...sessionKeys(stored), hasAccount, hasConnection, inUse: isInUse };
    // Each key is a separate command for the renderer, and a sign-in updates several times, so send only changes.
    setKeys(Object.fromEntries(Object.entries(keys).filter(([key, value]) => told[key] !== value)));
    told = keys;
  };
  const soon = (): void => void tell();
  // After activation, not during it.
  const first = setImmediate(() => {
    setKeys({ administrator: memento.get<boolean>(administratorKey) === true });
    soon();
  });
  const watch = sessions.onDidChange((_, stored) => void tell(stored));
  return Disposable.from(
    new Disposable(() => {
      clearImmediate(first);
      watch[Symbol.dispose]();
    }),
    // A sign-in itself changes only whether this extension is in use.
    signIns.onDidChange(() => {
      if (!isInUse) soon();
    }),
    context.onDidChangeOrganization(soon),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('developerSignIn.connections')) soon();
    }),
  );
}

/** Notes that a setup was checked: its command stays in the palette, and its guides on the Welcome page. */
export async function noteAdministrator({ memento }: Pick<ShellContext, 'memento'>): Promise<void> {
  setKeys({ inUse: true, administrator: true });
  await remember(memento, usedKey, true);
  await remember(memento, administratorKey, true);
}

function sessionKeys({ sessions, lost }: StoredSessions): Record<string, boolean> {
  const live = sessions.filter(({ ended }) => ended === undefined);
  const isShared = ({ connection }: { readonly connection: Connection }): boolean =>
    registrationOf(connection.type).sharesWithAwsCli === true;
  return {
    ...Object.fromEntries(
      providerTypes.map((type) => [`signedIn.${type}`, live.some((session) => session.type === type)]),
    ),
    canRefresh: live.some(({ tokenSet }) => tokenSet.refreshToken !== undefined),
    canShare: live.some(isShared),
    // Also if it has expired: the command then reports that and signs in again.
    hasAwsAccount: [...sessions, ...lost].some(isShared),
  };
}

function setKeys(keys: Readonly<Record<string, boolean>>): void {
  for (const [key, value] of Object.entries(keys))
    void commands.executeCommand('setContext', `developerSignIn.${key}`, value);
}
