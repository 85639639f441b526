import { commands, env, l10n } from 'vscode';
import { defaultScopesOf } from '../../core/connection/connection.ts';
import { isCancelled } from '../../core/oauth/errors.ts';
import { parseIssuer } from '../../input/issuer.ts';
import { providerOf } from '../providers/index.ts';
import { askText } from '../ui/askText.ts';
import type { ShellContext } from '../context.ts';
import { validationMessage } from '../validationMessage.ts';
import { showStatusMessage } from '../ui/messages.ts';
import { remember } from '../remember.ts';
import { defined } from '../../core/defined.ts';

const [completions = '', conversations = '', offlineAccess = ''] = defaultScopesOf('okta');
const wellKnownEnding = '/.well-known/openid-configuration';

/** Values to enter literally in the consoles of Okta and AWS; the names are examples. */
const fixed = {
  oidcName: 'Kiro-OIDC',
  samlName: 'Kiro-SAML',
  singleSignOnUrl: 'https://okta.com',
  audience: 'kiro',
  completions,
  conversations,
  offlineAccess,
  scopes: defaultScopesOf('okta').join(' '),
  wellKnownEnding,
  uniqueIdentifier: 'userName',
  applicationLabel: 'Demo_AWS IAM Identity Center',
  metadataFile: 'metadata.xml',
  accept: 'ACCEPT',
} as const;

/** Values that are derived from what the administrator's console shows. */
const asked = {
  metadataAddress: async (context: ShellContext) => `${await askIssuer(context)}${wellKnownEnding}`,
  issuer: askIssuer,
  scimAddress: askScimAddress,
} as const;

/** Copies a value of the setup by name, which the administrators' walkthrough checks off. Ignores unknown names. */
export async function copySetupValue(context: ShellContext, name: unknown): Promise<void> {
  if (typeof name !== 'string') return;
  const value = await valueOf(context, name);
  if (value === undefined) return;
  await env.clipboard.writeText(value);
  showStatusMessage(l10n.t('Copied: {0}', value), 5000);
  await commands.executeCommand('setContext', `developerSignIn.copied.${name}`, true);
}

async function valueOf(context: ShellContext, name: string): Promise<string | undefined> {
  if (Object.hasOwn(fixed, name)) return fixed[name as keyof typeof fixed];
  if (!Object.hasOwn(asked, name)) return undefined;
  try {
    return await asked[name as keyof typeof asked](context);
  } catch (error) {
    if (isCancelled(error)) return undefined;
    throw error;
  }
}

/** The issuer of the configured Okta connection, or from a pasted Metadata URI. */
async function askIssuer({ connections, memento }: ShellContext): Promise<string> {
  const issuers = (await connections()).flatMap(
    (one) => providerOf(one).setupOf(one).inputs.oktaClient?.issuer ?? [],
  );
  const known = issuers.length === 1 ? issuers[0] : memento.get<string>('typed.issuer');
  const typed = await askText({
    title: l10n.t('Address of the authorization server'),
    prompt: l10n.t('The Metadata URI or issuer, from Security > API in the Okta Admin Console.'),
    placeholder: 'https://example.okta.com/oauth2/aus1a2b3c4d5/.well-known/oauth-authorization-server',
    ...defined({ value: known }),
    problem: (text) => validationMessage(() => parseIssuer(text)),
  });
  const issuer = parseIssuer(typed);
  await remember(memento, 'typed.issuer', issuer);
  return issuer;
}

/** The SCIM endpoint without the trailing slash that AWS shows, as Okta requires. */
async function askScimAddress(): Promise<string> {
  const typed = await askText({
    title: l10n.t('SCIM endpoint'),
    prompt: l10n.t('As shown in the AWS console. It’s copied without the trailing slash.'),
    placeholder: 'https://scim.us-east-1.amazonaws.com/1a2b3c4d-5e6f/scim/v2/',
    problem: (text) =>
      /^https:\/\/[^\s/?#]+\/[^\s?#]+$/.test(text.trim())
        ? undefined
        : l10n.t('Enter a valid SCIM endpoint. It starts with https:// and usually ends in /scim/v2/.'),
  });
  return typed.trim().replace(/\/+$/, '');
}
