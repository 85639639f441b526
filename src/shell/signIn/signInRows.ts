import { l10n, QuickPickItemKind } from 'vscode';
import type {
  InteractionRequest,
  RedirectUriStatus,
  AlternativeAction,
} from '../../core/oauth/userInteraction.ts';
import { beyondRows, forAdministrator, notesOf } from './promptNotes.ts';
import { spelled } from '../ui/spellOut.ts';
import type { ListRow, SteadyRow } from '../ui/quickPick.ts';

/** A row of the surface of a sign-in. */
export interface SurfaceRow extends ListRow, SteadyRow {}

/** What is on the surface: its rows, and the key of the one to be active. */
export interface SurfaceList {
  readonly placeholder: string;
  readonly rows: readonly SurfaceRow[];
  readonly preferred: string;
}

/** What a sign-in has, and what its surface may offer. */
export interface SurfaceSubject {
  /** What of the address of an Identity Center a person may have mistyped. */
  readonly mistypable: 'nothing' | 'startUrl' | 'startUrlAndRegion';
  /** As `ErrorDetails` has it. */
  readonly isGeneric?: true;
  /** The client ID, where a person or a setting gave one. */
  readonly clientId?: string;
  /** The scopes that it asks for and its connection does not. */
  readonly beyond: readonly string[];
  /** Whether an edited value leads to another try. */
  readonly canEdit: boolean;
  /** Whether the connection was taken without a question, so that another one is offered here. */
  readonly canChooseAnother: boolean;
}

/** A turn, and how far it has come. */
export interface TurnView {
  readonly turn: InteractionRequest;
  readonly subject: SurfaceSubject;
  /** Whether the browser was sent to the page. */
  readonly isProceeding: boolean;
  readonly finding: RedirectUriStatus | undefined;
  /** Whether the browser has been away for long. */
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
  readonly take: (way: AlternativeAction) => unknown;
  readonly another: () => unknown;
  /** Ends this sign-in and asks for the client ID. */
  readonly editClientId: () => unknown;
  /** Ends this sign-in and offers the other connections. */
  readonly chooseAnother: () => unknown;
  readonly cancel: () => unknown;
}

/** While a server is asked: what goes on stands where the first choice will be, as high, so that Enter does no harm. */
export function contactingList(subject: SurfaceSubject, actions: SurfaceActions): SurfaceList {
  const placeholder = l10n.t('Contacting the identity provider…');
  const label = l10n.t('One moment…');
  const progress = { key: 'progress', icon: 'loading~spin', label, detail: placeholder };
  return {
    placeholder,
    rows: [progress, ...beyondRows(subject), ...lastRows(subject, actions)],
    preferred: progress.key,
  };
}

/** When the code or the link ran out unused. */
export function expiredList(subject: SurfaceSubject, actions: SurfaceActions, hadCode: boolean): SurfaceList {
  const again = {
    key: 'another',
    icon: 'refresh',
    label: hadCode ? l10n.t('Get a new code') : l10n.t('Open a new sign-in page'),
    choose: actions.another,
  };
  return {
    placeholder: hadCode
      ? l10n.t('The time of this code is over, and nobody used it')
      : l10n.t('The time of this sign-in is over, and the browser did not come back'),
    rows: [again, ...lastRows(subject, actions)],
    preferred: again.key,
  };
}

/** A QR code of level M holds 2331 bytes (ISO/IEC 18004); a page that a server names may be longer. */
const longestQrCode = 2300;

/** While the browser has the turn. */
export function turnList(view: TurnView, actions: SurfaceActions): SurfaceList {
  const { turn, finding, subject } = view;
  const notes = [...beyondRows(subject), ...notesOf(view)];
  const isUnknownClient = finding?.wrongParameter === 'client_id';
  const first = firstRows(view, actions);
  const more: SurfaceRow[] = [
    {
      key: 'link',
      icon: 'link',
      label: l10n.t('Copy link'),
      description: l10n.t('for another browser'),
      choose: () => actions.copy(turn.url),
    },
    ...(turn.url.length > longestQrCode
      ? []
      : [
          {
            key: 'qrCode',
            icon: 'device-mobile',
            label: l10n.t('Show QR code'),
            description: turn.userCode === undefined ? l10n.t('of the link') : l10n.t('for your phone'),
            choose: actions.showQrCode,
          },
        ]),
    ...(turn.paste === undefined ? [] : [pasteRow(actions)]),
  ].filter(({ key }) => !first.some((row) => row.key === key));
  const ways = turn.alternatives.map((way): SurfaceRow => ({
    key: way,
    ...wayWords(way, finding),
    choose: () => actions.take(way),
  }));
  // What is known to be the way on stands first: the port that is registered, or another client ID.
  const nextPort = finding?.registered === undefined ? [] : ways.filter(({ key }) => key === 'nextPort');
  const edit = editRows(view, actions);
  const urgent = isUnknownClient ? edit : nextPort;
  const rest = [...ways, ...edit].filter((way) => !urgent.includes(way));
  return {
    placeholder: placeholderOf(view),
    rows: [...notes, ...urgent, ...first, ...more, ...rest, ...lastRows(subject, actions)],
    preferred: (urgent[0] ?? first[0])?.key ?? '',
  };
}

/** Where the server does not know the client ID or no redirect URI: to correct it here, or to have it corrected. */
function editRows({ turn, finding, subject }: TurnView, actions: SurfaceActions): SurfaceRow[] {
  const { clientId, canEdit } = subject;
  if (finding?.registration !== 'notRegistered' || clientId === undefined) return [];
  const edit: SurfaceRow = {
    key: 'editClientId',
    icon: 'edit',
    label: l10n.t('Edit Client ID…'),
    description: clientId,
    choose: actions.editClientId,
  };
  const copy: SurfaceRow = {
    key: 'copyForAdministrator',
    icon: 'copy',
    label: l10n.t('Copy for Administrator'),
    choose: () => actions.copy(forAdministrator(turn, finding, clientId, subject)),
  };
  return [...(canEdit && finding.registered === undefined ? [edit] : []), copy];
}

/** What has to be done first in this state of the turn. */
function firstRows({ turn, isProceeding }: TurnView, actions: SurfaceActions): SurfaceRow[] {
  const { userCode, url, loopbackSupport } = turn;
  const { host } = new URL(url);
  const open: SurfaceRow = {
    key: 'open',
    icon: 'link-external',
    label: l10n.t('Open the page again'),
    description: host,
    choose: actions.open,
  };
  if (userCode === undefined) {
    if (loopbackSupport !== 'never') return [open];
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

function placeholderOf({ turn: { userCode, loopbackSupport }, isProceeding }: TurnView): string {
  if (userCode !== undefined) {
    return isProceeding
      ? l10n.t('Waiting for you to allow access in your browser…')
      : l10n.t('The page in your browser shows or asks for this code');
  }
  if (loopbackSupport !== 'never') return l10n.t('Waiting for you to sign in in your browser…');
  return isProceeding
    ? l10n.t('Waiting for the address that the browser ends at…')
    : l10n.t('The browser cannot come back to where this editor runs');
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

function lastRows({ canChooseAnother }: SurfaceSubject, actions: SurfaceActions): SurfaceRow[] {
  const other: SurfaceRow = {
    key: 'chooseAnother',
    icon: 'list-unordered',
    label: l10n.t('Use a different connection…'),
    choose: actions.chooseAnother,
  };
  return [
    { label: '', kind: QuickPickItemKind.Separator },
    ...(canChooseAnother ? [other] : []),
    { key: 'cancel', icon: 'close', label: l10n.t('Cancel'), choose: actions.cancel },
  ];
}

function wayWords(way: AlternativeAction, finding: RedirectUriStatus | undefined): ListRow {
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
        description: l10n.t('browser redirect'),
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
