import { l10n } from 'vscode';
import { typeOf } from '../../core/connection/connection.ts';
import type { Connection } from '../../core/connection/connection.ts';
import { defined } from '../../core/defined.ts';
import type { SignInRequest } from '../../core/session/acquireTokens.ts';
import { scopesBeyond } from '../../features/signInPlan.ts';
import type { RunOptions } from '../context.ts';
import { providerOf } from '../providers/index.ts';
import { isScreenReaderOn } from '../ui/spellOut.ts';
import type { PromptOptions } from './prompt.ts';

/** The title and options of a sign-in's prompt. */
export function promptOptions(
  connection: Connection,
  request: SignInRequest,
  { canEdit = false, canChooseAnother = false, isProven = false, isTest }: RunOptions,
): PromptOptions {
  const provider = providerOf(connection);
  const { name } = connection;
  const clientId = provider.clientIdOf(connection);
  const { account = name } = request;
  const where = account === name ? name : `${name}, ${account}`;
  return {
    title: isTest === true ? testTitle(where) : provider.signInTitleAt(connection, where),
    where,
    isScreenReaderOn: isScreenReaderOn(),
    canUseOtherAccount: canEdit && request.prompt === undefined && provider.asksAgain() !== undefined,
    mistypable: isProven ? ('nothing' as const) : provider.mistypable(connection),
    beyond: scopesBeyond(connection, request),
    browserErrors: provider.browserErrors(connection),
    ...(isTest === true || !provider.hasSetup(connection) ? {} : { checkedName: name }),
    canEdit,
    canChooseAnother,
    ...defined({ clientId, isTest, isGeneric: typeOf(connection).isGeneric }),
  };
}

/** The title of a test sign-in, to tell it from a regular one. */
export function testTitle(what: string): string {
  return l10n.t('Test sign-in: {0}', what);
}
