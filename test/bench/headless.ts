import { startSandbox } from '../sandbox/sandbox.ts';
import { measureCallers, measureWindows } from './atExpiry.ts';
import type { Figure } from './figure.ts';
import { measureFreshToken } from './freshToken.ts';
import { measureIdle } from './idle.ts';
import { measureSsoToken } from './ssoToken.ts';
import { stage } from './stage.ts';

/**
 * All that is measured without an editor: the real core and adapters against the sandbox, in one process with it, and the
 * program of the terminals. A rotated refresh token works once and never again.
 */
export async function measureHeadless(): Promise<Figure[]> {
  const strict = { refreshGraceSeconds: 0 };
  const sandbox = await startSandbox({ okta: strict, identityCenter: strict });
  try {
    return [
      ...(await stage('tokens without a host', () => measureFreshToken(sandbox))),
      ...(await stage('callers at Okta', () => measureCallers(sandbox, 'okta'))),
      ...(await stage('callers at Identity Center', () => measureCallers(sandbox, 'identityCenter'))),
      ...(await stage('windows', () => measureWindows(sandbox))),
      ...(await stage('idle windows', () => measureIdle(sandbox))),
      ...(await stage('sso-token', measureSsoToken)),
    ];
  } finally {
    await sandbox.close();
  }
}
