import * as v from 'valibot';
import { isScope, mostScopes } from '../core/oauth/scopes.ts';
import type { TerminalRequest } from './terminalProtocol.ts';

/** Longer than any name of a connection or an account. */
const longestName = 300;

const requestSchema = v.object({
  ask: v.picklist(['token', 'list', 'awsCredentials', 'gitCredential']),
  connection: v.exactOptional(v.pipe(v.string(), v.maxLength(longestName))),
  scopes: v.exactOptional(v.pipe(v.array(v.pipe(v.string(), v.check(isScope))), v.maxLength(mostScopes))),
  signIn: v.exactOptional(v.boolean()),
  accountId: v.exactOptional(v.pipe(v.string(), v.regex(/^\d{12}$/))),
  // As IAM has it for the name of a permission set.
  roleName: v.exactOptional(v.pipe(v.string(), v.regex(/^[\w+=,.@-]{1,64}$/))),
  protocol: v.exactOptional(v.pipe(v.string(), v.maxLength(20))),
  host: v.exactOptional(v.pipe(v.string(), v.maxLength(longestName))),
});

/** The request of a program of a terminal; undefined where it is not one. */
export function parseTerminalRequest(sent: unknown): TerminalRequest | undefined {
  const parsed = v.safeParse(requestSchema, sent);
  return parsed.success ? parsed.output : undefined;
}
