/** The leaves of a value by path; empty lists and objects count as leaves. */
export function leavesOf(value: unknown, path = ''): ReadonlyMap<string, string> {
  if (typeof value !== 'object' || value === null) return new Map([[path, String(value)]]);
  const entries = Object.entries(value);
  if (entries.length === 0) return new Map([[path, '{}']]);
  return new Map(
    entries.flatMap(([name, one]) => [...leavesOf(one, path === '' ? name : `${path}.${name}`)]),
  );
}
