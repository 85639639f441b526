import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';

/** Signed-in users by browser; one sign-in covers all applications of the organization. */
export interface OktaSessions {
  username(req: IncomingMessage, res: ServerResponse): Promise<string | undefined>;
  signIn(req: IncomingMessage, res: ServerResponse, username: string): Promise<void>;
}

/** Lifetime in seconds, equal to that of the provider's sessions. */
const SESSION_TTL = 7200;

/** The sessions that oidc-provider stores for its own applications. */
export function oktaSessions(provider: Provider): OktaSessions {
  const sessionOf = async (req: IncomingMessage, res: ServerResponse) => {
    const ctx = provider.createContext(req, res);
    return { ctx, session: await provider.Session.get(ctx) };
  };

  return {
    async username(req, res) {
      const { session } = await sessionOf(req, res);
      return session.accountId;
    },
    async signIn(req, res, username) {
      const { ctx, session } = await sessionOf(req, res);
      session.resetIdentifier();
      session.loginAccount({ accountId: username, loginTs: Math.floor(Date.now() / 1000), amr: ['pwd'] });
      await session.save(SESSION_TTL);
      ctx.cookies.set(provider.cookieName('session'), session.jti, { httpOnly: true, sameSite: 'lax' });
    },
  };
}
