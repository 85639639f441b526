import { l10n } from 'vscode';
import type { Connection } from '../../core/connection/connection.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import type { SignInRequest } from '../../core/session/acquireTokens.ts';
import { goesBeyond, planOf } from '../../core/session/signInPlan.ts';
import { connectionDetail } from '../format/formatConnection.ts';
import type { ShellContext } from '../context.ts';
import { providerOf } from '../providers/index.ts';
import { askWarning } from '../ui/messages.ts';
import { remember } from '../remember.ts';

/**
 * A request that came by arguments is shown whole and confirmed, unless it asks for nothing that its configured connection
 * does not ask for by itself.
 * @throws SignInError `cancelled`
 */
export async function confirmRequest(
  context: Pick<ShellContext, 'settings'>,
  connection: Connection,
  request: SignInRequest,
  configured: Connection | undefined,
): Promise<void> {
  const settings = context.settings();
  const plan = planOf(connection, request, settings);
  if (configured !== undefined && !goesBeyond(plan, planOf(configured, {}, settings))) return;
  await confirm(
    configured === undefined
      ? l10n.t('Sign in to a connection that is not in your settings?')
      : l10n.t('Sign in with other permissions or options than usual?'),
    connectionDetail('arguments', connection, plan),
    l10n.t('Sign in'),
  );
}

/**
 * An endpoint that is not exactly one of AWS's own sign-in hosts, nor loopback, is confirmed once, by name.
 * @throws SignInError `cancelled`, or `invalidInput` when it is not an https address
 */
export async function confirmEndpoints(context: ShellContext, connection: Connection): Promise<void> {
  const hosts = await providerOf(connection).foreignHosts(context, connection);
  const confirmed = context.memento.get<readonly string[]>('confirmedEndpoints', []);
  const open = hosts.filter((host) => !confirmed.includes(host));
  if (open.length === 0) return;
  await confirm(
    l10n.t('Send this sign-in to {0}?', open.join(', ')),
    l10n.t('The endpoint settings or environment variables name a server that is not AWS’s own.'),
    l10n.t('Continue'),
  );
  await remember(context.memento, 'confirmedEndpoints', [...confirmed, ...open]);
}

async function confirm(message: string, detail: string, yes: string): Promise<void> {
  const chosen = await askWarning(message, { detail }, yes);
  if (chosen !== yes) throw new SignInError('cancelled');
}
