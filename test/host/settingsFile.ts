import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export type Settings = Readonly<Record<string, unknown>>;

/**
 * Writes user settings, keeping what a person has changed in a profile that is used again.
 * @param defaults hold only where the profile says nothing
 * @param change makes the settings that must hold from what there is; one that is `undefined` goes away
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
    // VS Code allows comments, JSON.parse does not: what was written by hand is put aside, not lost.
    renameSync(file, `${file}.put-aside`);
    return {};
  }
}
