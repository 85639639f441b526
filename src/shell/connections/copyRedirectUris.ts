import { env, l10n } from 'vscode';
import type { Connection } from '../../core/connection/connection.ts';
import { redirectPath } from '../../core/oauth/userInteraction.ts';
import { redirectUriAt } from '../../core/oidc/redirectUri.ts';
import type { ShellContext } from '../context.ts';
import { connectionRow } from '../format/formatConnection.ts';
import { providerOf } from '../providers/index.ts';
import { showStatusMessage } from '../ui/messages.ts';
import { showList } from '../ui/quickPick.ts';
import type { ListRow } from '../ui/quickPick.ts';

/** The redirect URIs of one application, and its connections. */
interface Registered {
  readonly connections: readonly Connection[];
  readonly uris: readonly string[];
}

interface UriRow extends ListRow {
  readonly uris: readonly string[];
  /** Absent if they are for all connections. */
  readonly name?: string;
}

/**
 * Copies the redirect URIs that an administrator registers: those of the connections, or else of the setting.
 * If connections have different ones, because of their own ports or path (`redirectUri.ts`), asks which.
 */
export async function copyRedirectUris({
  connections,
  settings,
}: Pick<ShellContext, 'connections' | 'settings'>): Promise<void> {
  const { redirectPorts } = settings();
  const found = await registeredBy(await connections(), redirectPorts);
  const [first] = found;
  const chosen =
    first === undefined
      ? { uris: redirectPorts.map((port) => redirectUriAt(port, redirectPath)) }
      : found.length === 1
        ? rowOf(first)
        : await choose(found);
  if (chosen === undefined) return;
  const { uris, name } = chosen;
  await env.clipboard.writeText(uris.join('\n'));
  showStatusMessage(
    name === undefined
      ? l10n.t('Redirect URIs copied: {0}', uris.length)
      : l10n.t('Redirect URIs copied for {0}: {1}', name, uris.length),
    5000,
  );
}

/** Groups connections with the same redirect URIs. */
async function registeredBy(
  connections: readonly Connection[],
  ports: readonly number[],
): Promise<readonly Registered[]> {
  const all = new Map<string, Registered>();
  for (const connection of connections) {
    const uris = await providerOf(connection).redirectUris(connection, ports);
    if (uris.length === 0) continue;
    const key = uris.toSorted().join(' ');
    const same = all.get(key);
    all.set(key, { uris: same?.uris ?? uris, connections: [...(same?.connections ?? []), connection] });
  }
  return [...all.values()];
}

async function choose(found: readonly Registered[]): Promise<Pick<UriRow, 'uris' | 'name'> | undefined> {
  const all = [...new Set(found.flatMap(({ uris }) => uris))];
  const rows: readonly UriRow[] = [
    ...found.map(rowOf),
    { label: l10n.t('All Connections'), description: countText(all), icon: 'list-unordered', uris: all },
  ];
  return showList(rows, {
    title: l10n.t('Copy Redirect URIs'),
    placeHolder: l10n.t('Select the connection to copy redirect URIs for'),
  });
}

function rowOf({ connections, uris }: Registered): UriRow {
  const name = connections.map((one) => one.name).join(', ');
  const [first] = connections;
  const { icon, description } = first === undefined ? {} : connectionRow(first);
  return { label: name, icon, description: countText(uris), detail: description ?? '', uris, name };
}

function countText(uris: readonly string[]): string {
  return l10n.t('Redirect URIs: {0}', uris.length);
}
