import { l10n } from 'vscode';
import type { Connection } from '../../core/connection/connection.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import { planOf } from '../../core/session/acquireTokens.ts';
import type { SignInPlan, SignInRequest } from '../../core/session/acquireTokens.ts';
import { goesBeyond } from '../../features/signInPlan.ts';
import type { ShellContext } from '../context.ts';
import { connectionDetail } from '../format/formatConnection.ts';
import { askWarning } from '../ui/messages.ts';

/**
 * Shows a request from arguments completely and asks for a confirmation, unless it equals its configured
 * connection's own. `asker` names who made it, other than the user.
 * @throws SignInError `cancelled`
 */
export async function confirmRequest(
  context: Pick<ShellContext, 'settings'> & { readonly asker?: string | undefined },
  connection: Connection,
  request: SignInRequest,
  configured: Connection | undefined,
): Promise<void> {
  const { asker } = context;
  const settings = context.settings();
  const plan = planOf(connection, request, settings);
  const usual = configured === undefined ? undefined : planOf(configured, {}, settings);
  if (usual !== undefined && !goesBeyond(plan, usual)) return;
  const more = usual === undefined ? [] : plan.scopes.filter((scope) => !usual.scopes.includes(scope));
  const before = [
    ...(asker === undefined ? [] : [asker, '']),
    ...(more.length === 0 ? [] : [l10n.t('Not requested so far: {0}', more.join(' ')), '']),
  ];
  await confirm(
    beyondText(connection, usual, more),
    connectionDetail('arguments', connection, plan, { before }),
    l10n.t('Sign In'),
  );
}

/** The parts of a request that go beyond its connection; `more` are the scopes. */
function beyondText(connection: Connection, usual: SignInPlan | undefined, more: readonly string[]): string {
  if (usual === undefined) return l10n.t('Sign in to a connection that isn’t in your settings?');
  return more.length > 0
    ? l10n.t('Sign in to {0} with more permissions?', connection.name)
    : l10n.t('Sign in to {0} with different options?', connection.name);
}

/** Asks for a confirmation. @throws SignInError `cancelled` unless the user selects `yes` */
export async function confirm(message: string, detail: string, yes: string): Promise<void> {
  const chosen = await askWarning(message, { detail }, yes);
  if (chosen !== yes) throw new SignInError('cancelled');
}
