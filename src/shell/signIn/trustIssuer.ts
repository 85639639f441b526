import { l10n } from 'vscode';
import type { Memento } from 'vscode';
import { abortable } from '../../core/oauth/abortable.ts';
import type { TrustQuestion } from '../../core/oauth/userInteraction.ts';
import { askWarning } from '../ui/messages.ts';
import { remember } from '../remember.ts';

const key = 'trustedIssuers';

/**
 * Asks once per issuer whether it may use the callback address that all sign-ins share, and remembers a yes. A
 * no is not remembered, since nothing was opened.
 */
export async function trustsIssuer(
  memento: Memento,
  { issuer, ownRedirectUri, mayAsk, isGeneric }: TrustQuestion,
  signal: AbortSignal,
): Promise<boolean> {
  const trusted = (): readonly string[] => memento.get<readonly string[]>(key, []);
  if (trusted().includes(issuer)) return true;
  if (!mayAsk) return false;
  const { host } = new URL(issuer);
  const proceed = l10n.t('Trust and Continue');
  const detail = [
    isGeneric === true
      ? l10n.t(
          'This server doesn’t identify itself when the browser returns. A dishonest server could use that to receive a sign-in meant for another server, and the tokens that come with it.',
        )
      : l10n.t(
          'This server doesn’t identify itself when the browser returns, and it isn’t on one of Okta’s own domains. A dishonest server could use that to receive a sign-in meant for another server, such as your organization’s Okta, and the tokens that come with it.',
        ),
    l10n.t(
      'Continue only if you or your administrator run {0}. You’re asked once for this issuer: {1}',
      host,
      issuer,
    ),
    l10n.t('Administrators can avoid this question by registering {0} as a redirect URI.', ownRedirectUri),
  ].join('\n\n');
  const asking = askWarning(l10n.t('Do you trust {0}?', host), { detail }, proceed);
  if ((await abortable(asking, signal)) !== proceed) return false;
  // If the answer cannot be stored, the question is repeated.
  await remember(memento, key, [...new Set([...trusted(), issuer])]);
  return true;
}
