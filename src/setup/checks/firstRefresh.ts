import { errorEffects, findSignInError } from '../../core/oauth/errors.ts';
import type { TokenSet } from '../../core/oauth/tokenSet.ts';
import type { EvidenceValue } from '../checkResult.ts';
import { fail, inconclusive, pass } from '../checkResult.ts';
import { unseenGroups } from '../testSignIn.ts';
import type { TestSignIn } from '../setupPorts.ts';
import type { Translator } from '../translator.ts';

/** The lifetime of a sign-in's access token, in seconds. */
export const accessTokenSeconds = ({ expiresAt, obtainedAt }: TokenSet) =>
  Math.round((expiresAt - obtainedAt) / 1000);

/** Verifies that a refresh works; reports the token's lifetime, and whether the refresh token rotates. */
export async function checkFirstRefresh(signIn: TestSignIn, signal: AbortSignal) {
  const { tokenSet } = signIn;
  const evidence = { accessTokenSeconds: accessTokenSeconds(tokenSet) };
  try {
    const renewed = await signIn.renew(signal);
    const rotation = renewed.refreshToken === tokenSet.refreshToken ? 'notSeen' : 'seen';
    return pass({ ...evidence, rotation });
  } catch (error) {
    const known = findSignInError(error);
    if (known === undefined || known.kind === 'cancelled') throw error;
    return unseenGroups.includes(errorEffects[known.kind].group)
      ? inconclusive('couldNotAsk', evidence, known)
      : fail('refreshFailed', { ...evidence, words: known.details.description }, known);
  }
}

/** The text for a connection that requests no refresh token. */
export const offlineNotAsked = (l10n: Translator) => ({
  found: l10n.t('The connection doesn’t request offline_access, so there’s no refresh token.'),
  next: l10n.t('Add the scope offline_access to the connection.'),
});

/** Names of the evidence of {@link checkFirstRefresh}. */
export const firstRefreshEvidence = (l10n: Translator) => ({
  accessTokenSeconds: {
    name: l10n.t('Access token lifetime'),
    value: (seconds: EvidenceValue) => l10n.t('{0} min', Math.round(Number(seconds) / 60)),
  },
  rotation: {
    name: l10n.t('Rotation'),
    value: (rotation: EvidenceValue) =>
      rotation === 'seen'
        ? l10n.t('New refresh token on refresh')
        : l10n.t('Same refresh token after refresh'),
  },
});
