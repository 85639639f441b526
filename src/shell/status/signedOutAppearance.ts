import { l10n } from 'vscode';
import type { Connection } from '../../core/connection/connection.ts';
import { registrationOf } from '../providers/registration.ts';
import type { StatusBarAppearance } from '../ui/statusBarItem.ts';

/** The status bar item before the first account: names what it signs in to. */
export function signedOutAppearance(connections: readonly Connection[]): StatusBarAppearance {
  const [only, ...others] = connections;
  const names = [...new Set(connections.map(({ type }) => registrationOf(type).shortName))];
  const where = only === undefined ? 'AWS/Okta' : others.length === 0 ? only.name : names.join('/');
  const state =
    only === undefined
      ? l10n.t('Not signed in to AWS or Okta. Click to sign in.')
      : l10n.t('Not signed in to {0}. Click to sign in.', connections.map(({ name }) => name).join(', '));
  return {
    icon: 'account',
    text: l10n.t('{0}: Sign In', where),
    hover: [{ lines: [state] }],
    spoken: `${l10n.t('Developer Sign-In')}: ${state}`,
    isWarning: false,
  };
}
