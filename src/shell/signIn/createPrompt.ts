import { l10n } from 'vscode';
import type { Connection } from '../../core/connection/connection.ts';
import { builderId, parseStartUrl } from '../../core/identityCenter/startUrl.ts';
import type { SignInRequest } from '../../core/session/grant.ts';
import { scopesBeyond } from '../../core/session/signInPlan.ts';
import type { RunOptions } from '../context.ts';
import type { SurfaceSubject } from './signInRows.ts';
import { SignInSurface } from './signInPrompt.ts';

/** The surface of a sign-in to this connection with this request. */
export function createSurface(
  connection: Connection,
  request: SignInRequest,
  { canEdit = false, canChooseAnother = false, isProven = false }: RunOptions,
  openInBrowser: (url: string) => Promise<boolean>,
): SignInSurface {
  const options = {
    title: titleOf(connection, request.account),
    mistypable: isProven ? ('nothing' as const) : mistypableIn(connection),
    beyond: scopesBeyond(connection, request),
    canEdit,
    canChooseAnother,
    ...(connection.type === 'okta' ? { clientId: connection.clientId } : {}),
  };
  return new SignInSurface(options, openInBrowser);
}

/** Whether it is AWS Builder ID, which is the same for all people and has no address to type. */
export function isBuilderId(connection: Connection): boolean {
  return connection.type === 'identityCenter' && connection.startUrl === builderId.startUrl;
}

/** Some start URLs name their region; AWS Builder ID has nothing to type. */
function mistypableIn(connection: Connection): SurfaceSubject['mistypable'] {
  if (connection.type === 'okta' || isBuilderId(connection)) return 'nothing';
  const { region } = parseStartUrl(connection.startUrl);
  return region === connection.region ? 'startUrl' : 'startUrlAndRegion';
}

function titleOf(connection: Connection, account: string | undefined): string {
  const { type, name } = connection;
  if (isBuilderId(connection)) return l10n.t('Sign in with AWS Builder ID');
  const where = account === undefined ? name : `${name}, ${account}`;
  return type === 'okta'
    ? l10n.t('Sign in with Okta: {0}', where)
    : l10n.t('Sign in with IAM Identity Center: {0}', where);
}
