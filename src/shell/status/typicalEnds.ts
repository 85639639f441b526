import * as v from 'valibot';
import type { Memento } from 'vscode';
import { connectionKey } from '../../core/connection/connection.ts';
import type { Session } from '../../core/session/session.ts';
import { endedSpansSchema, typicalSessionLength, withSpan } from '../../features/typicalSessionLength.ts';
import type { EndedSpan } from '../../features/typicalSessionLength.ts';
import { remember } from '../remember.ts';

const key = 'endedSpans';
const memorySchema = v.record(v.string(), endedSpansSchema);

/** Records the length of each ended session by connection; without secrets. */
export async function recordEndedSessions(memento: Memento, sessions: readonly Session[]): Promise<void> {
  const before = memory(memento);
  const after = { ...before };
  for (const { connection, signedInAt, ended } of sessions) {
    if (ended === undefined) continue;
    const name = connectionKey(connection);
    const known = after[name] ?? [];
    const spans = withSpan(known, { signedInAt, milliseconds: ended.at - signedInAt });
    if (spans !== known) after[name] = spans;
  }
  if (Object.keys(after).some((name) => after[name] !== before[name])) await remember(memento, key, after);
}

/** The typical length and end of a session, if the last three of its connection had the same length. */
export function typicalEnd(
  memento: Memento,
  { connection, signedInAt }: Session,
): { readonly span: number; readonly at: number } | undefined {
  const span = typicalSessionLength(memory(memento)[connectionKey(connection)] ?? []);
  return span === undefined ? undefined : { span, at: signedInAt + span };
}

function memory(memento: Memento): Readonly<Record<string, readonly EndedSpan[]>> {
  const parsed = v.safeParse(memorySchema, memento.get(key));
  return parsed.success ? parsed.output : {};
}
