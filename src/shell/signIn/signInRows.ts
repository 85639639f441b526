import { l10n, QuickPickItemKind } from 'vscode';
import type {
  AlternativeAction,
  InteractionRequest,
  RedirectUriStatus,
} from '../../core/oauth/userInteraction.ts';
import { defined } from '../../core/defined.ts';
import { errorPageList } from './errorPageRows.ts';
import { beyondRows, forAdministrator, notesOf, shortRegisteredText, noResponseHint } from './promptNotes.ts';
import { spellOut } from '../ui/spellOut.ts';
import type { ListRow } from '../ui/quickPick.ts';
import type { InteractionView, PromptActions, PromptList, PromptRow, PromptSubject } from './prompt.ts';

/**
 * The list while a server is contacted. The progress row has the place and height of the first action, so a
 * premature Enter selects nothing.
 */
export function contactingList(subject: PromptSubject, actions: PromptActions): PromptList {
  const placeholder = l10n.t('Contacting the identity provider…');
  const label = l10n.t('Connecting…');
  const detail = l10n.t('This usually takes a few seconds.');
  const progress = { key: 'progress', icon: 'sync', label, detail };
  return {
    placeholder,
    rows: [progress, ...beyondRows(subject), ...lastRows(subject, actions)],
    preferred: progress.key,
  };
}

/** The list after the code or link expired unused. */
export function expiredList(subject: PromptSubject, actions: PromptActions, hadCode: boolean): PromptList {
  const again = {
    key: 'another',
    icon: 'refresh',
    label: hadCode ? l10n.t('Get a New Code') : l10n.t('Open a New Sign-In Page'),
    choose: actions.retry,
  };
  return {
    placeholder: hadCode ? l10n.t('This code has expired') : l10n.t('Sign-in timed out'),
    rows: [again, ...lastRows(subject, actions)],
    preferred: again.key,
  };
}

/** Capacity of a QR code of level M, in bytes (ISO/IEC 18004); a server's address may be longer. */
const maxQrCodeLength = 2300;

/** The list while the browser is open: the main actions, and a row that leads to the rest. */
export function waitingList(view: InteractionView, actions: PromptActions): PromptList {
  if (view.list === 'errorPages') return errorPageList(view, actions);
  if (view.list === 'otherActions') return otherActionsList(view, actions);
  const { interaction, subject } = view;
  const notes = [...beyondRows(subject), ...notesOf(view)];
  const urgent = urgentRows(view, actions);
  const first = firstRows(view, actions);
  const link: PromptRow = {
    key: 'link',
    icon: 'link',
    label: l10n.t('Copy Link'),
    choose: () => actions.copy(interaction.url),
  };
  const hint = noResponseHint(view);
  const otherActions: PromptRow = {
    key: 'trouble',
    icon: 'question',
    label: l10n.t('Trouble signing in?'),
    ...defined({ detail: hint }),
    choose: () => actions.showList('otherActions'),
  };
  return {
    placeholder: placeholderOf(view),
    rows: [
      ...notes,
      ...urgent,
      ...first,
      link,
      ...editRows(view, actions).filter(({ key }) => !urgent.some((row) => row.key === key)),
      cancelRow(actions),
      otherActions,
    ],
    preferred: (urgent[0] ?? first[0])?.key ?? '',
  };
}

/** The other actions, which *Back* leaves. */
function otherActionsList(view: InteractionView, actions: PromptActions): PromptList {
  const others = otherRows(view, actions);
  // With a code, the hint is to reopen the page, which the previous list offers.
  const hint =
    view.interaction.userCode === undefined ? noResponseHint({ ...view, isSilent: true }) : undefined;
  return {
    placeholder: hint ?? l10n.t('Select another way to sign in'),
    rows: [...others, cancelRow(actions)],
    preferred: others[0]?.key ?? 'cancel',
  };
}

/** The rows that most users do not need. */
function otherRows(view: InteractionView, actions: PromptActions): PromptRow[] {
  const { interaction, redirectStatus, subject } = view;
  const { userCode } = interaction;
  const here = [...urgentRows(view, actions), ...firstRows(view, actions), ...editRows(view, actions)].map(
    ({ key }) => key,
  );
  const copyCode: PromptRow[] =
    userCode === undefined
      ? []
      : [{ key: 'code', icon: 'copy', label: l10n.t('Copy Code'), choose: () => actions.copy(userCode) }];
  // A phone can complete a sign-in only if no redirect to this machine is needed.
  const qrCode: PromptRow[] =
    userCode === undefined || interaction.url.length > maxQrCodeLength
      ? []
      : [
          {
            key: 'qrCode',
            icon: 'device-mobile',
            label: l10n.t('Show QR Code'),
            description: l10n.t('Sign in on your phone'),
            choose: actions.showQrCode,
          },
        ];
  const errorPage: PromptRow = {
    key: 'errorPage',
    icon: 'error',
    label: l10n.t('The Browser Shows an Error…'),
    choose: () => actions.showList('errorPages'),
  };
  const other: PromptRow = {
    key: 'otherAccount',
    icon: 'person-add',
    label: l10n.t('Use a Different Account'),
    choose: actions.useOtherAccount,
  };
  const another: PromptRow = {
    key: 'chooseAnother',
    icon: 'list-unordered',
    label: l10n.t('Use a Different Connection…'),
    choose: actions.chooseAnother,
  };
  return [
    ...copyCode,
    ...qrCode,
    ...(interaction.takeCallback === undefined ? [] : [pasteRow(actions)]),
    ...interaction.alternatives.map((alternative): PromptRow => ({
      key: alternative,
      ...alternativeTexts(alternative, interaction, redirectStatus),
      choose: () => actions.chooseAlternative(alternative),
    })),
    errorPage,
    ...(subject.canUseOtherAccount ? [other] : []),
    ...(subject.canChooseAnother ? [another] : []),
  ].filter(({ key }) => !here.includes(key));
}

/** Rows for a known solution: the registered port, or another client ID. */
function urgentRows(view: InteractionView, actions: PromptActions): PromptRow[] {
  const { interaction, redirectStatus } = view;
  if (redirectStatus?.wrongParameter === 'client_id') return editRows(view, actions);
  if (redirectStatus?.registered === undefined || !interaction.alternatives.includes('nextPort')) return [];
  return [
    {
      key: 'nextPort',
      ...alternativeTexts('nextPort', interaction, redirectStatus),
      choose: () => actions.chooseAlternative('nextPort'),
    },
  ];
}

/** Rows to correct a client ID or redirect URI that the server does not know, or to have it corrected. */
function editRows(
  { interaction, redirectStatus, subject }: InteractionView,
  actions: PromptActions,
): PromptRow[] {
  const { clientId, canEdit } = subject;
  if (redirectStatus?.registration !== 'notRegistered' || clientId === undefined) return [];
  const edit: PromptRow = {
    key: 'editClientId',
    icon: 'edit',
    label: l10n.t('Edit Client ID…'),
    description: clientId,
    choose: actions.editClientId,
  };
  const copy: PromptRow = {
    key: 'copyForAdministrator',
    icon: 'copy',
    label: l10n.t('Copy for Administrator'),
    choose: () => actions.copy(forAdministrator(interaction, redirectStatus, clientId, subject)),
  };
  return [...(canEdit && redirectStatus.registered === undefined ? [edit] : []), copy];
}

/** The first action in this state of the interaction. */
function firstRows(
  { interaction, isProceeding, subject }: InteractionView,
  actions: PromptActions,
): PromptRow[] {
  const { userCode, url, loopbackSupport } = interaction;
  const { host } = new URL(url);
  const open: PromptRow = {
    key: 'open',
    icon: 'link-external',
    label: l10n.t('Open Browser Again'),
    description: host,
    choose: actions.open,
  };
  if (userCode === undefined) {
    if (loopbackSupport !== 'never')
      return isProceeding
        ? [open]
        : [{ ...open, key: 'proceed', label: l10n.t('Open Browser'), choose: actions.proceed }];
    if (isProceeding) return [pasteRow(actions), open];
    return [
      {
        key: 'proceed',
        icon: 'link-external',
        label: l10n.t('Open Browser'),
        description: host,
        detail: l10n.t('The last page won’t load. Copy its URL and paste it here.'),
        choose: actions.proceed,
      },
    ];
  }
  if (isProceeding) return [{ ...open, detail: l10n.t('Make sure your browser shows this code') }];
  return [
    {
      key: 'proceed',
      icon: 'copy',
      label: l10n.t('Copy Code and Proceed'),
      description: subject.isScreenReaderOn ? spellOut(userCode) : userCode,
      // Repeated here, since many themes draw the placeholder faintly: the comparison keeps a foreign code out.
      detail: l10n.t('Opens {0}. It must show the same code.', host),
      choose: actions.proceed,
    },
  ];
}

/**
 * The current instruction and deadline. A code is in the title, so the placeholder describes its purpose, and
 * the first row the action.
 */
function placeholderOf(view: InteractionView): string {
  const { interaction, subject, left } = view;
  const time = l10n.t('{0} left', left);
  return (interaction.userCode === undefined ? [stepOf(view), time] : [time, subject.where]).join(' · ');
}

function stepOf({ interaction: { loopbackSupport }, isProceeding }: InteractionView): string {
  if (loopbackSupport !== 'never')
    return isProceeding
      ? l10n.t('Complete sign-in in your browser…')
      : l10n.t('Select another way to sign in');
  return isProceeding
    ? l10n.t('Paste the URL from your browser’s address bar')
    : l10n.t('Your browser can’t redirect to this editor');
}

function pasteRow({ paste }: PromptActions): PromptRow {
  return {
    key: 'paste',
    icon: 'clippy',
    label: l10n.t('Paste Callback URL…'),
    description: l10n.t('If the browser can’t redirect to VS Code'),
    choose: paste,
  };
}

function lastRows({ canChooseAnother }: PromptSubject, actions: PromptActions): PromptRow[] {
  const other: PromptRow = {
    key: 'chooseAnother',
    icon: 'list-unordered',
    label: l10n.t('Use a Different Connection…'),
    choose: actions.chooseAnother,
  };
  return [
    { label: '', kind: QuickPickItemKind.Separator },
    ...(canChooseAnother ? [other] : []),
    cancelRow(actions),
  ];
}

function cancelRow({ cancel }: PromptActions): PromptRow {
  return { key: 'cancel', icon: 'close', label: l10n.t('Cancel'), choose: cancel };
}

/** The texts of an alternative; promises nothing that the flow table rules out on this machine. */
function alternativeTexts(
  alternative: AlternativeAction,
  { loopbackSupport }: InteractionRequest,
  redirectStatus: RedirectUriStatus | undefined,
): ListRow {
  switch (alternative) {
    case 'deviceCode':
      return {
        icon: 'key',
        label: l10n.t('Use a Device Code'),
        description: l10n.t('Works without a redirect'),
      };
    case 'authorizationCode':
      return {
        icon: 'globe',
        label: l10n.t('Sign In Without a Code'),
        description:
          loopbackSupport === 'never'
            ? l10n.t('You paste the URL from your browser’s address bar')
            : l10n.t('The browser redirects to VS Code'),
      };
    case 'nextPort':
      return {
        icon: 'arrow-right',
        label: l10n.t('Try the Next Port'),
        description:
          redirectStatus?.registered === undefined
            ? l10n.t('If the browser shows an error page')
            : shortRegisteredText(redirectStatus.registered),
      };
  }
}
