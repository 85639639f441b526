/**
 * The first duplicate member name in an object of valid JSON; `JSON.parse` keeps only the last. Undefined
 * without one.
 */
export function duplicateName(json: string): string | undefined {
  const objects: (Set<string> | undefined)[] = [];
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]]/g;
  for (let found = tokens.exec(json); found !== null; found = tokens.exec(json)) {
    const [token] = found;
    if (token === '{') objects.push(new Set());
    else if (token === '[') objects.push(undefined);
    else if (token === '}' || token === ']') objects.pop();
    else {
      const names = objects.at(-1);
      if (names === undefined || !isName(json, tokens.lastIndex)) continue;
      const name = JSON.parse(token) as string;
      if (names.has(name)) return name;
      names.add(name);
    }
  }
  return undefined;
}

/** Whether a colon follows a string. */
function isName(json: string, end: number): boolean {
  let index = end;
  while (' \t\r\n'.includes(json.charAt(index)) && index < json.length) index++;
  return json.charAt(index) === ':';
}
