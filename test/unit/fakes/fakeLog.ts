import type { Log } from '../../../src/core/ports.ts';

/** A log with readable lines: level, message, details as JSON. */
interface FakeLog extends Log {
  readonly lines: readonly string[];
}

export function fakeLog(): FakeLog {
  const lines: string[] = [];
  const at =
    (level: string): Log['info'] =>
    (message, facts = {}) => {
      lines.push(`${level} ${message} ${JSON.stringify(facts)}`);
    };
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
