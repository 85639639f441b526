import { commands, env, l10n, QuickInputButtons } from 'vscode';
import { SignInError } from '../../core/oauth/errors.ts';
import type {
  AlternativeAction,
  InteractionRequest,
  RedirectUriStatus,
  UserInteraction,
} from '../../core/oauth/userInteraction.ts';
import { roughTimeLeft } from '../ui/duration.ts';
import { askCallback } from './pasteCallback.ts';
import { contactingList, expiredList, waitingList } from './signInRows.ts';
import type { SurfaceActions, SurfaceList, SurfaceOptions, SurfaceRow, SurfaceSubject } from './surface.ts';
import { surfaceOptions, testTitle } from './surfaceOptions.ts';
import { createStableRows, List } from '../ui/quickPick.ts';
import { showStatusMessage } from '../ui/messages.ts';
import type { Connection } from '../../core/connection/connection.ts';
import type { SignInRequest } from '../../core/session/acquireTokens.ts';
import type { RunOptions } from '../context.ts';

/** After so long without an answer from the browser, a row offers help. A password manager and a second factor take a minute. */
const silentMilliseconds = 90_000;

/** The request that is shown while the browser is open, and its state. */
interface ShownPrompt {
  readonly interaction: InteractionRequest;
  readonly subject: SurfaceSubject;
  readonly choose: (choice: AlternativeAction) => void;
  isProceeding: boolean;
  isSilent: boolean;
  isInTrouble: boolean;
  isAtErrorPage: boolean;
  /** As its list said it last. */
  left: string;
  finding: RedirectUriStatus | undefined;
}

/**
 * The one surface of a sign-in: a Quick Pick that stays open from the first request to the end. Escape cancels the sign-in
 * while the browser was not opened. Later it hides the surface, the sign-in goes on, and the list of accounts brings the
 * surface back. *Cancel* ends it; it closes itself.
 */
export class SignInSurface implements UserInteraction, Disposable {
  readonly #pick = new List<SurfaceRow>({ ignoreFocusOut: true });
  readonly #rows = createStableRows<SurfaceRow>(() => Date.now());
  readonly #ended = new AbortController();
  readonly #options: SurfaceOptions;
  readonly #openInBrowser: (url: string) => Promise<boolean>;
  #shown: ShownPrompt | undefined;
  /** The row to begin with. */
  #first: SurfaceRow | undefined;
  #hadCode = false;
  #isVisible = false;
  /** Whether the person has the page: it was opened, or its link was taken to another browser. */
  #isHandedOver = false;
  /** Whether the person has had a page, of this interaction or of one before. */
  #wasHandedOver = false;
  /** Whether the surface hides by itself, and not because of Escape. */
  #isMakingWay = false;
  #pasting: Disposable | undefined;
  #qrCode: Disposable | undefined;
  #another: ((isWanted: boolean) => void) | undefined;
  #ticking: NodeJS.Timeout | undefined;
  #silence: NodeJS.Timeout | undefined;
  /** Says that it continues in the background. */
  #background: Disposable | undefined;

  readonly #actions: SurfaceActions = {
    proceed: () => this.#proceed(),
    open: () => this.#open(),
    copy: async (text) => {
      await copy(text);
      this.#isHandedOver = true;
    },
    showQrCode: () => this.#showQrCode(),
    paste: () => {
      this.#pasteCallback();
    },
    take: (way) => {
      this.#wasHandedOver ||= this.#isHandedOver;
      this.#isHandedOver = false; // The page that is open belongs to an interaction that is over.
      this.#shown?.choose(way);
    },
    another: () => this.#another?.(true),
    trouble: () => {
      this.#showTrouble(true);
    },
    errorPage: () => {
      this.#showErrorPages(true);
    },
    copyDiagnostics: () => commands.executeCommand('developerSignIn.copyDiagnostics'),
    checkSetup: (connection) => {
      this.makeWay();
      return commands.executeCommand('developerSignIn.checkSetup', { connection });
    },
    editClientId: () => {
      const details = { operation: 'authorize', code: 'invalid_client', reason: 'editClientId' };
      this.#end(new SignInError('registrationRefused', details));
    },
    useOtherAccount: () => {
      this.#end(new SignInError('cancelled', { reason: 'otherAccount' }));
    },
    chooseAnother: () => {
      this.#end(new SignInError('cancelled', { reason: 'chooseAnother' }));
    },
    cancel: () => {
      this.cancel();
    },
  };

  constructor(options: SurfaceOptions, openInBrowser: (url: string) => Promise<boolean>) {
    this.#options = options;
    this.#openInBrowser = openInBrowser;
    this.#pick.onDidAccept(() => {
      const chosen = this.#pick.selected;
      this.#pick.value = '';
      if (chosen !== undefined && this.#rows.isMeant(chosen)) chosen.choose?.();
    });
    this.#pick.onDidTriggerButton(() => {
      this.#back();
    });
    this.#pick.onDidHide(() => {
      this.#isVisible = false;
      const isEscape = !this.#isMakingWay && this.#pasting === undefined && !this.signal.aborted;
      this.#isMakingWay = false;
      if (isEscape) this.#escaped();
      else this.#another?.(false);
    });
    this.#contacting();
    this.show();
  }

  /** Aborts when the person ends the sign-in, with a `SignInError` of what for: mostly `cancelled`. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /** Whether the person has left it: it is hidden, and nothing of it is on the screen in its place. */
  get isAbandoned(): boolean {
    return !this.#isVisible && this.#pasting === undefined && this.#qrCode === undefined;
  }

  /** The code that the browser has to show, while there is one. */
  get userCode(): string | undefined {
    return this.#shown?.interaction.userCode;
  }

  /** Brings the surface back from the status bar or the list of accounts: to what most people need, with the code if it has one. */
  show(): void {
    if (!this.#isVisible && this.#pasting === undefined && this.#shown?.isInTrouble === true)
      this.#showTrouble(false);
    this.#reveal();
  }

  /** Hides for another list of this product, which is not the person's giving up. */
  makeWay(): void {
    if (this.#isVisible) this.#hide();
  }

  /** Ends the sign-in. What the browser showed by then is told apart: only the person has seen it. */
  cancel(): void {
    const hasSeenPage = this.#isHandedOver || this.#wasHandedOver;
    this.#end(new SignInError('cancelled', hasSeenPage ? { reason: 'browserOpened' } : {}));
  }

  async prompt(interaction: InteractionRequest, signal: AbortSignal): Promise<AlternativeAction> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<AlternativeAction>();
    const end = (): void => {
      this.#endPrompt();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', end, { once: true });
    const { known, userCode, loopbackSupport } = interaction;
    const isByItself =
      userCode === undefined && loopbackSupport !== 'never' && known?.registration !== 'notRegistered';
    const shown: ShownPrompt = {
      interaction,
      subject: this.#options,
      choose: resolve,
      isProceeding: false,
      isSilent: false,
      isInTrouble: false,
      isAtErrorPage: false,
      left: '',
      finding: known,
    };
    this.#shown = shown;
    this.#wasHandedOver ||= this.#isHandedOver;
    this.#isHandedOver = false;
    this.#hadCode = userCode !== undefined;
    this.#tick();
    this.#ticking = setInterval(() => {
      this.#tick();
    }, 1000);
    void interaction.finding?.then((finding) => {
      if (this.#shown === shown) this.#tellFinding(shown, finding);
    });
    if (isByItself) void this.#proceed();
    else this.#update();
    return promise;
  }

  async confirmRetry(signal: AbortSignal): Promise<boolean> {
    signal.throwIfAborted();
    if (!this.#isVisible) return false;
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    const end = (): void => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', end, { once: true });
    this.#another = resolve;
    this.#wasHandedOver ||= this.#isHandedOver;
    this.#isHandedOver = false;
    this.#pick.busy = false;
    this.#list(expiredList(this.#options, this.#actions, this.#hadCode));
    try {
      return await promise;
    } finally {
      this.#another = undefined;
      signal.removeEventListener('abort', end);
      this.#contacting();
    }
  }

  [Symbol.dispose](): void {
    this.#endPrompt();
    this.#background?.[Symbol.dispose]();
    this.#isMakingWay = true;
    this.#pick.dispose();
  }

  /** Escape, or another list of the editor. */
  #escaped(): void {
    if (this.#isHandedOver)
      this.#background = showStatusMessage(l10n.t('Sign-in continues in the background'), 5000);
    else this.cancel();
  }

  /** Brings the surface back as it was left. VS Code forgets the items of a Quick Pick that it hides. */
  #reveal(): void {
    if (this.#pasting !== undefined) return; // The question for the address is on top, and brings it back.
    if (this.#isVisible) {
      void commands.executeCommand('workbench.action.focusQuickOpen');
      return;
    }
    this.#isMakingWay = false;
    this.#pick.rows = [...this.#pick.rows];
    if (this.#first !== undefined) this.#pick.active = this.#first;
    this.#background?.[Symbol.dispose]();
    this.#pick.show();
    this.#isVisible = true;
  }

  #end(why: SignInError): void {
    this.#ended.abort(why);
    this.#hide();
  }

  #hide(): void {
    this.#isMakingWay = this.#isVisible;
    this.#isVisible = false;
    this.#pick.hide();
  }

  #contacting(): void {
    this.#pick.title = this.#options.title;
    this.#pick.busy = true;
    this.#pick.buttons = [];
    this.#list(contactingList(this.#options, this.#actions));
  }

  #endPrompt(): void {
    if (this.#shown === undefined) return;
    clearInterval(this.#ticking);
    clearTimeout(this.#silence);
    this.#shown = undefined;
    const inItsPlace = this.#pasting ?? this.#qrCode;
    this.#pasting?.[Symbol.dispose]();
    this.#qrCode?.[Symbol.dispose]();
    this.#pasting = this.#qrCode = undefined;
    this.#contacting();
    if (inItsPlace !== undefined && !this.signal.aborted) this.show();
  }

  /** The time that is left changes once a minute, so that it is not read aloud every second. */
  #tick(): void {
    if (this.#shown === undefined) return;
    const left = roughTimeLeft(this.#shown.interaction.expiresAt - Date.now());
    if (left === this.#shown.left) return;
    this.#shown.left = left;
    this.#update();
  }

  #showTrouble(isInTrouble: boolean): void {
    if (this.#shown === undefined) return;
    this.#shown.isInTrouble = isInTrouble;
    this.#shown.isAtErrorPage = false;
    this.#update();
  }

  /** To the row that led here. */
  #back(): void {
    const from = this.#shown?.isAtErrorPage === true ? 'errorPage' : 'trouble';
    if (from === 'errorPage') this.#showErrorPages(false);
    else this.#showTrouble(false);
    this.#pick.active = this.#pick.rows.find(({ key }) => key === from);
  }

  #showErrorPages(isAtErrorPage: boolean): void {
    if (this.#shown === undefined) return;
    this.#shown.isAtErrorPage = isAtErrorPage;
    this.#update();
  }

  /** Copies the code to type, where there is one, and opens the browser. */
  async #proceed(): Promise<void> {
    const shown = this.#shown;
    if (shown === undefined) return;
    const { userCode } = shown.interaction;
    // Where the clipboard cannot be had, the code still stands here to be typed.
    if (userCode !== undefined)
      await Promise.resolve(env.clipboard.writeText(userCode)).catch(() => undefined);
    if (this.#shown !== shown) return;
    shown.isProceeding = true;
    shown.isInTrouble = false;
    shown.isAtErrorPage = false;
    this.#update();
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      shown.isSilent = true;
      this.#update();
    }, silentMilliseconds);
    await this.#open();
  }

  /**
   * That it did not open is not an error: *Copy* in VS Code's dialog looks as *Cancel* does, and where it cannot open,
   * *Copy Link* is there.
   */
  async #open(): Promise<void> {
    const shown = this.#shown;
    if (shown === undefined) return;
    const wasHandedOver = this.#isHandedOver;
    this.#isHandedOver = true;
    const isOpen = await this.#openInBrowser(shown.interaction.url).catch(() => false);
    if (!isOpen && this.#shown === shown) this.#isHandedOver = wasHandedOver;
  }

  /** Told at once, not after a wait: the page in the browser will not come back by itself. */
  #tellFinding(shown: ShownPrompt, finding: RedirectUriStatus): void {
    shown.finding = finding;
    this.#update();
    if (finding.registration === 'notRegistered' && !this.#isVisible) this.show(); // Now it helps.
  }

  #update(): void {
    if (this.#shown === undefined) return;
    const { interaction, isProceeding, isInTrouble } = this.#shown;
    // The code alone, so that it is read at a glance and never broken into two lines.
    const { title, isTest } = this.#options;
    const { userCode } = interaction;
    this.#pick.title = userCode === undefined ? title : isTest === true ? testTitle(userCode) : userCode;
    this.#pick.busy = isProceeding;
    this.#pick.buttons = isInTrouble ? [QuickInputButtons.Back] : [];
    this.#list(waitingList(this.#shown, this.#actions));
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
    if (shown?.interaction.takeCallback === undefined || this.#pasting !== undefined) return;
    this.#isMakingWay = this.#isVisible; // For the field, which VS Code shows in its place.
    this.#pasting = askCallback(this.#options.title, shown.interaction, (outcome) => {
      if (this.#shown !== shown) return;
      this.#pasting = undefined;
      if (outcome === 'cancelled') this.cancel();
      else this.#reveal();
    });
  }

  /** The code lies under this list, which makes way until the tab is closed; the list of accounts brings it back before. */
  async #showQrCode(): Promise<void> {
    const shown = this.#shown;
    const { showQrCodePanel } = await import('./qrCodePanel.ts');
    if (shown === undefined || this.#shown !== shown) return;
    this.#isHandedOver = true;
    this.makeWay();
    this.#qrCode?.[Symbol.dispose]();
    this.#qrCode = showQrCodePanel(this.#options.title, shown.interaction, () => {
      if (this.#shown !== shown) return;
      this.#qrCode = undefined;
      this.#reveal();
    });
  }
}

/** The list stays as it is, so that it was copied is said elsewhere. */
async function copy(text: string): Promise<void> {
  await env.clipboard.writeText(text);
  showStatusMessage(l10n.t('Copied'), 3000);
}

/** The surface of a sign-in to this connection with this request. */
export function createSurface(
  connection: Connection,
  request: SignInRequest,
  options: RunOptions,
  openInBrowser: (url: string) => Promise<boolean>,
): SignInSurface {
  return new SignInSurface(surfaceOptions(connection, request, options), openInBrowser);
}
