import type { LogOutputChannel } from 'vscode';
import { displayText } from '../../core/text/displayText.ts';
import type { Log, LogFields } from '../../core/ports.ts';
import type { LogEvent, RecentLog } from '../../features/diagnosticsData.ts';

const remembered = 20;
/** Maximum length of a line. */
const maxLineLength = 4000;

/** Length of the ID prefix that stands for a session without a known name; names end in it, too. */
const idLength = 8;

/**
 * VS Code's log channel as the core's port: one line per event, `What happened: key=value key="a value"`. The
 * channel filters by the user's log level; *Copy Diagnostics* gets the last twenty events of any level.
 * @param sessionNames names of sessions by ID
 */
export function createLog(
  channel: Pick<LogOutputChannel, LogEvent['level']>,
  sessionNames: ReadonlyMap<string, string> = new Map(),
  now = Date.now,
): RecentLog {
  const recent: LogEvent[] = [];
  const at =
    (level: LogEvent['level']): Log['info'] =>
    (message, details) => {
      const text = line(message, details, sessionNames);
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

function line(message: string, details: LogFields = {}, sessionNames: ReadonlyMap<string, string>): string {
  const pairs = Object.entries(details).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const isSession = name === 'session' && typeof value === 'string';
    const shown = isSession ? (sessionNames.get(value) ?? value.slice(0, idLength)) : value;
    return [`${name}=${quoted(Array.isArray(shown) ? shown.join(',') : String(shown))}`];
  });
  return displayText(pairs.length === 0 ? message : `${message}: ${pairs.join(' ')}`, maxLineLength);
}

/** Quotes a value that is empty or would read as several. */
function quoted(value: string): string {
  const shown = displayText(value, maxLineLength);
  return /[\s"=]|^$/.test(shown) ? JSON.stringify(shown) : shown;
}
