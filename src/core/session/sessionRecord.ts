import * as v from 'valibot';
import { parseJson } from '../text/parseJson.ts';
import type { LostSession, Session } from './session.ts';
import { aboutSchema, sessionSchema } from './sessionSchema.ts';

/** The version of the records that are written. */
export const recordVersion = 3;

const recordSchema = v.object({ version: v.literal(recordVersion), session: sessionSchema });

/** A session as text: its record. */
export function recordOf(session: Session): string {
  return JSON.stringify({ version: recordVersion, session });
}

/** The text beside a record, without a secret, that tells of the session when the record is lost. */
export function aboutOf({ account, connection }: Session): string {
  return JSON.stringify({ accountLabel: account.label, accountName: account.name, connection });
}

/** The session in a record of this version; undefined for any other, or where it cannot be read. */
export function parseRecord(text: string): Session | undefined {
  const parsed = v.safeParse(recordSchema, parseJson(text));
  return parsed.success ? parsed.output.session : undefined;
}

/** After an update, a window that was not reloaded meets records of the version to come. */
export function isOfNewerVersion(record: string): boolean {
  const parsed = v.safeParse(v.object({ version: v.number() }), parseJson(record));
  return parsed.success && parsed.output.version > recordVersion;
}

/** A session whose record is lost, from the text beside it. */
export function parseAbout(id: string, about: string): LostSession | undefined {
  const parsed = v.safeParse(aboutSchema, parseJson(about));
  return parsed.success ? { id, ...parsed.output } : undefined;
}
