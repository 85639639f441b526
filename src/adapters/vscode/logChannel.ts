import { window } from 'vscode';
import type { LogOutputChannel } from 'vscode';
import type { LogEvent } from '../../features/diagnosticsData.ts';

/** The part of a log channel that is used here. */
type LogChannel = Pick<LogOutputChannel, 'dispose' | LogEvent['level']> & { readonly show: () => void };

/**
 * The log channel in the Output view. Created after activation or with the first line, since it has a file of
 * its own.
 */
export function openLogChannel(name: string): LogChannel {
  let opened: LogOutputChannel | undefined;
  const channel = (): LogOutputChannel => (opened ??= window.createOutputChannel(name, { log: true }));
  const first = setImmediate(channel);
  return {
    debug: (text) => channel().debug(text),
    info: (text) => channel().info(text),
    warn: (text) => channel().warn(text),
    error: (text) => channel().error(text),
    show: () => {
      channel().show(false);
    },
    dispose: () => {
      clearImmediate(first);
      opened?.dispose();
    },
  };
}
