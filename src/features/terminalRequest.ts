import * as v from 'valibot';
import { isScope, maxScopes } from '../core/oauth/scopes.ts';
import type { TerminalRequest } from './terminalProtocol.ts';

/** Longer than any connection or account name. */
const maxNameLength = 300;

const requestSchema = v.object({
  ask: v.picklist(['token', 'list', 'awsCredentials', 'gitCredential']),
  connection: v.exactOptional(v.pipe(v.string(), v.maxLength(maxNameLength))),
  scopes: v.exactOptional(v.pipe(v.array(v.pipe(v.string(), v.check(isScope))), v.maxLength(maxScopes))),
  signIn: v.exactOptional(v.boolean()),
  accountId: v.exactOptional(v.pipe(v.string(), v.regex(/^\d{12}$/))),
  // The format of permission set names in IAM Identity Center.
  roleName: v.exactOptional(v.pipe(v.string(), v.regex(/^[\w+=,.@-]{1,64}$/))),
  protocol: v.exactOptional(v.pipe(v.string(), v.maxLength(20))),
  host: v.exactOptional(v.pipe(v.string(), v.maxLength(maxNameLength))),
});

/** Parses a terminal program's request; undefined if it is invalid. */
export function parseTerminalRequest(sent: unknown): TerminalRequest | undefined {
  const parsed = v.safeParse(requestSchema, sent);
  return parsed.success ? parsed.output : undefined;
}
