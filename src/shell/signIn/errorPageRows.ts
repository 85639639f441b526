import { l10n } from 'vscode';
import { defined } from '../../core/defined.ts';
import type { BrowserError } from '../providers/provider.ts';
import { forAdministrator } from './promptNotes.ts';
import type { InteractionView, PromptActions, PromptList, PromptRow } from './prompt.ts';

/**
 * The error pages that the browser may show. None returns to this machine, so the user selects theirs here,
 * with its meaning and a way to reach someone who can fix it.
 */
export function errorPageList(view: InteractionView, actions: PromptActions): PromptList {
  const { subject } = view;
  const pages = subject.browserErrors.flatMap((page, index): PromptRow[] => {
    const { label, detail } = page;
    const action = actionFor(page, view, actions);
    return action === undefined
      ? []
      : [{ key: `page ${index}`, icon: 'error', label, ...defined({ detail }), ...action }];
  });
  const rows: readonly PromptRow[] = [
    ...pages,
    {
      key: 'diagnostics',
      icon: 'output',
      label: l10n.t('Copy Diagnostics'),
      description: l10n.t('For your administrator or a bug report'),
      choose: actions.copyDiagnostics,
    },
    ...(subject.checkedName === undefined
      ? []
      : [
          {
            key: 'check',
            icon: 'checklist',
            label: l10n.t('Check SSO Setup'),
            description: l10n.t('For administrators'),
            choose: () => actions.checkSetup(subject.checkedName ?? ''),
          },
        ]),
  ];
  return {
    placeholder: l10n.t('What does the browser show?'),
    rows,
    preferred: rows[0]?.key ?? '',
  };
}

/** The action and texts for a page; undefined if it does not apply. */
function actionFor(
  page: BrowserError,
  view: InteractionView,
  actions: PromptActions,
): Pick<PromptRow, 'description' | 'detail' | 'choose'> | undefined {
  const { interaction, subject } = view;
  const { redirectUri } = interaction;
  const { clientId, canEdit } = subject;
  const copy = (text: () => string) => ({
    description: l10n.t('Copy for Administrator'),
    choose: () => actions.copy(text()),
  });
  switch (page.leadsTo) {
    case 'redirectUri':
      if (redirectUri === undefined || clientId === undefined) return undefined;
      return {
        ...copy(() =>
          forAdministrator(interaction, { redirectUri, registration: 'notRegistered' }, clientId, subject),
        ),
        detail: l10n.t('Not registered: {0}', redirectUri),
      };
    case 'clientId':
      return canEdit
        ? { description: l10n.t('Edit Client ID…'), choose: actions.editClientId }
        : copy(() => seenText(page, view));
    case 'administrator':
      return copy(() => seenText(page, view));
    case 'page':
      return { choose: actions.open };
  }
}

/** The text for an administrator about a page, line by line. */
function seenText({ label }: BrowserError, { interaction, subject }: InteractionView): string {
  const { url, redirectUri } = interaction;
  const { clientId } = subject;
  return [
    label,
    // Without the device code and other parameters.
    l10n.t('Sign-in page: {0}', url.replace(/[?#].*/s, '')),
    ...(clientId === undefined ? [] : [l10n.t('Client ID: {0}', clientId)]),
    ...(redirectUri === undefined ? [] : [l10n.t('Redirect URI: {0}', redirectUri)]),
  ].join('\n');
}
