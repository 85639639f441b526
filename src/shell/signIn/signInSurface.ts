import { commands, env, l10n, ThemeIcon } from 'vscode';
import { SignInError } from '../../core/errors.ts';
import type { BrowserTurn, Person, RedirectFinding, TurnChoice } from '../../core/ports.ts';
import { timeLeft } from '../duration.ts';
import { askCallback } from './pasteCallback.ts';
import { contactingList, expiredList, turnList } from './signInRows.ts';
import type { SurfaceActions, SurfaceList, SurfaceRow } from './signInRows.ts';
import { createSteadyRows } from './steadyRows.ts';
import { showStatusMessage } from '../ui/messages.ts';
import { List } from '../ui/quickPick.ts';

/** After so long without an answer from the browser, a note says what an error page there means. */
const silentMilliseconds = 20_000;

/** The turn that the browser has, with what has become of it. */
interface ShownTurn {
  readonly turn: BrowserTurn;
  readonly choose: (choice: TurnChoice) => void;
  isProceeding: boolean;
  isSilent: boolean;
  finding: RedirectFinding | undefined;
}

/**
 * The one surface of a sign-in: a Quick Pick that stays open from the first request to the end. Escape hides it
 * and the sign-in goes on (the status bar brings it back); *Cancel* ends it; it closes itself.
 */
export class SignInSurface implements Person, Disposable {
  readonly #pick = new List<SurfaceRow>({ ignoreFocusOut: true });
  readonly #rows = createSteadyRows<SurfaceRow>(() => Date.now());
  readonly #cancelled = new AbortController();
  readonly #title: string;
  readonly #openInBrowser: (url: string) => Promise<boolean>;
  #shown: ShownTurn | undefined;
  /** The row to begin with. */
  #first: SurfaceRow | undefined;
  #hadCode = false;
  #isVisible = false;
  #pasting: Disposable | undefined;
  #qrCode: Disposable | undefined;
  #another: ((isWanted: boolean) => void) | undefined;
  #ticking: NodeJS.Timeout | undefined;
  #silence: NodeJS.Timeout | undefined;

  readonly #actions: SurfaceActions = {
    proceed: () => this.#proceed(),
    open: () => this.#open(),
    copy,
    showQrCode: () => this.#showQrCode(),
    paste: () => {
      this.#pasteCallback();
    },
    take: (way) => this.#shown?.choose(way),
    another: () => this.#another?.(true),
    cancel: () => {
      this.cancel();
    },
  };

  constructor(title: string, openInBrowser: (url: string) => Promise<boolean>) {
    this.#title = title;
    this.#openInBrowser = openInBrowser;
    this.#pick.title = title;
    this.#pick.onDidAccept(() => {
      const chosen = this.#pick.selected;
      this.#pick.value = '';
      if (chosen !== undefined && this.#rows.isMeant(chosen)) chosen.choose?.();
    });
    this.#pick.onDidTriggerButton(() => {
      this.#pasteCallback();
    });
    this.#pick.onDidHide(() => {
      this.#isVisible = false;
      this.#another?.(false);
    });
    this.#contacting();
    this.show();
  }

  /** Aborts when the person chooses *Cancel*, with `SignInError('cancelled')` as its reason. */
  get signal(): AbortSignal {
    return this.#cancelled.signal;
  }

  /** Whether it is on the screen. */
  get isVisible(): boolean {
    return this.#isVisible;
  }

  /** Brings the surface back after Escape. VS Code forgets the items of a Quick Pick that it hides. */
  show(): void {
    if (this.#pasting !== undefined) return; // The question for the address is on top, and brings it back.
    if (this.#isVisible) {
      void commands.executeCommand('workbench.action.focusQuickOpen');
      return;
    }
    this.#pick.rows = [...this.#pick.rows];
    if (this.#first !== undefined) this.#pick.active = this.#first;
    this.#pick.show();
    this.#isVisible = true;
  }

  /** Ends the sign-in from outside: another one for the same connection took its place. */
  cancel(): void {
    this.#cancelled.abort(new SignInError('cancelled'));
    this.#pick.hide();
  }

  async takeTurn(turn: BrowserTurn, signal: AbortSignal): Promise<TurnChoice> {
    const { promise, resolve, reject } = Promise.withResolvers<TurnChoice>();
    const end = (): void => {
      this.#endTurn();
      reject(signal.reason as Error);
    };
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    const isByItself = turn.userCode === undefined && turn.comesBack !== 'never';
    const shown: ShownTurn = {
      turn,
      choose: resolve,
      isProceeding: false,
      isSilent: false,
      finding: undefined,
    };
    this.#shown = shown;
    this.#hadCode = turn.userCode !== undefined;
    this.#tick();
    this.#ticking = setInterval(() => {
      this.#tick();
    }, 1000);
    void turn.finding?.then((finding) => {
      if (this.#shown === shown) this.#tellFinding(shown, finding);
    });
    if (isByItself) void this.#proceed();
    else this.#update();
    return promise;
  }

  async wantsAnother(signal: AbortSignal): Promise<boolean> {
    signal.throwIfAborted();
    if (!this.#isVisible) return false;
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    const end = (): void => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', end, { once: true });
    this.#another = resolve;
    this.#pick.busy = false;
    this.#list(expiredList(this.#actions, this.#hadCode));
    try {
      return await promise;
    } finally {
      this.#another = undefined;
      signal.removeEventListener('abort', end);
      this.#contacting();
    }
  }

  [Symbol.dispose](): void {
    this.#endTurn();
    this.#pick.dispose();
  }

  #contacting(): void {
    this.#pick.title = this.#title;
    this.#pick.busy = true;
    this.#pick.buttons = [];
    this.#list(contactingList(this.#actions));
  }

  #endTurn(): void {
    if (this.#shown === undefined) return;
    clearInterval(this.#ticking);
    clearTimeout(this.#silence);
    this.#shown = undefined;
    this.#pasting?.[Symbol.dispose]();
    this.#qrCode?.[Symbol.dispose]();
    this.#contacting();
  }

  /** The time left stands in the title, where a change of it is not read aloud every second. */
  #tick(): void {
    if (this.#shown === undefined) return;
    const { userCode, expiresAt } = this.#shown.turn;
    const left = timeLeft(expiresAt - Date.now());
    this.#pick.title =
      userCode === undefined
        ? l10n.t('{0} ({1} left)', this.#title, left)
        : l10n.t('{0}: code {1} ({2} left)', this.#title, userCode, left);
  }

  /** The browser gets the turn, with the code to type where there is one. */
  async #proceed(): Promise<void> {
    const shown = this.#shown;
    if (shown === undefined) return;
    const { userCode } = shown.turn;
    // Where the clipboard cannot be had, the code still stands here to be typed.
    if (userCode !== undefined)
      await Promise.resolve(env.clipboard.writeText(userCode)).catch(() => undefined);
    if (this.#shown !== shown) return;
    shown.isProceeding = true;
    this.#update();
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      shown.isSilent = true;
      this.#update();
    }, silentMilliseconds);
    await this.#open();
  }

  /** That it did not open says nothing: *Copy* in VS Code's dialog looks the same. Where it cannot, *Copy link* is there. */
  async #open(): Promise<void> {
    const url = this.#shown?.turn.url;
    if (url !== undefined) await this.#openInBrowser(url).catch(() => undefined);
  }

  /** Told at once, not after a wait: the page in the browser will not come back by itself. */
  #tellFinding(shown: ShownTurn, finding: RedirectFinding): void {
    shown.finding = finding;
    this.#update();
    if (finding.registration === 'notRegistered' && !this.#isVisible) this.show(); // Now it helps.
  }

  #update(): void {
    if (this.#shown === undefined) return;
    const { turn, isProceeding } = this.#shown;
    this.#pick.busy = isProceeding;
    this.#pick.buttons = turn.paste === undefined ? [] : [pasteButton];
    this.#list(turnList(this.#shown, this.#actions));
  }

  #list({ placeholder, rows, preferred }: SurfaceList): void {
    const active = this.#rows.replace(rows, this.#pick.active, preferred);
    this.#pick.placeholder = placeholder;
    this.#pick.rows = rows;
    if (active !== undefined) this.#pick.active = active;
    this.#first = rows.find(({ key }) => key === preferred);
  }

  #pasteCallback(): void {
    const shown = this.#shown;
    if (shown?.turn.paste === undefined || this.#pasting !== undefined) return;
    this.#pasting = askCallback(this.#title, shown.turn, shown.turn.paste, () => {
      this.#pasting = undefined;
      if (this.#shown === shown) this.show();
    });
  }

  /** The code lies under this list, which makes way until the tab is closed; the status bar brings it back before. */
  async #showQrCode(): Promise<void> {
    const shown = this.#shown;
    const { showQrCodePanel } = await import('./qrCodePanel.ts');
    if (shown === undefined || this.#shown !== shown) return;
    this.#pick.hide();
    this.#qrCode?.[Symbol.dispose]();
    this.#qrCode = showQrCodePanel(this.#title, shown.turn, () => {
      if (this.#shown === shown) this.show();
    });
  }
}

const pasteButton = { iconPath: new ThemeIcon('clippy'), tooltip: l10n.t('Paste the callback URL') };

/** The list stays as it is, so that it was copied is said elsewhere. */
async function copy(text: string): Promise<void> {
  await env.clipboard.writeText(text);
  showStatusMessage(l10n.t('Copied'), 3000, 'check');
}
