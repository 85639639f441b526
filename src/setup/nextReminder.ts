import * as v from 'valibot';
import { parseJson } from '../core/text/parseJson.ts';

const textSchema = v.object({ version: v.literal(1), nextAt: v.number() });

/**
 * The time of the next reminder in a text from `writeSubjects`, epoch milliseconds; undefined for never. Until
 * then, the code that reads the rest need not be loaded.
 */
export function nextReminderAt(text: string | undefined): number | undefined {
  const result = v.safeParse(textSchema, parseJson(text ?? ''));
  return result.success ? result.output.nextAt : undefined;
}
