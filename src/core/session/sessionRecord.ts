import * as v from 'valibot';
import { connectionSchema } from '../connection/connectionSchema.ts';
import { defined } from '../defined.ts';
import { parseJson } from '../text/parseJson.ts';
import type { LostSession, Session } from './session.ts';
import { aboutSchema, sessionSchema } from './sessionSchema.ts';

/** The current version of records. */
export const recordVersion = 3;

const recordSchema = v.object({ version: v.literal(recordVersion), session: sessionSchema });

/** Serializes a session as its record. */
export function recordOf(session: Session): string {
  return JSON.stringify({ version: recordVersion, session });
}

/** The text beside a record, without secrets, that describes the session if the record is lost. */
export function aboutOf({ account, connection }: Session): string {
  return JSON.stringify({ accountLabel: account.label, accountName: account.name, connection });
}

/** Parses a record of the current version; undefined if it has another version or is invalid. */
export function parseRecord(text: string): Session | undefined {
  const parsed = v.safeParse(recordSchema, parseJson(text));
  return parsed.success ? parsed.output.session : undefined;
}

/** Whether a record has a newer version: after an update, a window that was not reloaded can find one. */
export function isOfNewerVersion(record: string): boolean {
  const parsed = v.safeParse(v.object({ version: v.number() }), parseJson(record));
  return parsed.success && parsed.output.version > recordVersion;
}

const damagedSchema = v.object({
  session: v.object({
    account: v.object({ label: v.string(), name: v.exactOptional(v.string()) }),
    connection: connectionSchema,
  }),
});

/** Finds in a damaged record what the text beside it would say, if that is missing; undefined if it is not there. */
export function salvageAbout(id: string, record: string): LostSession | undefined {
  const parsed = v.safeParse(damagedSchema, parseJson(record));
  if (!parsed.success) return undefined;
  const { account, connection } = parsed.output.session;
  return { id, accountLabel: account.label, ...defined({ accountName: account.name }), connection };
}

/** Parses the text beside a lost record; undefined if it is invalid. */
export function parseAbout(id: string, about: string): LostSession | undefined {
  const parsed = v.safeParse(aboutSchema, parseJson(about));
  return parsed.success ? { id, ...parsed.output } : undefined;
}
