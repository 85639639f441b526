import * as v from 'valibot';
import { parseJson } from '../core/text/parseJson.ts';

const textSchema = v.object({ version: v.literal(1), nextAt: v.number() });

/**
 * When the next reminder is due by the text that `writeSubjects` made, epoch milliseconds; undefined for never. Before that moment
 * nothing else of it has to be read, and none of what reads it to be loaded.
 */
export function nextReminderAt(text: string | undefined): number | undefined {
  const result = v.safeParse(textSchema, parseJson(text ?? ''));
  return result.success ? result.output.nextAt : undefined;
}
