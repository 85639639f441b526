import { l10n, QuickPickItemKind } from 'vscode';
import type { FlowName } from '../../core/connection.ts';
import type { BrowserTurn, RedirectFinding, TurnChoice } from '../../core/ports.ts';
import { spelled } from './spelled.ts';
import type { SteadyRow } from './steadyRows.ts';
import type { ListRow } from '../ui/quickPick.ts';

/** A row of the surface of a sign-in. */
export interface SurfaceRow extends ListRow, SteadyRow {}

/** What is on the surface: its rows, and the key of the one to be active. */
export interface SurfaceList {
  readonly placeholder: string;
  readonly rows: readonly SurfaceRow[];
  readonly preferred: string;
}

/** A turn, and how far it has come. */
export interface TurnView {
  readonly turn: BrowserTurn;
  /** Whether the browser was sent to the page. */
  readonly isProceeding: boolean;
  readonly finding: RedirectFinding | undefined;
  /** Whether nobody has come back for a while. */
  readonly isSilent: boolean;
}

/** What the rows do. */
export interface SurfaceActions {
  /** Goes to the page for the first time. */
  readonly proceed: () => unknown;
  readonly open: () => unknown;
  readonly copy: (text: string) => unknown;
  readonly showQrCode: () => unknown;
  readonly paste: () => unknown;
  readonly take: (way: TurnChoice) => unknown;
  readonly another: () => unknown;
  readonly cancel: () => unknown;
}

/** While a server is asked: what goes on stands where the first choice will be, as high, so that Enter does no harm. */
export function contactingList({ cancel }: SurfaceActions): SurfaceList {
  const placeholder = l10n.t('Contacting the identity provider…');
  const label = l10n.t('One moment…');
  const progress = { key: 'progress', icon: 'loading~spin', label, detail: placeholder };
  return {
    placeholder,
    rows: [progress, ...lastRows(cancel)],
    preferred: progress.key,
  };
}

/** When the code or the link ran out unused. */
export function expiredList({ another, cancel }: SurfaceActions, hadCode: boolean): SurfaceList {
  const again = {
    key: 'another',
    icon: 'refresh',
    label: hadCode ? l10n.t('Get a new code') : l10n.t('Open a new sign-in page'),
    choose: another,
  };
  return {
    placeholder: hadCode
      ? l10n.t('The time of this code is over, and nobody used it')
      : l10n.t('The time of this sign-in is over, and the browser did not come back'),
    rows: [again, ...lastRows(cancel)],
    preferred: again.key,
  };
}

/** While the browser has the turn. */
export function turnList(view: TurnView, actions: SurfaceActions): SurfaceList {
  const { turn, finding } = view;
  const notes = notesOf(view);
  const first = firstRows(view, actions);
  const more: SurfaceRow[] = [
    {
      key: 'link',
      icon: 'link',
      label: l10n.t('Copy link'),
      description: l10n.t('for another browser'),
      choose: () => actions.copy(turn.url),
    },
    {
      key: 'qrCode',
      icon: 'device-mobile',
      label: l10n.t('Show QR code'),
      description: turn.userCode === undefined ? l10n.t('of the link') : l10n.t('for your phone'),
      choose: actions.showQrCode,
    },
    ...(turn.paste === undefined ? [] : [pasteRow(actions)]),
  ].filter(({ key }) => !first.some((row) => row.key === key));
  const ways = turn.ways.map((way): SurfaceRow => ({
    key: way,
    ...wayWords(way, finding),
    choose: () => actions.take(way),
  }));
  // The port that is registered is the way on; any other stands below.
  const urgent = finding?.registered === undefined ? [] : ways.filter(({ key }) => key === 'nextPort');
  const rest = ways.filter((way) => !urgent.includes(way));
  return {
    placeholder: placeholderOf(view),
    rows: [...notes, ...urgent, ...first, ...more, ...rest, ...lastRows(actions.cancel)],
    preferred: (urgent[0] ?? first[0])?.key ?? '',
  };
}

/** What has to be done first in this state of the turn. */
function firstRows({ turn, isProceeding }: TurnView, actions: SurfaceActions): SurfaceRow[] {
  const { userCode, url, comesBack } = turn;
  const { host } = new URL(url);
  const open: SurfaceRow = {
    key: 'open',
    icon: 'link-external',
    label: l10n.t('Open the page again'),
    description: host,
    choose: actions.open,
  };
  if (userCode === undefined) {
    if (comesBack !== 'never') return [open];
    if (isProceeding) return [pasteRow(actions), open];
    return [
      {
        key: 'proceed',
        icon: 'link-external',
        label: l10n.t('Open the sign-in page'),
        description: host,
        detail: l10n.t('It ends at an address that cannot be reached. Copy that, and paste it here.'),
        choose: actions.proceed,
      },
    ];
  }
  if (isProceeding) {
    const copyCode: SurfaceRow = {
      key: 'code',
      icon: 'copy',
      label: l10n.t('Copy code'),
      description: spelled(userCode),
      choose: () => actions.copy(userCode),
    };
    return [open, copyCode];
  }
  return [
    {
      key: 'proceed',
      icon: 'copy',
      label: l10n.t('Copy Code and Proceed'),
      description: spelled(userCode),
      detail: l10n.t('Copies the code and opens {0} in your browser.', host),
      choose: actions.proceed,
    },
  ];
}

function placeholderOf({ turn: { userCode, comesBack }, isProceeding }: TurnView): string {
  if (userCode !== undefined) {
    return isProceeding
      ? l10n.t('Waiting for you to allow access in your browser…')
      : l10n.t('The page in your browser shows or asks for this code');
  }
  if (comesBack !== 'never') return l10n.t('Waiting for you to sign in in your browser…');
  return isProceeding
    ? l10n.t('Waiting for the address that the browser ends at…')
    : l10n.t('The browser cannot come back to where this editor runs');
}

/** What has to be known about this turn; a row of it takes one line, and nothing happens when it is chosen. */
function notesOf({ turn, finding, isSilent }: TurnView): SurfaceRow[] {
  const { redirectUri, insteadOf, comesBack } = turn;
  const instead: SurfaceRow[] =
    insteadOf === undefined ? [] : [{ key: 'instead', icon: 'info', label: insteadWords(insteadOf) }];
  if (finding?.registration === 'notRegistered') {
    const words = {
      label: l10n.t('{0} is not registered with this Okta application', finding.redirectUri),
      detail:
        finding.registered === undefined
          ? l10n.t('Nor is any other of the ports. Your administrator can compare them and the client id.')
          : l10n.t('So the browser shows an error page and stays there. Your administrator can add it.'),
    };
    return [...instead, { key: 'finding', ...words, icon: 'warning', label: words.label }];
  }
  if (!isSilent || redirectUri === undefined || comesBack === 'never') return instead;
  const label = l10n.t('Does the browser show an error page?');
  return [
    ...instead,
    { key: 'silence', icon: 'info', label, detail: silenceWords(turn, redirectUri, finding) },
  ];
}

/** What an error page at this point means, with the exact address that the browser has to come back to; fits in a line. */
function silenceWords(
  { finding: asked, ways }: BrowserTurn,
  redirectUri: string,
  finding: RedirectFinding | undefined,
): string {
  if (asked === undefined) {
    return l10n.t('{0} was not reached: check start URL and region.', redirectUri);
  }
  if (finding?.registration === 'registered') {
    return l10n.t('{0} is registered: show the page to your administrator.', redirectUri);
  }
  return ways.includes('nextPort')
    ? l10n.t('Then {0} is not registered: try the next port.', redirectUri)
    : l10n.t('Then {0} is not registered: ask your administrator.', redirectUri);
}

function insteadWords(flow: FlowName): string {
  return flow === 'authorizationCode'
    ? l10n.t('With a code, because the browser cannot come back to where this editor runs')
    : l10n.t('Without a code, because this server offers none');
}

function pasteRow({ paste }: SurfaceActions): SurfaceRow {
  return {
    key: 'paste',
    icon: 'clippy',
    label: l10n.t('Paste the callback URL'),
    description: l10n.t('when the browser could not come back'),
    choose: paste,
  };
}

function lastRows(cancel: () => unknown): SurfaceRow[] {
  return [
    { label: '', kind: QuickPickItemKind.Separator },
    { key: 'cancel', icon: 'close', label: l10n.t('Cancel'), choose: cancel },
  ];
}

function wayWords(way: TurnChoice, finding: RedirectFinding | undefined): ListRow {
  switch (way) {
    case 'deviceCode':
      return {
        icon: 'key',
        label: l10n.t('Use a device code instead'),
        description: l10n.t('needs no way back from the browser'),
      };
    case 'authorizationCode':
      return {
        icon: 'globe',
        label: l10n.t('Sign in without a code instead'),
        description: l10n.t('the browser comes back by itself'),
      };
    case 'nextPort':
      return {
        icon: 'arrow-right',
        label: l10n.t('Try the next port'),
        description:
          finding?.registered === undefined
            ? l10n.t('when the browser shows an error page')
            : l10n.t('{0} is registered', finding.registered),
      };
  }
}
