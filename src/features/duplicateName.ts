/** The first name that an object of this JSON holds twice, of which `JSON.parse` keeps the last; the text must be valid. */
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

/** A string with a colon behind it. */
function isName(json: string, end: number): boolean {
  let index = end;
  while (' \t\r\n'.includes(json.charAt(index)) && index < json.length) index++;
  return json.charAt(index) === ':';
}
