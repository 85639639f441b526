import * as v from 'valibot';
import { parseJson } from '../../core/text/parseJson.ts';

const generation = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const sealed = { key: v.string(), iv: v.string(), tag: v.string(), data: v.string() };
const fileSchema = v.union([
  v.object({ version: v.literal(1), generation, removed: v.literal(true), ...sealed }),
  v.object({ version: v.literal(1), generation, removed: v.literal(true) }),
  v.object({ version: v.literal(1), generation, removed: v.literal(false), about: v.string(), ...sealed }),
]);
const secretSchema = v.object({ generation: v.fallback(generation, 0), record: v.string() });

/**
 * What lies in a session's file: the sealed record, or that it was removed. A removal without a seal is of release 0.1.0,
 * or of a window without a key.
 */
export type RecordFile = v.InferOutput<typeof fileSchema>;
/** What lies in a session's secret. */
export type RecordSecret = v.InferOutput<typeof secretSchema>;

/** A record of before generations were counted is generation 0. */
export function parseSecret(text: string): RecordSecret {
  const parsed = v.safeParse(secretSchema, parseJson(text));
  return parsed.success ? parsed.output : { generation: 0, record: text };
}

/** Undefined when it holds nothing that could be a record. */
export function parseFile(text: string): RecordFile | undefined {
  const parsed = v.safeParse(fileSchema, parseJson(text));
  return parsed.success ? parsed.output : undefined;
}
