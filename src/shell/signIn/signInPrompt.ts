import { commands, env, l10n, QuickInputButtons } from 'vscode';
import { SignInError } from '../../core/oauth/errors.ts';
import type {
  AlternativeAction,
  InteractionRequest,
  RedirectUriStatus,
  UserInteraction,
} from '../../core/oauth/userInteraction.ts';
import { approximateTimeLeft } from '../ui/duration.ts';
import { askCallback } from './pasteCallback.ts';
import { contactingList, expiredList, waitingList } from './signInRows.ts';
import type {
  PromptActions,
  PromptList,
  PromptListName,
  PromptOptions,
  PromptRow,
  PromptSubject,
} from './prompt.ts';
import { promptOptions, testTitle } from './promptOptions.ts';
import { createStableRows, List } from '../ui/quickPick.ts';
import { showStatusMessage } from '../ui/messages.ts';
import type { Connection } from '../../core/connection/connection.ts';
import type { SignInRequest } from '../../core/session/acquireTokens.ts';
import type { RunOptions } from '../context.ts';

/**
 * Time without a response from the browser after which a row offers help, in milliseconds. A password manager
 * and a second factor take a minute.
 */
const silentMilliseconds = 90_000;

/** The displayed request while the browser is open, and its state. */
interface ShownPrompt {
  readonly interaction: InteractionRequest;
  readonly subject: PromptSubject;
  readonly choose: (choice: AlternativeAction) => void;
  isProceeding: boolean;
  isSilent: boolean;
  list: PromptListName;
  /** The remaining time, as last displayed. */
  left: string;
  redirectStatus: RedirectUriStatus | undefined;
}

/**
 * The prompt of a sign-in: a Quick Pick that stays open from the first request to the end, and then closes
 * itself. Before the browser opens, Escape cancels the sign-in; afterwards, it hides the prompt, which the list
 * of accounts shows again, and the sign-in continues. *Cancel* ends it.
 */
export class SignInPrompt implements UserInteraction, Disposable {
  readonly #pick = new List<PromptRow>({ ignoreFocusOut: true });
  readonly #rows = createStableRows<PromptRow>(() => Date.now());
  readonly #ended = new AbortController();
  readonly #options: PromptOptions;
  readonly #openInBrowser: (url: string) => Promise<boolean>;
  #shown: ShownPrompt | undefined;
  /** The first row. */
  #first: PromptRow | undefined;
  #hadCode = false;
  #isVisible = false;
  /** Whether the user has the page: it was opened, or its link was copied. */
  #hasPage = false;
  /** Whether the user has had a page, in this interaction or an earlier one. */
  #hadPage = false;
  /** Whether the prompt is hiding by itself, not because of Escape. */
  #isHiding = false;
  #pasting: Disposable | undefined;
  #qrCode: Disposable | undefined;
  #answerRetry: ((isWanted: boolean) => void) | undefined;
  #ticking: NodeJS.Timeout | undefined;
  #silence: NodeJS.Timeout | undefined;
  /** The note that the sign-in continues in the background. */
  #background: Disposable | undefined;

  readonly #actions: PromptActions = {
    proceed: () => this.#proceed(),
    open: () => this.#open(),
    copy: async (text) => {
      await copy(text);
      this.#hasPage = true;
    },
    showQrCode: () => this.#showQrCode(),
    paste: () => {
      this.#pasteCallback();
    },
    chooseAlternative: (alternative) => {
      this.#hadPage ||= this.#hasPage;
      this.#hasPage = false; // The open page belongs to an interaction that is over.
      this.#shown?.choose(alternative);
    },
    retry: () => this.#answerRetry?.(true),
    showList: (list) => {
      this.#switchTo(list);
    },
    copyDiagnostics: () => commands.executeCommand('developerSignIn.copyDiagnostics'),
    checkSetup: (connection) => {
      this.hideForOtherList();
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

  constructor(options: PromptOptions, openInBrowser: (url: string) => Promise<boolean>) {
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
      const isEscape = !this.#isHiding && this.#pasting === undefined && !this.signal.aborted;
      this.#isHiding = false;
      if (isEscape) this.#onEscape();
      else this.#answerRetry?.(false);
    });
    this.#showContacting();
    this.show();
  }

  /** Aborts when the user ends the sign-in, with a `SignInError`, usually `cancelled`. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /** Whether the user has left the sign-in: it is hidden, and no other part of it is visible. */
  get isAbandoned(): boolean {
    return !this.#isVisible && this.#pasting === undefined && this.#qrCode === undefined;
  }

  /** The current code that the browser must show, if any. */
  get userCode(): string | undefined {
    return this.#shown?.interaction.userCode;
  }

  /** Shows the prompt from the status bar or the list of accounts, with its main rows and any code. */
  show(): void {
    if (!this.#isVisible && this.#pasting === undefined && this.#shown?.list !== 'main')
      this.#switchTo('main');
    this.#reveal();
  }

  /** Hides the prompt for another list of this extension, without canceling. */
  hideForOtherList(): void {
    if (this.#isVisible) this.#hide();
  }

  /**
   * Ends the sign-in, which frees the port immediately, so that the page in the browser can no longer redirect. The
   * error tells whether the user has seen a page, which only they can describe.
   */
  cancel(): void {
    const hasSeenPage = this.#hasPage || this.#hadPage;
    if (hasSeenPage)
      showStatusMessage(l10n.t('Sign-in canceled. You can close the page in your browser.'), 5000);
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
    const { knownRedirectStatus, userCode, loopbackSupport } = interaction;
    const opensByItself =
      userCode === undefined &&
      loopbackSupport !== 'never' &&
      knownRedirectStatus?.registration !== 'notRegistered';
    const shown: ShownPrompt = {
      interaction,
      subject: this.#options,
      choose: resolve,
      isProceeding: false,
      isSilent: false,
      list: 'main',
      left: '',
      redirectStatus: knownRedirectStatus,
    };
    this.#shown = shown;
    this.#hadPage ||= this.#hasPage;
    this.#hasPage = false;
    this.#hadCode = userCode !== undefined;
    this.#tick();
    this.#ticking = setInterval(() => {
      this.#tick();
    }, 1000);
    void interaction.redirectStatus?.then((redirectStatus) => {
      if (this.#shown === shown) this.#showProbeResult(shown, redirectStatus);
    });
    if (opensByItself) void this.#proceed();
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
    this.#answerRetry = resolve;
    this.#hadPage ||= this.#hasPage;
    this.#hasPage = false;
    this.#pick.busy = false;
    this.#showList(expiredList(this.#options, this.#actions, this.#hadCode));
    try {
      return await promise;
    } finally {
      this.#answerRetry = undefined;
      signal.removeEventListener('abort', end);
      this.#showContacting();
    }
  }

  [Symbol.dispose](): void {
    this.#endPrompt();
    this.#background?.[Symbol.dispose]();
    this.#isHiding = true;
    this.#pick.dispose();
  }

  /** Handles Escape, or another list of the editor. */
  #onEscape(): void {
    if (this.#hasPage)
      this.#background = showStatusMessage(l10n.t('Sign-in continues in the background'), 5000);
    else this.cancel();
  }

  /** Shows the prompt as it was. VS Code drops the items of a hidden Quick Pick. */
  #reveal(): void {
    if (this.#pasting !== undefined) return; // The question for the address is on top, and returns here.
    if (this.#isVisible) {
      void commands.executeCommand('workbench.action.focusQuickOpen');
      return;
    }
    this.#isHiding = false;
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
    this.#isHiding = this.#isVisible;
    this.#isVisible = false;
    this.#pick.hide();
  }

  #showContacting(): void {
    this.#pick.title = this.#options.title;
    this.#pick.busy = true;
    this.#pick.buttons = [];
    this.#showList(contactingList(this.#options, this.#actions));
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
    this.#showContacting();
    if (inItsPlace !== undefined && !this.signal.aborted) this.show();
  }

  /** Updates the remaining time, once a minute, so that screen readers do not announce every second. */
  #tick(): void {
    if (this.#shown === undefined) return;
    const left = approximateTimeLeft(this.#shown.interaction.expiresAt - Date.now());
    if (left === this.#shown.left) return;
    this.#shown.left = left;
    this.#update();
  }

  #switchTo(list: PromptListName): void {
    if (this.#shown === undefined) return;
    this.#shown.list = list;
    this.#update();
  }

  /** Returns to the row that led here. */
  #back(): void {
    const isErrorPages = this.#shown?.list === 'errorPages';
    this.#switchTo(isErrorPages ? 'otherActions' : 'main');
    const from = isErrorPages ? 'errorPage' : 'trouble';
    this.#pick.active = this.#pick.rows.find(({ key }) => key === from);
  }

  /** Copies the code, if there is one, and opens the browser. */
  async #proceed(): Promise<void> {
    const shown = this.#shown;
    if (shown === undefined) return;
    const { userCode } = shown.interaction;
    // If the clipboard fails, the user can still type the displayed code.
    if (userCode !== undefined)
      await Promise.resolve(env.clipboard.writeText(userCode)).catch(() => undefined);
    if (this.#shown !== shown) return;
    shown.isProceeding = true;
    shown.list = 'main';
    this.#update();
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      shown.isSilent = true;
      this.#update();
    }, silentMilliseconds);
    await this.#open();
  }

  /**
   * Opens the page. A failure is not an error: VS Code reports *Copy* in its dialog like *Cancel*, and *Copy
   * Link* remains.
   */
  async #open(): Promise<void> {
    const shown = this.#shown;
    if (shown === undefined) return;
    const hadPage = this.#hasPage;
    this.#hasPage = true;
    const isOpen = await this.#openInBrowser(shown.interaction.url).catch(() => false);
    if (!isOpen && this.#shown === shown) this.#hasPage = hadPage;
  }

  /** Shows the status of the redirect URI immediately, since an error page in the browser does not redirect. */
  #showProbeResult(shown: ShownPrompt, redirectStatus: RedirectUriStatus): void {
    shown.redirectStatus = redirectStatus;
    this.#update();
    if (redirectStatus.registration === 'notRegistered' && !this.#isVisible) this.show(); // The prompt is needed now.
  }

  #update(): void {
    if (this.#shown === undefined) return;
    const { interaction, isProceeding, list } = this.#shown;
    // The code alone, for quick reading and without a line break.
    const { title, isTest } = this.#options;
    const { userCode } = interaction;
    this.#pick.title = userCode === undefined ? title : isTest === true ? testTitle(userCode) : userCode;
    this.#pick.busy = isProceeding;
    this.#pick.buttons = list === 'main' ? [] : [QuickInputButtons.Back];
    this.#showList(waitingList(this.#shown, this.#actions));
  }

  #showList({ placeholder, rows, preferred }: PromptList): void {
    const active = this.#rows.replace(rows, this.#pick.active, preferred);
    this.#pick.placeholder = placeholder;
    this.#pick.rows = rows;
    if (active !== undefined) this.#pick.active = active;
    this.#first = rows.find(({ key }) => key === preferred);
  }

  #pasteCallback(): void {
    const shown = this.#shown;
    if (shown?.interaction.takeCallback === undefined || this.#pasting !== undefined) return;
    this.#isHiding = this.#isVisible; // Hide for the input box, which VS Code shows in its place.
    this.#pasting = askCallback(this.#options.title, shown.interaction, (outcome) => {
      if (this.#shown !== shown) return;
      this.#pasting = undefined;
      if (outcome === 'cancelled') this.cancel();
      else this.#reveal();
    });
  }

  /**
   * Shows the QR code. This list would cover it and hides until the tab is closed; the list of accounts shows
   * it earlier.
   */
  async #showQrCode(): Promise<void> {
    const shown = this.#shown;
    const { showQrCodePanel } = await import('./qrCodePanel.ts');
    if (shown === undefined || this.#shown !== shown) return;
    this.#hasPage = true;
    this.hideForOtherList();
    this.#qrCode?.[Symbol.dispose]();
    this.#qrCode = showQrCodePanel(this.#options.title, shown.interaction, () => {
      if (this.#shown !== shown) return;
      this.#qrCode = undefined;
      this.#reveal();
    });
  }
}

/** Copies a text, and confirms it in the status bar, since the list stays open. */
async function copy(text: string): Promise<void> {
  await env.clipboard.writeText(text);
  showStatusMessage(l10n.t('Copied'), 3000);
}

/** Creates the prompt of a sign-in. */
export function createSignInPrompt(
  connection: Connection,
  request: SignInRequest,
  options: RunOptions,
  openInBrowser: (url: string) => Promise<boolean>,
): SignInPrompt {
  return new SignInPrompt(promptOptions(connection, request, options), openInBrowser);
}
