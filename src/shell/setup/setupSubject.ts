import { l10n, QuickPickItemKind } from 'vscode';
import * as v from 'valibot';
import { connectionKey, placeOf } from '../../core/connection/connection.ts';
import type { Connection } from '../../core/connection/connection.ts';
import { connectionSchema } from '../../core/connection/connectionSchema.ts';
import { normalConnection } from '../../input/addresses.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import { providerOf } from '../providers/index.ts';
import { planOf } from '../../core/session/acquireTokens.ts';
import { goesBeyond } from '../../features/signInPlan.ts';
import type { SignInPlan, SignInSettings } from '../../core/session/acquireTokens.ts';
import type { SetupGuideId } from '../../setup/setupGuides.ts';
import { hasWalkthroughs, openWalkthrough } from '../getStarted.ts';
import { connectionDetail, shortAddressOf } from '../format/formatConnection.ts';
import type { Answers } from './setupFields.ts';
import { guideTitle } from './checkTexts.ts';
import { askWarning } from '../ui/messages.ts';
import { showList } from '../ui/quickPick.ts';
import type { ListRow } from '../ui/quickPick.ts';
import { defined } from '../../core/defined.ts';

/** The subject of the checks: a guide, and a connection if one was selected. */
export interface Subject {
  readonly document: SetupGuideId;
  readonly connection?: Connection;
}

const guides = ['kiro', 'identityCenter', 'openIdConnect'] as const satisfies readonly SetupGuideId[];

const argumentsSchema = v.object({
  connection: v.exactOptional(v.union([connectionSchema, v.string()])),
  guide: v.exactOptional(v.picklist(guides)),
});

/**
 * The guide and connection to check: from the arguments, with a confirmation if the connection is not
 * configured, since a link in a document can carry a command; or selected by the user.
 * @throws SignInError `cancelled`, or `invalidInput` for invalid arguments
 */
export async function chooseSubject(
  configured: readonly Connection[],
  given: unknown,
  settings: SignInSettings,
): Promise<Subject> {
  const parsed = v.safeParse(argumentsSchema, given ?? {});
  if (!parsed.success) {
    const input = v.getDotPath(parsed.issues[0]) ?? 'arguments';
    throw new SignInError('invalidInput', { operation: 'arguments', input });
  }
  const { connection, guide } = parsed.output;
  if (typeof connection === 'string') {
    const known = configured.find(({ name }) => name === connection);
    if (known === undefined)
      throw new SignInError('invalidInput', { operation: 'connection', input: connection.slice(0, 100) });
    return { document: guideOf(known), connection: known };
  }
  if (connection !== undefined) {
    const normal = normalConnection(connection);
    const key = connectionKey(normal);
    const known = configured.find((one) => connectionKey(one) === key);
    const plan = planOf(normal, {}, settings);
    // A connection in the settings is checked as configured.
    if (known !== undefined && !goesBeyond(plan, planOf(known, {}, settings)))
      return { document: guideOf(known), connection: known };
    await confirmSubject(normal, plan, known !== undefined);
    return { document: guideOf(normal), connection: normal };
  }
  return pickSubject(configured, guide);
}

/** Headings of the guides: a longer one cuts off the address in the row below it, which it shares its line with. */
const products: Readonly<Record<SetupGuideId, string>> = {
  identityCenter: 'AWS',
  kiro: 'Kiro',
  openIdConnect: 'OpenID Connect',
};

/** A row for a subject, or for the guide to set it up. */
interface SubjectRow extends ListRow, Partial<Subject> {
  readonly walkthrough?: string;
}

/**
 * Asks which guide to check, and for which of the configured connections.
 * @param first the guide that the user is reading, whose rows come first
 * @throws SignInError `cancelled`
 */
export async function pickSubject(configured: readonly Connection[], first?: SetupGuideId): Promise<Subject> {
  const inOrder = guides.toSorted((one, other) => Number(other === first) - Number(one === first));
  const hasGuides = await hasWalkthroughs();
  const items = inOrder.flatMap((document): SubjectRow[] => [
    { label: products[document], kind: QuickPickItemKind.Separator },
    ...configured
      .filter((connection) => providerOf(connection).setupOf(connection).guide === document)
      .map((connection) => ({
        icon: 'plug',
        label: connection.name,
        description: shortAddressOf(connection),
        document,
        connection,
      })),
    {
      icon: 'add',
      label: another[document](),
      document,
    },
    ...(document === 'openIdConnect' || !hasGuides
      ? []
      : [
          {
            icon: 'book',
            label: l10n.t('Setup guide: {0}', guideTitle(document)),
            walkthrough: `${document}WithOkta`,
          },
        ]),
  ]);
  const chosen = await showList(items, {
    title: l10n.t('Check SSO Setup'),
    placeHolder: l10n.t('Select a connection to check. No settings are changed.'),
    ignoreFocusOut: true,
  });
  if (chosen?.walkthrough !== undefined) await openWalkthrough(chosen.walkthrough);
  if (chosen?.document === undefined) throw new SignInError('cancelled');
  const { document, connection } = chosen;
  return { document, ...defined({ connection }) };
}

async function confirmSubject(connection: Connection, plan: SignInPlan, isKnown: boolean): Promise<void> {
  const yes = l10n.t('Check');
  const chosen = await askWarning(
    isKnown
      ? l10n.t('Check the setup with different permissions or options than in your settings?')
      : l10n.t('Check the setup of a connection that isn’t in your settings?'),
    { detail: connectionDetail('arguments', connection, plan) },
    yes,
  );
  if (chosen !== yes) throw new SignInError('cancelled');
}

/** Labels of the rows for a connection that is not in the settings. */
const another: Readonly<Record<SetupGuideId, () => string>> = {
  kiro: () => l10n.t('Another Okta authorization server…'),
  identityCenter: () => l10n.t('Another IAM Identity Center…'),
  openIdConnect: () => l10n.t('Another OpenID Connect provider…'),
};

/** The guide for a connection. */
function guideOf(connection: Connection): SetupGuideId {
  return providerOf(connection).setupOf(connection).guide;
}

/** The heading for a connection. */
export function subjectOf(connection: Connection): string {
  const provider = providerOf(connection);
  const clientId = provider.clientIdOf(connection);
  const where = provider.whereOf(connection);
  return clientId === undefined ? where : `${where} (${clientId})`;
}

/** Identifies a subject, as {@link SetupRun.key} of its run. */
export function subjectKeyOf(connection: Connection): string {
  return `${guideOf(connection)} ${subjectOf(connection)}`;
}

/** The fields of a connection's guide that the connection answers; empty without one. */
export function answersOf(connection: Connection | undefined): Answers {
  if (connection === undefined) return {};
  return Object.fromEntries(placeOf(connection).map(({ name, value }) => [name, value]));
}

/**
 * The connection in the answers, with the scopes and ports of a configured one that matches.
 * @throws SignInError `invalidInput` for an address that cannot be read
 */
export function connectionOf(
  document: SetupGuideId,
  { issuer = '', clientId = '', startUrl = '', region = '' }: Answers,
  chosen: Connection | undefined,
): Connection | undefined {
  const name = guideTitle(document);
  const given = {
    kiro: { type: 'okta', name, issuer, clientId } as const,
    identityCenter: { type: 'identityCenter', name, startUrl, region } as const,
    openIdConnect: { type: 'oidc', name, issuer, clientId } as const,
  }[document];
  if (placeOf(given).some(({ value }) => value === '')) return undefined;
  const typed = normalConnection(given);
  const isChosen = chosen !== undefined && connectionKey(chosen) === connectionKey(typed);
  return isChosen ? chosen : typed;
}
