import type { AuthenticationProvider } from 'vscode';

/** The parts of VS Code's API that localization and authentication providers need. */

/** English, without a bundle. */
export const l10n = {
  t: (message: string, ...values: readonly (string | number | boolean)[]): string =>
    message.replaceAll(/\{(\d+)\}/g, (whole, index: string) => String(values[Number(index)] ?? whole)),
};

/** A window in English. */
export const UIKind = { Desktop: 1, Web: 2 } as const;

/** A window in English, on desktop by default. */
export const env: { language: string; uiKind: number; remoteName: string | undefined } = {
  language: 'en',
  uiKind: UIKind.Desktop,
  remoteName: undefined,
};

export const QuickPickItemKind = { Separator: -1, Default: 0 } as const;

export const ProgressLocation = { Notification: 15 } as const;

export const QuickInputButtons = { Back: { tooltip: 'Back' } } as const;

export class ThemeIcon {
  readonly id: string;

  constructor(id: string) {
    this.id = id;
  }
}

export class ThemeColor extends ThemeIcon {}

export class Disposable {
  readonly dispose: () => void;

  constructor(dispose: () => void) {
    this.dispose = dispose;
  }

  static from(...all: readonly { dispose(): unknown }[]): Disposable {
    return new Disposable(() => all.forEach((one) => one.dispose()));
  }
}

export class EventEmitter<T> {
  readonly #listeners = new Set<(event: T) => void>();
  readonly event = (listener: (event: T) => void): Disposable => {
    this.#listeners.add(listener);
    return new Disposable(() => this.#listeners.delete(listener));
  };

  fire(event: T): void {
    this.#listeners.forEach((listener) => listener(event));
  }

  dispose(): void {
    this.#listeners.clear();
  }
}

export const Uri = {
  file: (path: string) => ({ path, toString: () => `file://${path}` }),
  parse: (text: string) => ({ path: text.replace(/^file:\/\//, ''), toString: () => text }),
  joinPath: (base: { readonly path: string }, name: string) => Uri.file(`${base.path}/${name}`),
};

/** Registered providers by ID; an ID can be registered once. */
export const authenticationProviders = new Map<string, AuthenticationProvider>();

export const authentication = {
  registerAuthenticationProvider: (id: string, _label: string, provider: AuthenticationProvider) => {
    if (authenticationProviders.has(id)) throw new Error(`${id} is taken`);
    authenticationProviders.set(id, provider);
    return new Disposable(() => authenticationProviders.delete(id));
  },
};
