import { l10n } from 'vscode';
import { defined } from '../../core/defined.ts';
import type { InteractionView, SurfaceActions, SurfaceList, SurfaceRow } from './surface.ts';

/**
 * What the browser may show in the place of a sign-in. No page of an error comes back to this machine: the person finds theirs
 * here, with what it means, and the ways to someone who can put it right.
 */
export function errorPageList(
  { interaction, subject }: InteractionView,
  actions: SurfaceActions,
): SurfaceList {
  const { redirectUri } = interaction;
  const pages = subject.browserErrors.flatMap(({ label, detail, leadsTo }, index): SurfaceRow[] => {
    if (leadsTo === 'redirectUri' && redirectUri === undefined) return [];
    const choose = {
      redirectUri: () => actions.copy(redirectUri ?? ''),
      page: actions.open,
      nothing: undefined,
    }[leadsTo ?? 'nothing'];
    const description = leadsTo === 'redirectUri' ? redirectUri : undefined;
    return [{ key: `page ${index}`, icon: 'error', label, detail, ...defined({ choose, description }) }];
  });
  const rows: readonly SurfaceRow[] = [
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
