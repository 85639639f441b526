import { pseudoScope } from './connection.ts';
import type { Connection } from './connection.ts';
import { parseStartUrl } from '../identityCenter/startUrl.ts';
import { parseIssuer } from '../oidc/issuer.ts';

/** Whether a pseudo-scope chooses this connection, in whatever form it has the address. */
export function isChosenBy(connection: Connection, scope: string): boolean {
  const own = pseudoScope(connection);
  if (scope === own) return true;
  const [, type, address = ''] = /^(issuer|startUrl):(.*)$/s.exec(scope) ?? [];
  try {
    return connection.type === 'okta'
      ? type === 'issuer' && parseIssuer(address) === connection.issuer
      : type === 'startUrl' && parseStartUrl(address).url === connection.startUrl;
  } catch {
    return false; // Not an address: it chooses no connection.
  }
}
