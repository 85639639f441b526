import type { LogOutputChannel } from 'vscode';
import { displayText } from '../../core/text/displayText.ts';
import type { Log, LogEvent, LogFields, RecentLog } from '../../core/ports.ts';

const remembered = 20;
/** Of a line, whatever a server says. */
const longestLine = 4000;

/**
 * VS Code's log channel as the core's port: one line an event, facts as `name=value`. The channel shows the levels that
 * the person has set; the last twenty events are remembered whatever their level, for *Copy diagnostics*.
 */
export function createLog(channel: Pick<LogOutputChannel, LogEvent['level']>, now = Date.now): RecentLog {
  const recent: LogEvent[] = [];
  const at =
    (level: LogEvent['level']): Log['info'] =>
    (message, facts) => {
      const text = line(message, facts);
      channel[level](text);
      const last = recent.at(-1);
      const isRepeated = last?.text === text;
      if (isRepeated) recent.pop();
      recent.push({ at: now(), level, text, times: isRepeated ? last.times + 1 : 1 });
      if (recent.length > remembered) recent.shift();
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    recent: () => [...recent],
  };
}

function line(message: string, facts: LogFields = {}): string {
  const pairs = Object.entries(facts).filter(([, value]) => value !== undefined);
  const text = pairs.map(
    ([name, value]) => `${name}=${Array.isArray(value) ? value.join(',') : String(value)}`,
  );
  return displayText([message, ...text].join(' '), longestLine);
}
