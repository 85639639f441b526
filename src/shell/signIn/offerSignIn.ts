import { l10n, window } from 'vscode';
import { connectionKey } from '../../core/connection/connection.ts';
import type { Connection } from '../../core/connection/connection.ts';
import { areRulesLacking } from '../../features/organizationPolicy.ts';
import type { ShellContext } from '../context.ts';
import { remember } from '../remember.ts';
import { showInformation } from '../ui/messages.ts';
import { signInForPerson } from './signInCommands.ts';
import { pickSignIn } from './signInPicker.ts';
import { offerConnections } from './signInQuestions.ts';

/** Kept once a person was asked, or had signed in unasked. */
const offeredKey = 'wasOfferedSignIn';

/**
 * Where the organization wants it (`offerSignIn`), asks a person once to sign in to the connections that it provides: in
 * the window that has the focus, so that of several windows one asks.
 */
export async function offerSignIn(context: ShellContext): Promise<void> {
  const { memento } = context;
  const wasOffered = (): boolean => memento.get<boolean>(offeredKey) === true;
  if (wasOffered()) return;
  const rules = await context.organization();
  if (rules.policy.offerSignIn !== true || areRulesLacking(rules)) return;
  const { provided } = await offerConnections(context);
  const [first, ...others] = provided;
  if (first === undefined) return;
  const isSignedIn = await hasAccount(context, provided);
  // From here on nothing is awaited until it is noted: another look may be under way.
  if (wasOffered()) return;
  if (isSignedIn) return remember(memento, offeredKey, true);
  if (!window.state.focused || context.signIns.underWay) return;
  void remember(memento, offeredKey, true);
  const signIn = l10n.t('Sign In');
  const message =
    others.length === 0
      ? l10n.t('Your organization set up sign-in to {0}. Sign in now?', first.name)
      : l10n.t('Your organization set up sign-in for you. Sign in now?');
  if ((await showInformation(message, signIn, l10n.t('Not Now'))) !== signIn) return;
  // The message may have been left open, and the sign-in done another way.
  if (await hasAccount(context, provided)) return;
  if (others.length === 0) await signInForPerson(context, first);
  else await pickSignIn(context);
}

/** Whether there is an account at one of these connections, ended or not. */
async function hasAccount(
  { sessions }: Pick<ShellContext, 'sessions'>,
  connections: readonly Connection[],
): Promise<boolean> {
  const keys = new Set(connections.map(connectionKey));
  const { sessions: stored, lost } = await sessions.list();
  return [...stored, ...lost].some(({ connection }) => keys.has(connectionKey(connection)));
}
