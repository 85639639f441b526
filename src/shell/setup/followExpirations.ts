import { Disposable, window } from 'vscode';
import type { Clock } from '../../core/ports.ts';
import { nextReminderAt } from '../../setup/nextReminder.ts';
import type { ReminderContext } from './expirationReminders.ts';

const day = 24 * 3600 * 1000;

/**
 * Shows reminders of expirations in the focused window: at its start, and when it gets the focus, once a day or
 * when a reminder is due. Runs no timer; the code of the reminders is loaded when one is due.
 */
export function followExpirations(context: ReminderContext, clock: Clock): Disposable {
  let lookedAt: number | undefined;
  let nextAt: number | undefined;
  const life = new AbortController();
  const check = async (): Promise<void> => {
    const now = clock.now();
    const isFresh = lookedAt !== undefined && now >= lookedAt && now < lookedAt + day;
    if (isFresh && (nextAt === undefined || now < nextAt)) return;
    lookedAt = now;
    nextAt = undefined; // After a failure, try again the next day, not at each focus.
    const stored = await context.expirations();
    const next = nextReminderAt(await stored.read());
    if (next !== undefined && now >= next) {
      const { remind } = await import('./setupChecks.ts');
      await remind(context, now, life.signal);
      nextAt = nextReminderAt(await stored.read());
    } else nextAt = next;
  };
  const checkQuietly = (): void =>
    void check().catch((error: unknown) => {
      if (!life.signal.aborted)
        context.log.warn('The reminders of the setup could not be read', { error: String(error) });
    });
  const focus = window.onDidChangeWindowState(({ focused }) => {
    if (focused) checkQuietly();
  });
  if (window.state.focused) checkQuietly();
  return Disposable.from(focus, { dispose: () => life.abort() });
}
