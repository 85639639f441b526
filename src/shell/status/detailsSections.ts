import { env, l10n } from 'vscode';
import { SignInError } from '../../core/oauth/errors.ts';
import { decodeAccessToken } from '../../core/oidc/accessToken.ts';
import type { ChosenAwsAccount } from '../../features/awsProfile.ts';
import type { OrganizationRules } from '../../features/organizationPolicy.ts';
import { historyOf } from '../../core/session/refreshHistory.ts';
import type { RefreshNote, Session } from '../../core/session/session.ts';
import type { FailedAttempt } from '../../core/session/refreshPolicy.ts';
import { plainLine } from '../../core/text/safeText.ts';
import type { ProgramUse } from '../../features/diagnosticsData.ts';
import type { DetailsSection } from './detailsHtml.ts';
import { errorMessage } from '../errorMessages.ts';
import { organizationRows } from '../policyMessages.ts';
import { providerOf } from '../providers/index.ts';
import { accountLabel } from '../format/accountLabel.ts';
import { endOf, placeOf } from '../format/formatSession.ts';
import { joinSentences } from '../../output/joinSentences.ts';

/** A session's state in a sentence or two. */
export function stateSentence({ ended }: Session): string {
  if (ended === undefined) return l10n.t('Signed in. This page contains no secrets and is safe to share.');
  const { title, cause, next } = endOf(ended);
  return joinSentences(title, cause, next);
}

/** The details of a session, without secrets. `failed` are this window's failed attempts to refresh it. */
export function sectionsOf(
  session: Session,
  failed: readonly FailedAttempt[],
  rules: OrganizationRules,
  terminal: TerminalAccessDetails,
): DetailsSection[] {
  const organization = organizationRows(rules, session.connection);
  const history = historyOf(session, failed);
  return [
    { heading: l10n.t('Sign-in'), rows: [...sessionRows(session), ...awsAccountRows(session, terminal)] },
    { heading: l10n.t('Scopes'), rows: scopeRows(session) },
    claimsOf(session),
    ...terminalSections(terminal),
    {
      heading: l10n.t('Refresh history'),
      note: history.length === 0 ? l10n.t('Not refreshed yet.') : l10n.t('The last ten, newest first.'),
      rows: history.toReversed().map((note) => [exactTimeText(note.at), outcomeOf(note)]),
    },
    ...(organization.length === 0 ? [] : [{ heading: l10n.t('Organization policy'), rows: organization }]),
  ];
}

function sessionRows(session: Session): (readonly [string, string])[] {
  const { account, connection, tokenSet, signedInAt, refreshedAt, ended } = session;
  return [
    [l10n.t('Account'), accountLabel(session)],
    [l10n.t('Account ID for extensions'), account.id],
    [l10n.t('Connection'), `${connection.name} · ${placeOf(session)}`],
    ...providerOf(session).detailsOf(session, exactTimeText),
    [l10n.t('Signed in'), exactTimeText(signedInAt)],
    [l10n.t('Last refreshed'), refreshedAt === undefined ? l10n.t('Never') : exactTimeText(refreshedAt)],
    [l10n.t('Token expires'), exactTimeText(tokenSet.expiresAt)],
    [
      l10n.t('Renews automatically'),
      ended === undefined && tokenSet.refreshToken !== undefined ? l10n.t('Yes') : l10n.t('No'),
    ],
    ...(ended === undefined ? [] : [[l10n.t('Ended'), exactTimeText(ended.at)] as const]),
  ];
}

/** The AWS account and role for new terminals of this workspace. */
function awsAccountRows(
  { id }: Session,
  { awsAccount }: TerminalAccessDetails,
): readonly (readonly [string, string])[] {
  if (awsAccount?.sessionId !== id) return [];
  const { accountName, accountId, roleName } = awsAccount;
  const account = accountName === '' ? accountId : `${accountName} (${accountId})`;
  return [[l10n.t('AWS account in this workspace'), `${account} · ${roleName}`]];
}

/** The requested and granted scopes. */
function scopeRows(session: Session): (readonly [string, string])[] {
  const { requestedScopes, tokenSet } = session;
  const requested = requestedScopes ?? providerOf(session).registeredScopes(session);
  return [...new Set([...requested, ...tokenSet.scopes])].map((scope) => {
    if (!tokenSet.scopes.includes(scope)) return [scope, l10n.t('Requested, not granted')];
    return [
      scope,
      requested.includes(scope) ? l10n.t('Requested and granted') : l10n.t('Granted, not requested'),
    ];
  });
}

/** The token's claims, as Okta's *Token Preview* shows them. */
function claimsOf(session: Session): DetailsSection {
  const heading = l10n.t('Claims of the access token');
  const claims = decodeAccessToken(session.tokenSet.accessToken);
  const rows = Object.entries(claims).map(([name, value]) => [name, claimText(name, value)] as const);
  if (rows.length > 0) {
    return { heading, note: l10n.t('Same as in the authorization server’s Token Preview.'), rows };
  }
  return { heading, note: providerOf(session).opaqueToken(), rows };
}

function claimText(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.join(' ');
  const isTime = typeof value === 'number' && ['iat', 'exp', 'auth_time'].includes(name);
  return isTime ? `${value} (${exactTimeText(value * 1000)})` : String(value);
}

/** Whether terminal programs may request the token, and which have. */
export interface TerminalAccessDetails {
  readonly isAllowed: boolean;
  /** In this window, latest first. */
  readonly uses: readonly ProgramUse[];
  /** The account that the user chose for this workspace. */
  readonly awsAccount?: ChosenAwsAccount | undefined;
}

function terminalSections({ isAllowed, uses }: TerminalAccessDetails): DetailsSection[] {
  if (!isAllowed && uses.length === 0) return [];
  return [
    {
      heading: l10n.t('Use in terminals'),
      note: isAllowed
        ? uses.length === 0
          ? l10n.t('Programs in the terminal can request this token. None has in this window.')
          : l10n.t('Programs that requested this token in this window.')
        : l10n.t('Programs can no longer request this token.'),
      rows: uses.map(({ program, count, lastAt }) => [
        program === undefined ? l10n.t('A program') : plainLine(program),
        count === 1 ? exactTimeText(lastAt) : l10n.t('{0} times, last {1}', count, exactTimeText(lastAt)),
      ]),
    },
  ];
}

function outcomeOf({ kind, ...details }: RefreshNote): string {
  if (kind === undefined) return l10n.t('Refreshed');
  const { title, cause } = errorMessage(new SignInError(kind, details));
  return l10n.t('Failed: {0} {1}', title, cause);
}

/** A time to the second, for comparison with a server's log. */
function exactTimeText(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toLocaleString(env.language, { dateStyle: 'medium', timeStyle: 'long' });
}
