import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export type Settings = Readonly<Record<string, unknown>>;

/**
 * Writes user settings, preserving the user's changes in a reused profile.
 * @param defaults apply only if the profile does not have a value
 * @param change returns settings to enforce, based on the current ones; `undefined` removes a setting
 */
export function updateSettings(
  file: string,
  defaults: Settings,
  change: (current: Settings) => Settings,
): void {
  const current = { ...defaults, ...read(file) };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...current, ...change(current) }, undefined, 2)}\n`);
}

function read(file: string): Settings {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch {
    return {};
  }
  try {
    return JSON.parse(content) as Settings;
  } catch {
    // VS Code allows comments, but JSON.parse does not: back up a handwritten file instead of losing it.
    renameSync(file, `${file}.put-aside`);
    return {};
  }
}
