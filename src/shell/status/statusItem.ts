import { l10n, MarkdownString, ThemeColor } from 'vscode';
import type { StatusBarItem } from 'vscode';
import { isEndWarningDue } from '../../core/session/endWarning.ts';
import { nextStatusChange, signInStatus } from '../../core/session/signInStatus.ts';
import type { SignInStatus } from '../../core/session/signInStatus.ts';
import type { StoredSessions } from '../../core/session/sessionStore.ts';
import type { ShellContext } from '../context.ts';
import { EndWarnings } from './endWarnings.ts';
import { inOrder, labelOf, standingOf } from './sessionWords.ts';
import { noteEnds } from './usualEnds.ts';

/** What the status bar item shows, and what falls due while it does. */
export class StatusItem implements Disposable {
  readonly #item: StatusBarItem;
  readonly #context: ShellContext;
  readonly #warnings: EndWarnings;

  constructor(item: StatusBarItem, context: ShellContext) {
    this.#item = item;
    this.#context = context;
    this.#warnings = new EndWarnings(context);
  }

  [Symbol.dispose](): void {
    this.#warnings[Symbol.dispose]();
  }

  /**
   * Shows how the stored sessions stand now.
   * @returns in how many milliseconds that changes by the clock alone; undefined for never
   */
  show(stored: StoredSessions): number | undefined {
    const { memento, sessions, signIns } = this.#context;
    const now = Date.now();
    const status = signInStatus(now, stored, (id) => sessions.lastFailure(id));
    if (signIns.underWay) this.#present(signingInWords());
    else this.#present(wordsOf(status), this.#people(status));
    void noteEnds(memento, stored.sessions);
    for (const session of stored.sessions) {
      if (isEndWarningDue(now, session)) void this.#warnings.warn(session);
    }
    const next = nextStatusChange(now, stored);
    return next === undefined ? undefined : next - now;
  }

  /** The tooltip is Markdown without links; a screen reader gets the same as sentences. */
  #present({ text, state, needsPerson = false }: Words, people: readonly Person[] = []): void {
    const tooltip = new MarkdownString('', true);
    tooltip.appendMarkdown(markdownOf(state));
    for (const { who, lines } of people)
      tooltip.appendMarkdown(`\n\n**${markdownOf(who)}**  \n${lines.map(markdownOf).join('  \n')}`);
    const spoken = people.map(({ who, lines }) => `${who}: ${lines.join(', ').replace(/\.$/, '')}.`);
    this.#item.text = text;
    this.#item.tooltip = tooltip;
    this.#item.accessibilityInformation = {
      label: [`${this.#item.name ?? ''}: ${state}`, ...spoken].join(' '),
      role: 'button',
    };
    this.#item.backgroundColor = needsPerson ? new ThemeColor('statusBarItem.warningBackground') : undefined;
    this.#item.show();
  }

  #people({ sessions, lost }: SignInStatus): Person[] {
    return [
      ...inOrder(sessions).map((session) => ({
        who: labelOf(session, sessions),
        lines: standingOf(this.#context, session),
      })),
      ...lost.map(({ accountLabel, connection }) => ({
        who: accountLabel,
        lines: [connection.name, l10n.t('The keyring of this system lost this sign-in.')],
      })),
    ];
  }
}

/** Text as Markdown that is nothing but this text: VS Code would make a link of an e-mail address, too. */
function markdownOf(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, (character) => `&#${character.charCodeAt(0)};`);
}

interface Words {
  readonly text: string;
  /** The state as a sentence. */
  readonly state: string;
  readonly needsPerson?: boolean;
}

/** Somebody in the tooltip, with where and until when. */
interface Person {
  readonly who: string;
  readonly lines: readonly string[];
}

function signingInWords(): Words {
  return {
    text: `$(loading~spin) ${l10n.t('Signing in…')}`,
    state: l10n.t('Signing in. Select to see what to do.'),
  };
}

function wordsOf({ state, sessions, needed }: SignInStatus): Words {
  const [first] = sessions;
  const who =
    first === undefined || sessions.length > 1
      ? l10n.t('{0} sign-ins', sessions.length)
      : first.account.label;
  switch (state) {
    case 'nobody':
      return {
        text: `$(account) ${l10n.t('Sign in')}`,
        state: l10n.t('Nobody is signed in. Select to sign in.'),
      };
    case 'signedIn':
    case 'several':
      return { text: `$(account) ${who}`, state: l10n.t('Signed in. Select to see what you can do.') };
    case 'needsYou':
      return {
        text: `$(warning) ${l10n.t('Sign in again')}`,
        state:
          needed.length === 1
            ? l10n.t('A sign-in has ended. Select to sign in again.')
            : l10n.t('{0} sign-ins have ended. Select to sign in again.', needed.length),
        needsPerson: true,
      };
    case 'notRefreshed':
      return {
        text: `$(sync-ignored) ${who}`,
        state: l10n.t('The token cannot be refreshed right now. VS Code keeps trying; you stay signed in.'),
      };
    case 'offline':
      return {
        text: `$(debug-disconnect) ${l10n.t('{0} (offline)', who)}`,
        state: l10n.t(
          'Offline: sign-ins cannot be renewed now. They stay, and are renewed by themselves when the network is back.',
        ),
      };
  }
}
