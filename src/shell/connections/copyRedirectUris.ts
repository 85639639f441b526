import { env, l10n } from 'vscode';
import { redirectPath } from '../../core/oauth/userInteraction.ts';
import { redirectUriAt } from '../../core/oidc/redirectUri.ts';
import type { ShellContext } from '../context.ts';
import { providerOf } from '../providers/index.ts';
import { showStatusMessage } from '../ui/messages.ts';

/** Those of the setting, those of connections that have ports of their own, and the issuers' own (`redirectUri.ts`). */
export async function copyRedirectUris({
  connections,
  settings,
}: Pick<ShellContext, 'connections' | 'settings'>): Promise<void> {
  const { redirectPorts } = settings();
  const uris = new Set(redirectPorts.map((port) => redirectUriAt(port, redirectPath)));
  for (const one of await connections())
    for (const uri of await providerOf(one).redirectUris(one, redirectPorts)) uris.add(uri);
  await env.clipboard.writeText([...uris].join('\n'));
  showStatusMessage(l10n.t('Redirect URIs copied: {0}', uris.size), 5000);
}
