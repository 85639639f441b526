import { l10n } from 'vscode';
import type { Connection } from '../../core/connection/connection.ts';
import type { SignInError } from '../../core/oauth/errors.ts';
import { parseStartUrl } from '../../core/identityCenter/startUrl.ts';
import { askClientId, askIssuer, askStartUrl } from '../providers/askAddresses.ts';
import type { Asking } from '../providers/askAddresses.ts';
import { askRegion } from '../providers/askRegion.ts';
import { isBuilderId } from './createPrompt.ts';

/** A value of a connection that a person has typed, and may have mistyped. */
export type EditableInput = 'clientId' | 'issuer' | 'startUrl' | 'region';

/** The typed value that an error is about; undefined where it is about another thing. */
export function inputOf(error: SignInError, connection: Connection): EditableInput | undefined {
  if (isBuilderId(connection)) return undefined; // Nothing of it was typed.
  const { kind, details } = error;
  const isUnknownHost = kind === 'network' && details.code === 'ENOTFOUND';
  if (kind === 'invalidInput') return editableInputs.find((input) => input === details.operation);
  if (connection.type === 'okta') {
    if (kind === 'registrationRefused')
      return details.code === 'unauthorized_client' ? undefined : 'clientId';
    return kind === 'metadataMissing' || kind === 'metadataMismatch' || isUnknownHost ? 'issuer' : undefined;
  }
  if (kind === 'invalidStartUrl') return 'startUrl';
  if (isUnknownHost) return details.host?.startsWith('oidc.') === true ? 'region' : 'startUrl';
  const isOfRegion = details.reason === 'foreignPage' || details.code === 'invalid_request_region';
  return isOfRegion ? 'region' : undefined;
}

const editableInputs: readonly EditableInput[] = ['clientId', 'issuer', 'startUrl', 'region'];

/** The button that leads to the question for this value. */
export function editLabel(input: EditableInput): string {
  switch (input) {
    case 'clientId':
      return l10n.t('Edit Client ID…');
    case 'issuer':
      return l10n.t('Edit Issuer…');
    case 'startUrl':
      return l10n.t('Edit Start URL…');
    case 'region':
      return l10n.t('Edit Region…');
  }
}

/**
 * The connection with another value, asked for with the present one filled in.
 * @throws SignInError `cancelled`
 */
export async function editInput(
  context: Asking,
  connection: Connection,
  input: EditableInput,
): Promise<Connection> {
  const title = editLabel(input).replace(/…$/, '');
  if (connection.type === 'okta') {
    if (input !== 'issuer')
      return { ...connection, clientId: await askClientId({ title, value: connection.clientId }) };
    const issuer = await askIssuer(context, { title, value: connection.issuer });
    return {
      ...connection,
      ...renamed(connection.name, classifyEnvironment(connection.issuer), classifyEnvironment(issuer)),
      issuer,
    };
  }
  const before = parseStartUrl(connection.startUrl);
  if (input === 'region') return { ...connection, region: await askRegion(context, title, before) };
  const found = await askStartUrl(context, { title, value: connection.startUrl });
  const region = found.region ?? (await askRegion(context, title, found));
  const name = renamed(connection.name, before.alias, found.alias);
  return { ...connection, ...name, startUrl: found.url, region };
}

/** A name that was made from the address goes with it; one that a person gave stays. */
function renamed(name: string, before: string, after: string): { readonly name: string } {
  return { name: name === before ? after : name };
}

function classifyEnvironment(issuer: string): string {
  return new URL(issuer).hostname;
}
