import { env, l10n, QuickInputButtons, QuickPickItemKind, ThemeIcon, window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import { SignInError } from '../core/errors.ts';
import type { BrowserTurn, Person, RedirectFinding, TurnChoice } from '../core/ports.ts';
import { timeLeft } from './duration.ts';

interface Choice extends QuickPickItem {
  readonly choose?: () => unknown;
}

/** After so long without an answer from the browser, the hint says what an error page there means. */
const silentMilliseconds = 20_000;

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
  #choose: ((choice: TurnChoice) => void) | undefined;
  #hint: Choice | undefined;
  #isProceeding = false;
  #ticking: NodeJS.Timeout | undefined;
  #silence: NodeJS.Timeout | undefined;

  constructor(title: string, openInBrowser: (url: string) => Promise<boolean>) {
    this.#title = title;
    this.#openInBrowser = openInBrowser;
    this.#pick.title = title;
    this.#pick.ignoreFocusOut = true;
    this.#pick.onDidAccept(() => {
      const [chosen] = this.#pick.selectedItems;
      this.#pick.value = '';
      chosen?.choose?.();
    });
    this.#pick.onDidTriggerButton(() => {
      this.#pasteCallback();
    });
    this.#contacting();
    this.#pick.show();
  }

  /** Aborts when the person chooses *Cancel*, with `SignInError('cancelled')` as its reason. */
  get signal(): AbortSignal {
    return this.#cancelled.signal;
  }

  /** Brings the surface back after Escape. VS Code forgets the items of a Quick Pick that it hides. */
  show(): void {
    this.#pick.items = [...this.#pick.items];
    this.#pick.show();
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
    this.#turn = turn;
    this.#choose = resolve;
    this.#tick();
    this.#ticking = setInterval(() => {
      this.#tick();
    }, 1000);
    void turn.finding?.then((finding) => {
      if (this.#turn === turn) this.#tellFinding(finding);
    });
    this.#isProceeding = turn.userCode === undefined;
    this.#update();
    if (this.#isProceeding) this.#proceed();
    return promise;
  }

  [Symbol.dispose](): void {
    this.#endTurn();
    this.#pick.dispose();
  }

  #contacting(): void {
    this.#pick.title = this.#title;
    this.#pick.placeholder = l10n.t('Contacting the identity provider…');
    this.#pick.busy = true;
    this.#pick.items = [this.#cancelChoice()];
  }

  #endTurn(): void {
    if (this.#turn === undefined) return;
    clearInterval(this.#ticking);
    clearTimeout(this.#silence);
    this.#turn = undefined;
    this.#choose = undefined;
    this.#hint = undefined;
    this.#contacting();
  }

  /** The time left stands in the title, where a change of it is not read aloud every second. */
  #tick(): void {
    if (this.#turn === undefined) return;
    const { userCode, expiresAt } = this.#turn;
    const left = timeLeft(expiresAt - Date.now());
    this.#pick.title =
      userCode === undefined
        ? l10n.t('{0} ({1} left)', this.#title, left)
        : l10n.t('{0}: code {1} ({2} left)', this.#title, userCode, left);
  }

  /** The browser gets the turn. That it did not open says nothing: *Copy* in VS Code's dialog looks the same. */
  #proceed(): void {
    const turn = this.#turn;
    if (turn === undefined) return;
    this.#isProceeding = true;
    this.#update();
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      this.#tellSilence(turn);
    }, silentMilliseconds);
    void this.#openInBrowser(turn.url);
  }

  #tellSilence({ redirectUri }: BrowserTurn): void {
    if (redirectUri === undefined || this.#hint !== undefined) return;
    this.#hint = {
      label: `$(info) ${l10n.t('Does the browser show an error page?')}`,
      detail: l10n.t(
        'A page with “400” means that {0} is not registered with the application: ask your administrator, or try the next port.',
        redirectUri,
      ),
    };
    this.#update();
  }

  /** Told at once, not after a wait: the page in the browser will not come back by itself. */
  #tellFinding({ redirectUri, registration, registered }: RedirectFinding): void {
    if (registration !== 'notRegistered') return;
    this.#hint = {
      label: `$(warning) ${l10n.t('{0} is not registered with this Okta application', redirectUri)}`,
      detail:
        registered === undefined
          ? l10n.t(
              'None of the other redirect URIs is known either; perhaps the client id is wrong. Your administrator can compare both.',
            )
          : l10n.t(
              'So the browser shows an error page and does not come back. {0} is registered: select to go on with it. Your administrator can add the missing one.',
              registered,
            ),
      ...(registered === undefined ? {} : { choose: () => this.#choose?.('nextPort') }),
    };
    this.#update();
    this.show(); // It may have been hidden; this is the moment in which it helps.
  }

  #update(): void {
    const turn = this.#turn;
    if (turn === undefined) return;
    const { userCode } = turn;
    this.#pick.busy = this.#isProceeding;
    this.#pick.buttons = turn.paste === undefined ? [] : [pasteButton];
    this.#pick.placeholder = this.#placeholder(turn);
    const first: Choice[] =
      userCode !== undefined && !this.#isProceeding
        ? [
            {
              label: `$(copy) ${l10n.t('Copy Code and Proceed')}`,
              description: userCode,
              detail: l10n.t('Copies the code and opens {0} in your browser.', new URL(turn.url).host),
              choose: async () => {
                await env.clipboard.writeText(userCode);
                this.#proceed();
              },
            },
          ]
        : [
            {
              label: `$(link-external) ${l10n.t('Open the page again')}`,
              description: new URL(turn.url).host,
              choose: () => this.#openInBrowser(turn.url),
            },
            ...(userCode === undefined ? [] : [copyCodeChoice(userCode)]),
          ];
    const choices: Choice[] = [
      ...(this.#hint === undefined ? [] : [this.#hint]),
      ...first,
      {
        label: `$(link) ${l10n.t('Copy link')}`,
        description: l10n.t('for another browser'),
        choose: () => copy(turn.url),
      },
      {
        label: `$(device-mobile) ${l10n.t('Show QR code')}`,
        description: userCode === undefined ? l10n.t('of the link') : l10n.t('for your phone'),
        choose: () => showQrCode(this.#title, turn.url),
      },
      ...(turn.paste === undefined
        ? []
        : [
            {
              label: `$(clippy) ${l10n.t('Paste the callback URL')}`,
              description: l10n.t('when the browser could not come back'),
              choose: () => {
                this.#pasteCallback();
              },
            },
          ]),
      ...turn.ways.map((way) => ({ ...wayWords(way), choose: () => this.#choose?.(way) })),
      { label: '', kind: QuickPickItemKind.Separator },
      this.#cancelChoice(),
    ];
    this.#pick.items = choices;
    const [active] = choices;
    if (active !== undefined) this.#pick.activeItems = [active];
  }

  #placeholder({ userCode }: BrowserTurn): string {
    if (userCode === undefined) return l10n.t('Waiting for you to sign in in your browser…');
    return this.#isProceeding
      ? l10n.t('Waiting for you to allow access in your browser…')
      : l10n.t('The page in your browser shows or asks for this code');
  }

  /** Asks for the address the browser ended at. What is wrong with it is said where it is typed. */
  #pasteCallback(): void {
    const turn = this.#turn;
    if (turn?.paste === undefined) return;
    const { paste } = turn;
    const input = window.createInputBox();
    input.title = this.#title;
    input.prompt = l10n.t(
      'The whole address that the browser ended at, also where it says that the site cannot be reached.',
    );
    input.placeholder = `${turn.redirectUri ?? 'http://localhost'}?code=…&state=…`;
    input.password = true; // It carries a code; nobody needs to read it here.
    input.ignoreFocusOut = true;
    input.buttons = [QuickInputButtons.Back];
    input.onDidChangeValue(() => {
      input.validationMessage = undefined;
    });
    input.onDidAccept(() => {
      const problem = paste(input.value);
      if (problem === undefined) input.hide();
      else {
        input.validationMessage =
          problem === 'notCallback'
            ? l10n.t(
                'This is not the address of a finished sign-in. It begins with {0}?',
                turn.redirectUri ?? '',
              )
            : l10n.t(
                'This address belongs to another sign-in. Open the page again and paste the address it ends at.',
              );
      }
    });
    input.onDidTriggerButton(() => {
      input.hide();
    });
    input.onDidHide(() => {
      input.dispose();
      if (this.#turn === turn) this.show();
    });
    input.show();
  }

  #cancelChoice(): Choice {
    return {
      label: `$(close) ${l10n.t('Cancel')}`,
      choose: () => {
        this.cancel();
      },
    };
  }
}

const pasteButton = { iconPath: new ThemeIcon('clippy'), tooltip: l10n.t('Paste the callback URL') };

function copyCodeChoice(userCode: string): Choice {
  return {
    label: `$(copy) ${l10n.t('Copy code')}`,
    description: userCode,
    choose: () => copy(userCode),
  };
}

/** The list stays as it is, so that it was copied is said elsewhere. */
async function copy(text: string): Promise<void> {
  await env.clipboard.writeText(text);
  window.setStatusBarMessage(`$(check) ${l10n.t('Copied')}`, 3000);
}

function wayWords(way: TurnChoice): QuickPickItem {
  switch (way) {
    case 'deviceCode':
      return {
        label: `$(key) ${l10n.t('Use a device code instead')}`,
        description: l10n.t('needs no way back from the browser'),
      };
    case 'authorizationCode':
      return {
        label: `$(globe) ${l10n.t('Sign in without a code instead')}`,
        description: l10n.t('the browser comes back by itself'),
      };
    case 'nextPort':
      return {
        label: `$(arrow-right) ${l10n.t('Try the next port')}`,
        description: l10n.t('when the browser shows an error page'),
      };
  }
}

async function showQrCode(title: string, url: string): Promise<void> {
  const { showQrCodePanel } = await import('./qrCodePanel.ts');
  showQrCodePanel(title, url);
}
