import type { QuickInputButton, QuickPickItem } from 'vscode';
import { EventEmitter, QuickPickItemKind } from './vscode.ts';

/** A message with its buttons. `severity` is that of VS Code's function. */
export interface ShownMessage {
  readonly severity: 'information' | 'warning' | 'error';
  readonly message: string;
  readonly isModal: boolean;
  readonly detail: string;
  readonly buttons: readonly string[];
  /** Presses a button, or closes the message. */
  answer(button: string | undefined): void;
  /** Presses the only button whose label matches. */
  press(label: RegExp): void;
}

/** A progress notification, shown while its task runs. */
export interface ShownProgress {
  readonly title: string;
  /** Progress in percent. */
  readonly percent: number;
  /** Whether its task has ended, so that it is hidden. */
  readonly isGone: boolean;
  /** Presses *Cancel*. */
  cancel(): void;
}

/** A Quick Pick or input box as in VS Code: Escape, or another one on top, hides it and fires the event. */
class FakeQuickInput {
  title: string | undefined;
  placeholder: string | undefined;
  value = '';
  step: number | undefined;
  totalSteps: number | undefined;
  busy = false;
  ignoreFocusOut = false;
  buttons: readonly QuickInputButton[] = [];
  isVisible = false;
  readonly #screen: FakeScreen;
  readonly #hid = new EventEmitter<void>();
  readonly #accepted = new EventEmitter<void>();
  readonly #changed = new EventEmitter<string>();
  readonly #pressed = new EventEmitter<QuickInputButton>();
  readonly onDidHide = this.#hid.event;
  readonly onDidAccept = this.#accepted.event;
  readonly onDidChangeValue = this.#changed.event;
  readonly onDidTriggerButton = this.#pressed.event;

  constructor(screen: FakeScreen) {
    this.#screen = screen;
  }

  show(): void {
    const before = this.#screen.input;
    this.isVisible = true;
    this.#screen.input = this;
    if (before !== this) before?.goAway();
  }

  hide(): void {
    if (this.isVisible) this.goAway();
  }

  dispose(): void {
    this.goAway();
  }

  /** Presses Escape. */
  escape(): void {
    this.hide();
  }

  type(text: string): void {
    this.value = text;
    this.#changed.fire(text);
  }

  enter(): void {
    this.#accepted.fire();
  }

  press(tooltip: string): void {
    const button = this.buttons.find((one) => one.tooltip === tooltip) ?? this.buttons[0];
    if (button !== undefined) this.#pressed.fire(button);
  }

  goAway(): void {
    this.isVisible = false;
    if (this.#screen.input === this) this.#screen.input = undefined;
    this.#hid.fire();
  }
}

class FakeInputBox extends FakeQuickInput {
  prompt: string | undefined;
  password = false;
  validationMessage: string | undefined;

  submit(text: string): void {
    this.type(text);
    this.enter();
  }
}

class FakeQuickPick extends FakeQuickInput {
  items: readonly QuickPickItem[] = [];
  activeItems: readonly QuickPickItem[] = [];
  selectedItems: readonly QuickPickItem[] = [];
  keepScrollPosition = false;
  matchOnDescription = false;
  matchOnDetail = false;
  readonly #active = new EventEmitter<readonly QuickPickItem[]>();
  readonly #item = new EventEmitter<{ item: QuickPickItem; button: QuickInputButton }>();
  readonly onDidChangeActive = this.#active.event;
  readonly onDidTriggerItemButton = this.#item.event;

  /** The visible rows, without separators. */
  get labels(): readonly string[] {
    return this.items.map(({ label }) => label).filter((label) => label !== '');
  }

  get headings(): readonly string[] {
    const isHeading = ({ kind }: QuickPickItem) => Number(kind) === QuickPickItemKind.Separator;
    return this.items.filter(isHeading).map(({ label }) => label);
  }

  /** The only row with this label, or whose label matches. */
  row(label: string | RegExp): QuickPickItem {
    const isIt = (text: string) => (typeof label === 'string' ? text === label : label.test(text));
    const wanted = theOne(this.labels, isIt);
    const found = this.items.find((one) => one.label === wanted);
    if (found === undefined) throw new Error(`No row ${wanted}`);
    return found;
  }

  choose(label: string | RegExp): void {
    this.selectedItems = [this.row(label)];
    this.enter();
  }

  pressOn(label: string, tooltip: string): void {
    const item = this.row(label);
    const button = item.buttons?.find((one) => one.tooltip === tooltip);
    if (button === undefined) throw new Error(`No button ${tooltip} on ${label}`);
    this.#item.fire({ item, button });
  }
}

/** Fails if several match, so that a test never uses the wrong one. */
function theOne(texts: readonly string[], isIt: (text: string) => boolean): string {
  const [found, ...others] = new Set(texts.filter(isIt));
  if (found === undefined || others.length > 0)
    throw new Error(
      `Not one that fits, but ${others.length === 0 ? 'none' : 'several'}: ${texts.join(', ')}`,
    );
  return found;
}

type ProgressWork<T> = (
  progress: { report(step: { readonly increment?: number }): void },
  token: { readonly onCancellationRequested: EventEmitter<void>['event'] },
) => Promise<T>;

/** An untitled text document. */
interface OpenedText {
  readonly language: string;
  readonly content: string;
}

/** The content of VS Code's UI, for tests to read and respond to. */
class FakeScreen {
  /** The list or input box on top. */
  input: FakeQuickInput | undefined;
  /** Messages waiting for a response, newest last. */
  readonly messages: ShownMessage[] = [];
  /** All messages ever shown. */
  readonly allMessages: ShownMessage[] = [];
  readonly statusMessages: { readonly text: string; readonly milliseconds: number }[] = [];
  /** Current status bar messages, regardless of their timeouts. */
  readonly statusBar = new Set<string>();
  readonly executed: (readonly unknown[])[] = [];
  /** The editor’s own commands that the code looks for. */
  editorCommands: readonly string[] = ['workbench.action.openWalkthrough'];
  /** Opened documents, newest last: the text of an untitled one, or a file's path. */
  readonly documents: (string | OpenedText)[] = [];
  /** All progress notifications ever shown. */
  readonly progress: ShownProgress[] = [];
  /** Whether the window has focus. */
  readonly state = { focused: true };
  clipboard = '';
  /** VS Code's settings by name within their section. */
  settings: Readonly<Record<string, unknown>> = {};

  /** The list on top. */
  get pick(): FakeQuickPick {
    if (this.input instanceof FakeQuickPick) return this.input;
    throw new Error('No list is on the screen');
  }

  /** The input box on top. */
  get field(): FakeInputBox {
    if (this.input instanceof FakeInputBox) return this.input;
    throw new Error('No field is on the screen');
  }

  /** The newest message waiting for a response. */
  get message(): ShownMessage {
    const newest = this.messages.at(-1);
    if (newest === undefined) throw new Error('No message is on the screen');
    return newest;
  }

  /** VS Code's `window`, `commands` and `env` for this screen. */
  get api() {
    return {
      window: {
        state: this.state,
        withProgress: this.#withProgress.bind(this),
        createQuickPick: () => new FakeQuickPick(this),
        createInputBox: () => new FakeInputBox(this),
        showQuickPick: (items: readonly QuickPickItem[], options: { title?: string; placeHolder?: string }) =>
          this.#showQuickPick(items, options),
        showInformationMessage: this.#shower('information'),
        showWarningMessage: this.#shower('warning'),
        showErrorMessage: this.#shower('error'),
        setStatusBarMessage: (text: string, milliseconds: number) => {
          this.statusMessages.push({ text, milliseconds });
          this.statusBar.add(text);
          return { dispose: () => void this.statusBar.delete(text) };
        },
        showTextDocument: async (shown: OpenedText | { readonly path: string }) => {
          this.documents.push('path' in shown ? shown.path : shown);
        },
      },
      workspace: {
        openTextDocument: async (text: OpenedText) => text,
        getConfiguration: () => ({ get: (name: string): unknown => this.settings[name] }),
      },
      commands: {
        executeCommand: async (...command: readonly unknown[]) => void this.executed.push(command),
        getCommands: async () => this.editorCommands,
      },
      env: {
        language: 'en',
        uriScheme: 'vscode',
        clipboard: { writeText: async (text: string) => void (this.clipboard = text) },
      },
    };
  }

  /** Clears the screen. */
  clear(): void {
    this.input = undefined;
    this.clipboard = '';
    this.editorCommands = ['workbench.action.openWalkthrough'];
    this.settings = {};
    this.state.focused = true;
    const { messages, allMessages, statusMessages, executed, documents, progress } = this;
    for (const list of [messages, allMessages, statusMessages, executed, documents, progress])
      list.length = 0;
    this.statusBar.clear();
  }

  #showQuickPick(
    items: readonly QuickPickItem[],
    { title, placeHolder }: { title?: string; placeHolder?: string },
  ): Promise<QuickPickItem | undefined> {
    const pick = new FakeQuickPick(this);
    const { promise, resolve } = Promise.withResolvers<QuickPickItem | undefined>();
    pick.title = title;
    pick.placeholder = placeHolder;
    pick.items = items;
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]);
      pick.hide();
    });
    pick.onDidHide(() => resolve(undefined));
    pick.show();
    return promise;
  }

  async #withProgress<T>({ title }: { readonly title: string }, work: ProgressWork<T>): Promise<T> {
    const cancelled = new EventEmitter<void>();
    const shown = { title, percent: 0, isGone: false, cancel: () => cancelled.fire() };
    this.progress.push(shown);
    const report = ({ increment = 0 }: { readonly increment?: number }) => {
      shown.percent += increment;
    };
    try {
      return await work({ report }, { onCancellationRequested: cancelled.event });
    } finally {
      shown.isGone = true;
    }
  }

  #shower(severity: ShownMessage['severity']) {
    return (message: string, ...rest: readonly unknown[]): Promise<string | undefined> => {
      const [options] = rest.filter((one) => typeof one === 'object') as {
        modal?: boolean;
        detail?: string;
      }[];
      const { promise, resolve } = Promise.withResolvers<string | undefined>();
      const shown: ShownMessage = {
        severity,
        message,
        isModal: options?.modal === true,
        detail: options?.detail ?? '',
        buttons: rest.filter((one) => typeof one === 'string'),
        answer: (button) => {
          this.messages.splice(this.messages.indexOf(shown), 1);
          resolve(button);
        },
        press: (label) => shown.answer(theOne(shown.buttons, (button) => label.test(button))),
      };
      this.messages.push(shown);
      this.allMessages.push(shown);
      return promise;
    };
  }
}

/** The one screen of a test file. */
export const screen = new FakeScreen();
