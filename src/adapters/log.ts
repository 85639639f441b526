import type { LogOutputChannel } from 'vscode';
import type { Log, LogFacts } from '../core/ports.ts';

/** VS Code's log channel as the core's port: one line an event, facts as `name=value`. */
export function createLog(channel: LogOutputChannel): Log {
  return {
    debug: (message, facts) => channel.debug(line(message, facts)),
    info: (message, facts) => channel.info(line(message, facts)),
    warn: (message, facts) => channel.warn(line(message, facts)),
    error: (message, facts) => channel.error(line(message, facts)),
  };
}

function line(message: string, facts: LogFacts = {}): string {
  const pairs = Object.entries(facts).filter(([, value]) => value !== undefined);
  const text = pairs.map(
    ([name, value]) => `${name}=${Array.isArray(value) ? value.join(',') : String(value)}`,
  );
  return [message, ...text].join(' ');
}
