import { profileIn, splitHeader } from '../../features/awsConfigHeader.ts';
import type { AwsConfigProblem } from '../../features/ssoSession.ts';

/**
 * Parses `~/.aws/config` as the AWS CLI does: botocore's `configloader.py`, which uses Python's `configparser`
 * (`RawConfigParser`, strict) for lines and `shlex` (POSIX) for section names. Where those reject the whole
 * file, this reads the rest and reports the reason.
 */

/** Looks up a value by its key in lower case; a nested block begins with a line end. */
export type ConfigValues = (key: string) => string | undefined;

/** The content of a configuration file, with the problems that the AWS CLI would have with it. */
export interface AwsConfigText {
  /** `[sso-session]` sections by name. */
  readonly ssoSessions: ReadonlyMap<string, ConfigValues>;
  /** `[profile …]` sections by name, including `[default]`. */
  readonly profiles: ReadonlyMap<string, ConfigValues>;
  readonly problems: readonly AwsConfigProblem[];
}

/** Parsing stops after this many problems: the file is not a configuration. */
const maxProblems = 100;

/** Parses a configuration file in linear time. Never throws. */
export function parseAwsConfig(text: string): AwsConfigText {
  const { sections, defaults, problems } = readLines(text);
  const ssoSessions = new Map<string, ConfigValues>();
  const profiles = new Map<string, ConfigValues>();
  for (const [header, { line, options }] of sections) {
    const isCounted = header.startsWith('sso-session');
    const words = isCounted ? splitHeader(header) : [];
    const profile = profileIn(header);
    const ssoSession = words?.length === 2 ? words[1] : undefined;
    const valueOf: ConfigValues = (key) => (options.get(key) ?? defaults.get(key))?.value;
    if (profile !== undefined) profiles.set(profile, valueOf);
    else if (ssoSession !== undefined) ssoSessions.set(ssoSession, valueOf);
    else if (/^\s{0,100}["']?sso[-_ ]?session/i.test(header)) {
      const reason = !isCounted ? 'sectionSpelling' : words === undefined ? 'sectionQuote' : 'sectionName';
      problems.push({ line, reason, section: header });
    }
  }
  return { ssoSessions, profiles, problems: problems.slice(0, maxProblems) };
}

interface Option {
  readonly line: number;
  /** Without trailing blank lines. */
  value: string;
  /** Blank lines after the value; part of it if it continues. */
  blankLines: number;
}

interface Section {
  readonly line: number;
  readonly options: Map<string, Option>;
}

interface Lines {
  readonly sections: ReadonlyMap<string, Section>;
  /** The options of `[DEFAULT]`, which every section inherits. */
  readonly defaults: Section['options'];
  readonly problems: AwsConfigProblem[];
}

function readLines(text: string): Lines {
  const sections = new Map<string, Section>();
  const problems: AwsConfigProblem[] = [];
  let section: Section | undefined;
  let option: Option | undefined;
  let indent = 0;
  let line = 0;
  for (let end = -1; end < text.length && problems.length < maxProblems;) {
    const begin = end + 1;
    end = lineEndFrom(text, begin);
    line += 1;
    const [from, to] = trimmed(text, begin, end);
    if (text[end] === '\r' && text[end + 1] === '\n') end += 1;
    if (from === to) {
      if (option !== undefined) option.blankLines += 1;
      continue;
    }
    const first = text[from];
    if (first === '#' || first === ';') continue;
    const value = text.slice(from, to);
    if (option !== undefined && from - begin > indent) {
      option.value += '\n'.repeat(option.blankLines + 1) + value;
      option.blankLines = 0;
      continue;
    }
    indent = from - begin;
    const close = first === '[' ? value.lastIndexOf(']') : -1;
    if (close > 1) {
      const header = value.slice(1, close);
      const known = sections.get(header);
      if (known !== undefined && header !== 'DEFAULT') problems.push({ line, reason: 'duplicateSection' });
      section = known ?? { line, options: new Map() };
      sections.set(header, section);
      option = undefined;
      continue;
    }
    if (section === undefined) {
      problems.push({ line, reason: 'noSection' });
      continue;
    }
    const delimiter = value.search(/[=:]/);
    if (delimiter < 0) {
      problems.push({ line, reason: 'noDelimiter' });
      continue;
    }
    const key = strip(value.slice(0, delimiter)).toLowerCase();
    if (key === '') {
      problems.push({ line, reason: 'emptyKey' });
      option = undefined;
      continue;
    }
    if (section.options.has(key)) problems.push({ line, reason: 'duplicateKey' });
    option = { line, value: strip(value.slice(delimiter + 1)), blankLines: 0 };
    section.options.set(key, option);
  }
  const defaults = sections.get('DEFAULT')?.options ?? new Map<string, Option>();
  sections.delete('DEFAULT');
  problems.push(...nestedProblems(sections, defaults));
  return { sections, defaults, problems };
}

/** Problems of values that begin on the next line: blocks of `key = value`, such as `s3 =`. */
function nestedProblems(
  sections: ReadonlyMap<string, Section>,
  defaults: Section['options'],
): AwsConfigProblem[] {
  const problems: AwsConfigProblem[] = [];
  const checkOptions = (options: Section['options'], isUsed: (key: string) => boolean): void => {
    for (const [key, { line, value }] of options) {
      if (problems.length >= maxProblems) return;
      if (!isValidNesting(value) && isUsed(key)) problems.push({ line, reason: 'nestedValue' });
    }
  };
  for (const { options } of sections.values()) checkOptions(options, () => true);
  // Check a default only where a section does not override it.
  const all = [...sections.values()];
  checkOptions(defaults, (key) => all.some(({ options }) => !options.has(key)));
  return problems;
}

function isValidNesting(value: string): boolean {
  if (!value.startsWith('\n')) return true;
  return value.split(lineEnds).every((line) => strip(line) === '' || line.includes('='));
}

/** The end of the line that begins at `from`, or of the text. */
function lineEndFrom(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x0a || code === 0x0d) return at;
  }
  return text.length;
}

/** Python's `str.splitlines`. */
const lineEnds = /[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]/;
/** Python's `str.isspace`: includes the ASCII separators, but not the byte order mark. */
function isSpace(code: number): boolean {
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code >= 0x1c && code <= 0x1f);
  return code === 0x85 || (code !== 0xfeff && /\s/.test(String.fromCharCode(code)));
}

/** The bounds of a part of a text without surrounding white space. */
function trimmed(text: string, begin: number, end: number): readonly [from: number, to: number] {
  let [from, to] = [begin, end];
  while (from < to && isSpace(text.charCodeAt(from))) from += 1;
  while (to > from && isSpace(text.charCodeAt(to - 1))) to -= 1;
  return [from, to];
}

/** Python's `str.strip`. */
function strip(text: string): string {
  return text.slice(...trimmed(text, 0, text.length));
}
