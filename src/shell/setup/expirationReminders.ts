import { commands, env, l10n } from 'vscode';
import type { Connection } from '../../core/connection/connection.ts';
import { checksOf } from '../../setup/checks/index.ts';
import {
  expirationsAfterRun,
  expirationsIn,
  withRemindersOff,
  readSubjects,
  takeReminders,
  withRegistrations,
  withSubject,
  writeSubjects,
} from '../../setup/expirations.ts';
import type { Expiring, Reminder } from '../../setup/expirations.ts';
import type { ShellContext } from '../context.ts';
import { providerOf } from '../providers/index.ts';
import { showInformation, showWarning } from '../ui/messages.ts';
import { ownerName } from './checkTexts.ts';
import type { SetupRun } from './setupRun.ts';
import { subjectKeyOf } from './setupSubject.ts';
import { joinSentences } from '../../output/joinSentences.ts';

/** The dependencies of the reminders. */
export type ReminderContext = Pick<
  ShellContext,
  'expirations' | 'connections' | 'sessions' | 'openInBrowser' | 'log'
>;

/**
 * Stores the expirations that a run observed, for reminders: dates and names, without secrets. Includes the
 * client registration of a session even if the run had no test sign-in.
 * @throws the signal's reason, or the system's error if the file of reminders cannot be written
 */
export async function watchExpirations(
  context: ReminderContext,
  run: SetupRun,
  signal: AbortSignal,
): Promise<void> {
  const now = run.finishedAt;
  if (now === undefined) return;
  const seen = expirationsIn(
    run.checks,
    ({ id }) => run.resultOf(id),
    (check) => run.consoleUrlOf(check),
  );
  const registrationEnd = (await registrationExpirations(context))(run.key);
  const ends =
    registrationEnd === undefined || seen.ends.some(({ what }) => what === 'registration')
      ? seen.ends
      : [
          ...seen.ends,
          { what: 'registration' as const, endsAt: registrationEnd, seenBy: 'identityCenter.signIn' },
        ];
  const stored = await context.expirations();
  // Create no file if nothing was observed and nothing is known.
  if (ends.length === 0 && (await stored.read()) === undefined) return;
  const connection = (await context.connections()).find((one) => subjectKeyOf(one) === run.key);
  await stored.change((text) => {
    const subjects = readSubjects(text);
    const before = subjects.find(({ key }) => key === run.key)?.expirations ?? [];
    return writeSubjects(
      withSubject(subjects, {
        key: run.key,
        name: connection?.name ?? run.subject,
        isConnection: connection !== undefined,
        expirations: [...expirationsAfterRun(before, { ...seen, ends }, now)],
      }),
    );
  }, signal);
}

/**
 * Shows due reminders, each once across all windows: the window that records it shows it. Drops setups whose
 * connection was removed. Resolves once they are visible.
 */
export async function remind(context: ReminderContext, now: number, signal: AbortSignal): Promise<void> {
  const connections = await context.connections();
  const registrationEnd = await registrationExpirations(context);
  const connectionOf = (key: string): Connection | undefined =>
    connections.find((one) => subjectKeyOf(one) === key);
  const stored = await context.expirations();
  let due: readonly Reminder[] = [];
  await stored.change((text) => {
    const there = readSubjects(text).filter(
      ({ key, isConnection }) => !isConnection || connectionOf(key) !== undefined,
    );
    const taken = takeReminders(withRegistrations(there, registrationEnd, now), now);
    ({ due } = taken);
    return writeSubjects(taken.after);
  }, signal);
  for (const reminder of due)
    void showReminder(context, reminder, connectionOf(reminder.subject.key), signal).catch(
      (error: unknown) => {
        context.log.warn('A reminder of the setup failed', { error: String(error) });
      },
    );
}

/** The earliest expiration of a client registration among the current sessions, by a subject's key. */
async function registrationExpirations(
  context: ReminderContext,
): Promise<(key: string) => number | undefined> {
  const { sessions } = await context.sessions.list();
  return (key) => {
    const ends = sessions
      .filter(({ ended, connection }) => ended === undefined && subjectKeyOf(connection) === key)
      .flatMap((session) => providerOf(session).registrationEnd(session) ?? []);
    return ends.length === 0 ? undefined : Math.min(...ends);
  };
}

async function showReminder(
  context: ReminderContext,
  reminder: Reminder,
  connection: Connection | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { page, what } = reminder.expiration;
  const openConsole = l10n.t('Open Console');
  const checkSetup = l10n.t('Check SSO Setup');
  const mute = l10n.t('Don’t Remind Me Again');
  const isUrgent = reminder.stage >= 3;
  const hasPage = page !== undefined && what !== 'registration';
  const chosen = await (isUrgent ? showWarning : showInformation)(
    reminderText(reminder, connection?.name ?? reminder.subject.name),
    ...(hasPage ? [openConsole] : []),
    checkSetup,
    mute,
  );
  if (chosen === openConsole && page !== undefined) await context.openInBrowser(page);
  if (chosen === checkSetup)
    await commands.executeCommand(
      'developerSignIn.checkSetup',
      ...(connection === undefined ? [] : [{ connection: connection.name }]),
    );
  if (chosen === mute) {
    const stored = await context.expirations();
    await stored.change((text) => writeSubjects(withRemindersOff(readSubjects(text), reminder)), signal);
  }
}

/** The message of a reminder: what expires, where, when, and who renews it. */
function reminderText({ expiration, stage }: Reminder, name: string): string {
  const { what, endsAt, seenBy } = expiration;
  const date = new Date(endsAt).toLocaleDateString(env.language, { dateStyle: 'medium' });
  const names: Readonly<Record<Expiring, string>> = {
    signingCertificate: l10n.t('Signing certificate'),
    scimToken: l10n.t('SCIM access token'),
    metadata: l10n.t('SAML metadata'),
    registration: l10n.t('Client registration'),
  };
  const text =
    stage === 4
      ? l10n.t('{0} for {1} expired on {2}.', names[what], name, date)
      : l10n.t('{0} for {1} expires on {2}.', names[what], name, date);
  if (what === 'registration') return joinSentences(text, l10n.t('Sign in again.'));
  const owner = Object.values(checksOf)
    .flat()
    .find(({ id }) => id === seenBy)?.owner;
  return owner === undefined
    ? text
    : joinSentences(text, l10n.t('Ask your {0} to renew it.', ownerName(owner)));
}
