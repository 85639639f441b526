import { checksOf } from '../../../src/setup/checks/index.ts';
import type { Check, CheckId } from '../../../src/setup/checks/index.ts';
import type { TestSignIn } from '../../../src/setup/setupPorts.ts';
import { SetupRun } from '../../../src/shell/setup/setupRun.ts';
import type { SetupRunOptions } from '../../../src/shell/setup/setupRun.ts';
import { answeringHttp } from './answeringHttp.ts';
import { tokenSet } from './examples.ts';
import { setupPorts } from './setupPorts.ts';

export const signedIn: TestSignIn = {
  accountLabel: 'ana@example.com',
  tokenSet,
  validTokens: async () => tokenSet,
  renew: async () => tokenSet,
};

/** Some of the checks of Kiro with Okta. */
export function only(...ids: readonly CheckId[]): readonly Check[] {
  return checksOf.kiro.filter(({ id }) => ids.includes(id));
}

/** A run for Kiro with Okta in which a port is in use, and every server rejects the token with its own message. */
export function setupRun(more: Partial<SetupRunOptions> = {}): SetupRun {
  return new SetupRun({
    document: 'kiro',
    subject: 'https://example.okta.com/oauth2/aus1 (0oa1)',
    inputs: {
      scimEndpoint: 'https://scim.us-east-1.amazonaws.com/1/scim/v2',
      userName: 'ana@example.com',
    },
    ports: setupPorts({
      http: answeringHttp(() => Response.json({ detail: '**Not** `you`' }, { status: 401 })).http,
      loopbackPorts: async () => [{ port: 2128, address: '::1', code: 'EADDRINUSE' }],
    }),
    signIn: async () => signedIn,
    ...more,
  });
}
