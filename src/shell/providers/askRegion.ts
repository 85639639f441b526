import { l10n, QuickPickItemKind } from 'vscode';
import { defaultScopesOf } from '../../core/connection/connection.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import { findRegion } from '../../core/identityCenter/findRegion.ts';
import { partitions } from '../../core/identityCenter/partitions.ts';
import { isRegion, regionIn } from '../../core/identityCenter/regions.ts';
import type { StartUrl } from '../../core/identityCenter/startUrl.ts';
import type { ShellContext } from '../context.ts';
import { inputWords } from '../inputMessages.ts';
import { askInformation, askWarning, showStatusMessage, withProgressNotification } from '../ui/messages.ts';
import { List } from '../ui/quickPick.ts';
import type { ListRow } from '../ui/quickPick.ts';
import { remember } from '../remember.ts';

export type RegionContext = Pick<ShellContext, 'memento' | 'findRegionPorts'>;

const lastRegion = 'typed.region';

/**
 * The region of a start URL: from the known regions of its partition, any other that is typed and shaped like one,
 * or found by asking AWS.
 * @throws SignInError `cancelled`
 */
export async function askRegion(
  context: RegionContext,
  title: string,
  startUrl: StartUrl,
  place: { readonly step?: number; readonly totalSteps?: number } = {},
): Promise<string> {
  const { regions } = partitions[startUrl.partition ?? 'aws'];
  const last = context.memento.get<string>(lastRegion);
  const known = last === undefined || !regions.includes(last) ? regions : [...new Set([last, ...regions])];
  const find = { icon: 'search', label: l10n.t('Find the region for me'), alwaysShow: true };
  const pick = new List<ListRow>({ ...place, ignoreFocusOut: true });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const separator = { label: l10n.t('regions'), kind: QuickPickItemKind.Separator };
  const items = (more: readonly ListRow[]): readonly ListRow[] => [
    ...more,
    find,
    separator,
    ...known.map((label) => ({ label })),
  ];
  pick.title = title;
  pick.placeholder = l10n.t('The region of your IAM Identity Center; your administrator knows it');
  pick.rows = items([]);
  const [first] = known;
  if (last !== undefined && first === last) pick.active = pick.rows.find(({ label }) => label === last);
  pick.onDidChangeValue((value) => {
    const typed = regionIn(value) ?? value.trim();
    const isOffered = typed === '' || known.some((region) => region.includes(typed));
    const words = isRegion(typed)
      ? l10n.t('not in the list of known regions')
      : inputWords({ operation: 'region' });
    pick.rows = items(isOffered ? [] : [{ label: typed, description: words, alwaysShow: true }]);
  });
  pick.onDidAccept(() => {
    const chosen = pick.selected;
    if (chosen === find) resolve('');
    else if (chosen !== undefined && isRegion(chosen.label)) resolve(chosen.label);
  });
  pick.onDidHide(() => {
    reject(new SignInError('cancelled'));
  });
  pick.show();
  let region: string;
  try {
    region = await promise;
  } finally {
    pick.dispose();
  }
  if (region === '') {
    const found = await findRegionWithProgress(context, startUrl);
    return found ?? (await askRegion(context, title, startUrl, place));
  }
  await remember(context.memento, lastRegion, region);
  return region;
}

/**
 * Asks AWS in which region a start URL lives, after the person was told what is sent. Undefined when no region knows
 * it, which is said.
 * @throws SignInError `cancelled`
 */
export async function findRegionWithProgress(
  { memento, findRegionPorts }: RegionContext,
  startUrl: StartUrl,
): Promise<string | undefined> {
  const { regions } = partitions[startUrl.partition ?? 'aws'];
  const yes = l10n.t('Find the region');
  const chosen = await askInformation(
    l10n.t('Ask AWS where this start URL lives?'),
    {
      detail: l10n.t(
        '{0} is sent to the sign-in service of AWS, region after region, until one knows it (at most {1}). Nothing else is sent.',
        startUrl.url,
        regions.length,
      ),
    },
    yes,
  );
  if (chosen !== yes) throw new SignInError('cancelled');
  const { region, notKnown } = await withProgressNotification(
    { title: l10n.t('Looking for the region') },
    async (report, cancellation) => {
      const cancelled = new AbortController();
      cancellation.onCancellationRequested(() => {
        cancelled.abort(new SignInError('cancelled'));
      });
      return findRegion(
        await findRegionPorts(),
        {
          startUrl: startUrl.url,
          regions,
          scopes: defaultScopesOf('identityCenter'),
          onAsked: (asked) => report({ message: asked, increment: 100 / regions.length }),
        },
        cancelled.signal,
      );
    },
  );
  if (region !== undefined) {
    await remember(memento, lastRegion, region);
    showStatusMessage(l10n.t('The region is {0}', region), 10_000, 'check');
    return region;
  }
  await askWarning(
    notKnown.length === 0
      ? l10n.t('No region knows {0}. Compare it with your administrator.', startUrl.url)
      : l10n.t(
          'No region that answered knows {0}. {1} gave no clear answer: try again later, or choose one of them.',
          startUrl.url,
          notKnown.join(', '),
        ),
    {}, // A message that VS Code takes away after a while would leave the person without an answer.
  );
  return undefined;
}
