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

/** Set once the user was asked, or had signed in without being asked. */
const offeredKey = 'wasOfferedSignIn';

/**
 * If the organization requests it (`offerSignIn`), asks the user once to sign in to its connections; only in
 * the focused window, so that one of several windows asks.
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
  // Do not await anything before this is recorded: another check may be in progress.
  if (wasOffered()) return;
  if (isSignedIn) return remember(memento, offeredKey, true);
  if (!window.state.focused || context.signIns.isActive) return;
  void remember(memento, offeredKey, true);
  const signIn = l10n.t('Sign In');
  const message =
    others.length === 0
      ? l10n.t('Your organization set up sign-in to {0}. Sign in now?', first.name)
      : l10n.t('Your organization set up sign-in for you. Sign in now?');
  if ((await showInformation(message, signIn, l10n.t('Not Now'))) !== signIn) return;
  // The user may have signed in another way while the message was open.
  if (await hasAccount(context, provided)) return;
  if (others.length === 0) await signInForPerson(context, first);
  else await pickSignIn(context);
}

/** Whether one of these connections has an account, ended or not. */
async function hasAccount(
  { sessions }: Pick<ShellContext, 'sessions'>,
  connections: readonly Connection[],
): Promise<boolean> {
  const keys = new Set(connections.map(connectionKey));
  const { sessions: stored, lost } = await sessions.list();
  return [...stored, ...lost].some(({ connection }) => keys.has(connectionKey(connection)));
}
