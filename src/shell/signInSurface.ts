import { env, l10n, QuickPickItemKind, window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import { SignInError } from '../core/errors.ts';
import type { BrowserTurn, Person } from '../core/ports.ts';
import { timeLeft } from './duration.ts';

interface Choice extends QuickPickItem {
  readonly choose?: () => unknown;
}

/**
 * The one surface of a sign-in: a Quick Pick that stays open from the first request to the end. Escape hides it
 * and the sign-in goes on (the status bar brings it back); *Cancel* ends it; it closes itself.
 */
export class SignInSurface implements Person, Disposable {
  readonly #pick = window.createQuickPick<Choice>();
  readonly #cancelled = new AbortController();
  readonly #title: string;
  readonly #openInBrowser: (url: string) => Promise<boolean>;
  #turn: BrowserTurn | undefined;
  #ticking: NodeJS.Timeout | undefined;

  constructor(title: string, openInBrowser: (url: string) => Promise<boolean>) {
    this.#title = title;
    this.#openInBrowser = openInBrowser;
    this.#pick.title = title;
    this.#pick.placeholder = l10n.t('Contacting the identity provider…');
    this.#pick.ignoreFocusOut = true;
    this.#pick.busy = true;
    this.#pick.items = [this.#cancelChoice()];
    this.#pick.onDidAccept(() => {
      const [chosen] = this.#pick.selectedItems;
      this.#pick.value = '';
      chosen?.choose?.();
    });
    this.#pick.show();
  }

  /** Aborts when the person chooses *Cancel*, with `SignInError('cancelled')` as its reason. */
  get signal(): AbortSignal {
    return this.#cancelled.signal;
  }

  /** Brings the surface back after Escape. VS Code forgets the items of a Quick Pick that it hides. */
  show(): void {
    this.#show(this.#pick.items);
    this.#pick.show();
  }

  async takeTurn(turn: BrowserTurn, signal: AbortSignal): Promise<never> {
    const { promise, reject } = Promise.withResolvers<never>();
    const end = (): void => {
      this.#endTurn();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', end, { once: true });
    this.#turn = turn;
    this.#tick();
    this.#ticking = setInterval(() => {
      this.#tick();
    }, 1000);
    if (turn.userCode === undefined) {
      this.#waitForBrowser(turn);
      void this.#openInBrowser(turn.url);
    } else {
      this.#offerCode(turn, turn.userCode);
    }
    return promise;
  }

  [Symbol.dispose](): void {
    this.#endTurn();
    this.#pick.dispose();
  }

  #endTurn(): void {
    clearInterval(this.#ticking);
    this.#turn = undefined;
  }

  /** The time left stands in the title, where a change of it is not read aloud every second. */
  #tick(): void {
    if (this.#turn === undefined) return;
    this.#pick.title = l10n.t('{0} ({1} left)', this.#title, timeLeft(this.#turn.expiresAt - Date.now()));
  }

  #offerCode(turn: BrowserTurn, userCode: string): void {
    this.#pick.placeholder = l10n.t('Your code is {0}', userCode);
    this.#pick.busy = false;
    this.#show([
      {
        label: `$(copy) ${l10n.t('Copy Code and Proceed')}`,
        description: userCode,
        detail: l10n.t('Copies the code and opens {0} in your browser.', new URL(turn.url).host),
        choose: async () => {
          await env.clipboard.writeText(userCode);
          this.#waitForBrowser(turn);
          await this.#openInBrowser(turn.url);
        },
      },
      this.#copyLinkChoice(turn),
      this.#cancelChoice(),
    ]);
  }

  #waitForBrowser(turn: BrowserTurn): void {
    const { userCode } = turn;
    this.#pick.busy = true;
    this.#pick.placeholder =
      userCode === undefined
        ? l10n.t('Waiting for you to sign in in your browser…')
        : l10n.t('Waiting for you to allow access in your browser. Your code is {0}.', userCode);
    const code: Choice[] =
      userCode === undefined
        ? []
        : [
            {
              label: `$(copy) ${l10n.t('Copy code')}`,
              description: userCode,
              choose: () => env.clipboard.writeText(userCode),
            },
          ];
    this.#show([
      {
        label: `$(link-external) ${l10n.t('Open the page again')}`,
        description: new URL(turn.url).host,
        choose: () => this.#openInBrowser(turn.url),
      },
      ...code,
      this.#copyLinkChoice(turn),
      { label: '', kind: QuickPickItemKind.Separator },
      this.#cancelChoice(),
    ]);
  }

  #show(choices: readonly Choice[]): void {
    this.#pick.items = [...choices];
    const first = choices[0];
    if (first !== undefined) this.#pick.activeItems = [first];
  }

  #copyLinkChoice(turn: BrowserTurn): Choice {
    return {
      label: `$(link) ${l10n.t('Copy link')}`,
      detail: l10n.t('To sign in with another browser on this machine.'),
      choose: () => env.clipboard.writeText(turn.url),
    };
  }

  #cancelChoice(): Choice {
    return {
      label: `$(close) ${l10n.t('Cancel')}`,
      choose: () => {
        this.#cancelled.abort(new SignInError('cancelled'));
        this.#pick.hide();
      },
    };
  }
}
