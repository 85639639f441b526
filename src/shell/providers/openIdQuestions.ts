import { l10n } from 'vscode';
import type { OktaConnection } from '../../core/connection/connection.ts';
import { discover } from '../../core/oidc/discovery.ts';
import { parseClientId, parseIssuer } from '../../core/oidc/issuer.ts';
import { checkAllowed } from '../../features/organizationPolicy.ts';
import { askText } from '../ui/askText.ts';
import { remember } from '../remember.ts';
import { problemOf } from '../validationMessage.ts';
import { editTitle, renamed } from './editableInput.ts';
import type { EditableInput } from './editableInput.ts';
import type { Asking } from './provider.ts';
import { typedBefore } from './typedBefore.ts';
import type { TextQuestion } from './typedBefore.ts';

/**
 * A connection that is not in the settings, asked for in two steps; `totalSteps` are more where others follow.
 * @throws SignInError `cancelled`
 */
export async function askNewOkta(
  context: Asking,
  title: string,
  totalSteps: number,
): Promise<OktaConnection> {
  const { memento } = context;
  const place = { title, totalSteps };
  const issuer = await askIssuer(context, { ...place, step: 1, ...typedBefore(memento, 'issuer') });
  await remember(memento, 'typed.issuer', issuer);
  const clientId = await askClientId({ ...place, step: 2, ...typedBefore(memento, 'clientId') });
  await remember(memento, 'typed.clientId', clientId);
  return { type: 'okta', name: new URL(issuer).hostname, issuer, clientId };
}

/**
 * The connection with another issuer, or another client ID.
 * @throws SignInError `cancelled`
 */
export async function editOkta(
  context: Asking,
  connection: OktaConnection,
  input: EditableInput,
): Promise<OktaConnection> {
  const title = editTitle(input);
  if (input !== 'issuer')
    return { ...connection, clientId: await askClientId({ title, value: connection.clientId }) };
  const issuer = await askIssuer(context, { title, value: connection.issuer });
  const [before, after] = [new URL(connection.issuer).hostname, new URL(issuer).hostname];
  return { ...connection, name: renamed(connection.name, before, after), issuer };
}

/** An issuer that has metadata, and that the organisation allows. */
export async function askIssuer(asking: Asking, question: TextQuestion): Promise<string> {
  const typed = await askText({
    ...question,
    prompt: l10n.t(
      'The issuer of the authorization server, or its Metadata URI, as your administrator has it.',
    ),
    placeholder: 'https://example.okta.com/oauth2/aus1a2b3c4d5',
    problem: async (text, signal) =>
      problemOf(async () => {
        const issuer = parseIssuer(text);
        checkAllowed(await asking.organisation(), { type: 'okta', name: issuer, issuer, clientId: '' });
        await discover(asking, issuer, signal);
      }),
  });
  return parseIssuer(typed);
}

/** A client id, as an administrator copies it. */
export async function askClientId(question: TextQuestion): Promise<string> {
  const typed = await askText({
    ...question,
    prompt: l10n.t('The client id of the Okta application, from its General tab.'),
    placeholder: '0oa1b2c3d4E5f6G7h8i9',
    problem: (text) => problemOf(() => parseClientId(text)),
  });
  return parseClientId(typed);
}
