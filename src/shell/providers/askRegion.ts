import { l10n, QuickInputButtons, QuickPickItemKind } from 'vscode';
import { defaultScopesOf } from '../../core/connection/connection.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import { findRegion } from '../../input/findRegion.ts';
import { isRegion, partitionOf } from '../../core/identityCenter/regions.ts';
import { knownRegions, regionIn } from '../../input/regions.ts';
import type { StartUrl } from '../../input/startUrl.ts';
import type { ShellContext } from '../context.ts';
import { defined } from '../../core/defined.ts';
import { inputMessage } from '../inputMessages.ts';
import { askInformation, askWarning, showStatusMessage, withProgressNotification } from '../ui/messages.ts';
import { List } from '../ui/quickPick.ts';
import type { ListRow } from '../ui/quickPick.ts';
import { remember } from '../remember.ts';
import { backError } from '../ui/askText.ts';
import { regionName } from './regionNames.ts';
import type { TextQuestion } from './typedBefore.ts';

/** The dependencies of {@link askRegion}. */
export type RegionContext = Pick<ShellContext, 'memento' | 'findRegionPorts'>;

const lastRegion = 'typed.region';

/**
 * Asks for a start URL's Region: a known Region of its partition, any other in a Region's format, or the one
 * found by asking AWS.
 * @throws SignInError `cancelled`, with `reason` `back` for *Back*
 */
export async function askRegion(
  context: RegionContext,
  title: string,
  startUrl: StartUrl,
  place: Pick<TextQuestion, 'step' | 'totalSteps' | 'hasBack'> = {},
): Promise<string> {
  const regions = knownRegions[startUrl.partition ?? 'aws'];
  const known = regions.map(regionRow).sort((one, other) => one.label.localeCompare(other.label));
  const last = known.find(({ region }) => region === context.memento.get<string>(lastRegion));
  const offered = last === undefined ? known : [last, ...known.filter((row) => row !== last)];
  // Selecting this row is the consent to its text.
  const find: RegionRow = {
    icon: 'search',
    label: l10n.t('Detect Region Automatically'),
    detail: l10n.t('Sends only your start URL to AWS, in up to {0} Regions', regions.length),
    alwaysShow: true,
  };
  const { hasBack, ...steps } = place;
  const pick = new List<RegionRow>({ ...steps, ignoreFocusOut: true, matchOnDescription: true });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const separator = { label: l10n.t('Regions'), kind: QuickPickItemKind.Separator };
  const items = (more: readonly RegionRow[]): readonly RegionRow[] => [...more, find, separator, ...offered];
  pick.title = title;
  if (hasBack === true) pick.buttons = [QuickInputButtons.Back];
  pick.onDidTriggerButton(() => reject(backError()));
  pick.placeholder = l10n.t('Select the AWS Region of your IAM Identity Center instance');
  pick.rows = items([]);
  if (last !== undefined) pick.active = last;
  pick.onDidChangeValue((value) => {
    const typed = regionIn(value) ?? value.trim();
    const isOffered = typed === '' || known.some((row) => textOf(row).includes(typed.toLowerCase()));
    const fits = startUrl.partition === undefined || partitionOf(typed) === startUrl.partition;
    const region = isRegion(typed) && fits ? typed : undefined;
    const reason = isRegion(typed) && !fits ? { input: typed, reason: 'partition' } : {};
    const words =
      region === undefined
        ? inputMessage({ operation: 'region', ...reason })
        : l10n.t('Not in the list of known Regions');
    const own = { label: typed, description: words, alwaysShow: true, ...defined({ region }) };
    pick.rows = items(isOffered ? [] : [own]);
  });
  pick.onDidAccept(() => {
    const chosen = pick.selected;
    if (chosen === find) resolve('');
    else if (chosen?.region !== undefined) resolve(chosen.region);
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
    const found = await detectRegion(context, startUrl);
    return found ?? (await askRegion(context, title, startUrl, place));
  }
  await remember(context.memento, lastRegion, region);
  return region;
}

/** A list row for a Region, as AWS displays it: *Europe (Frankfurt) eu-central-1*. */
interface RegionRow extends ListRow {
  readonly region?: string;
}

function regionRow(region: string): RegionRow & { readonly region: string } {
  const name = regionName(region);
  return name === undefined ? { label: region, region } : { label: name, description: region, region };
}

function textOf({ label, description = '' }: RegionRow): string {
  return `${label} ${description}`.toLowerCase();
}

/**
 * As {@link detectRegion}, after the user confirms what is sent.
 * @throws SignInError `cancelled`
 */
export async function findRegionWithProgress(
  context: RegionContext,
  startUrl: StartUrl,
): Promise<string | undefined> {
  const regions = knownRegions[startUrl.partition ?? 'aws'];
  const yes = l10n.t('Detect Region');
  const question = l10n.t('Detect the AWS Region?');
  const detail = l10n.t(
    '{0} will be sent to the AWS sign-in endpoint in up to {1} Regions. No other data is sent.',
    startUrl.url,
    regions.length,
  );
  const chosen = await askInformation(question, { detail }, yes);
  if (chosen !== yes) throw new SignInError('cancelled');
  return detectRegion(context, startUrl);
}

/**
 * Asks AWS, with the user's consent, for a start URL's Region. Undefined, after a message, if no Region knows
 * it.
 * @throws SignInError `cancelled`
 */
async function detectRegion(
  { memento, findRegionPorts }: RegionContext,
  startUrl: StartUrl,
): Promise<string | undefined> {
  const regions = knownRegions[startUrl.partition ?? 'aws'];
  const { region, notKnown, isAmbiguous } = await withProgressNotification(
    { title: l10n.t('Detecting the AWS Region') },
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
    showStatusMessage(
      l10n.t('The Region is {0}', [regionName(region), region].filter(Boolean).join(' ')),
      10_000,
    );
    return region;
  }
  const ambiguous = l10n.t(
    '{0} was accepted in several Regions. Ask your administrator for the right one.',
    startUrl.url,
  );
  const none = l10n.t('{0} wasn’t found in any Region. Check the URL with your administrator.', startUrl.url);
  await askWarning(
    isAmbiguous === true
      ? ambiguous
      : notKnown.length === 0
        ? none
        : l10n.t(
            '{0} wasn’t found in the Regions that answered. Try again later, or select one that didn’t answer: {1}',
            startUrl.url,
            notKnown.join(', '),
          ),
    {}, // Modal, since VS Code hides other messages after a while, which would leave the user without an answer.
  );
  return undefined;
}
