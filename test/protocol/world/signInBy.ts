import type { FlowName } from '../../../src/core/oauth/flows.ts';
import type { InteractionRequest } from '../../../src/core/oauth/userInteraction.ts';
import type { Session } from '../../../src/core/session/session.ts';
import type { Headless } from '../headless.ts';
import { GUIDE_SCOPES } from '../../sandbox/okta/settings.ts';
import { ana, personWho } from '../people.ts';
import type { Connection } from '../../../src/core/connection/connection.ts';
import type { Provider, Scene } from '../scene.ts';
import { whileTimeFlies } from '../testClock.ts';

interface Way {
  readonly provider: Provider | 'oidc';
  readonly flow: FlowName;
  /** Parameters in the browser's redirect that replace the provider's response. */
  readonly redirect?: Readonly<Record<string, string>>;
}

/** Signs in as Ana with a flow, without delay. */
export async function signInBy(
  { clock, sandbox }: Scene,
  product: Headless,
  { provider, flow, redirect }: Way,
  signal: AbortSignal,
): Promise<Session> {
  const { identityCenter, okta } = sandbox;
  const allow = async ({ url, userCode = '' }: InteractionRequest): Promise<void> => {
    if (redirect !== undefined) {
      const { searchParams } = new URL(url);
      const back = new URL(searchParams.get('redirect_uri') ?? '');
      back.search = String(new URLSearchParams({ state: searchParams.get('state') ?? '', ...redirect }));
      await fetch(back);
    } else if (provider !== 'identityCenter') {
      const page = userCode === '' ? url : `${okta.origin}/activate?user_code=${userCode}`;
      const { location } = await okta.authorize(page, ana);
      if (location !== undefined) await fetch(location);
    } else if (flow === 'deviceCode') {
      identityCenter.approve(userCode, ana);
    } else {
      await fetch(identityCenter.completeAuthorize(url, ana));
    }
  };
  const signingIn = product.sessions.signIn(
    connectionOf(product, provider),
    { flow },
    personWho(allow),
    signal,
  );
  return flow === 'deviceCode' ? whileTimeFlies(clock, signingIn) : signingIn;
}

function connectionOf(product: Headless, provider: Way['provider']): Connection {
  if (provider !== 'oidc') return product[provider];
  const { name, issuer, clientId } = product.okta;
  return { type: 'oidc', name, issuer, clientId, scopes: GUIDE_SCOPES };
}
