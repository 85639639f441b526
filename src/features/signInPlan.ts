import { isPseudoScope, scopesOf } from '../core/connection/connection.ts';
import type { Connection, FieldValue } from '../core/connection/connection.ts';
import type { SignInPlan, SignInRequest } from '../core/session/acquireTokens.ts';
import { textOfValue } from '../input/fieldValues.ts';

/** The scopes of a request beyond its connection's own. */
export function scopesBeyond(connection: Connection, request: SignInRequest): readonly string[] {
  const own = scopesOf(connection);
  const asked = [...new Set(request.scopes ?? [])];
  return asked.filter((scope) => !isPseudoScope(scope) && !own.includes(scope));
}

/** Whether a plan asks for more than another one. */
export function goesBeyond(plan: SignInPlan, other: SignInPlan): boolean {
  return (
    plan.scopes.some((scope) => !other.scopes.includes(scope)) ||
    plan.flow !== other.flow ||
    plan.redirectPorts.some((port) => !other.redirectPorts.includes(port)) ||
    plan.redirectUri !== other.redirectUri ||
    Object.entries(plan.sent).some(([name, value]) => !isSame(value, other.sent[name])) ||
    (plan.asksAgain && !other.asksAgain)
  );
}

function isSame(value: FieldValue, other: FieldValue | undefined): boolean {
  return other !== undefined && textOfValue(value) === textOfValue(other);
}
