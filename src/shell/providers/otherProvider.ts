import { l10n } from 'vscode';
import type { Connection } from '../../core/connection/connection.ts';
import { providerOfUrl } from '../../input/providerOfUrl.ts';
import { registrationOf } from './registration.ts';

/** The message for a URL that belongs to another type of connection; undefined for any other text. */
export function otherProvider(type: Connection['type'], text: string): string | undefined {
  const other = providerOfUrl(text);
  // Okta is an OpenID Connect provider too.
  if (other === undefined || other === type || (type === 'oidc' && other === 'okta')) return undefined;
  return l10n.t(
    'This URL is for {0}. Sign in with {0}, or enter a URL for {1}.',
    registrationOf(other).label,
    registrationOf(type).label,
  );
}
