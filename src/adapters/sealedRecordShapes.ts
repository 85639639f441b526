import * as v from 'valibot';

const fileSchema = v.variant('removed', [
  v.object({ version: v.literal(1), generation: v.number(), removed: v.literal(true) }),
  v.object({
    version: v.literal(1),
    generation: v.number(),
    removed: v.literal(false),
    about: v.string(),
    key: v.string(),
    iv: v.string(),
    tag: v.string(),
    data: v.string(),
  }),
]);
const secretSchema = v.object({ generation: v.number(), record: v.string() });

/** What lies in a session's file: the sealed record, or that it was removed. */
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
