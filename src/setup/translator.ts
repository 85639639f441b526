/**
 * Translates a sentence; VS Code's `l10n` is one. A parameter of this type is always called `l10n`, and its text a
 * literal: by `l10n.t('…')` the texts that need a translation are found.
 */
export interface Translator {
  t(message: string, ...values: (string | number)[]): string;
  /** The language of dates, a BCP 47 tag; English unless told. */
  readonly language?: string;
}

/** Sentences as they stand in the source, with their values: for who has no translations. */
export const english = {
  t: (message: string, ...values: (string | number)[]) =>
    message.replace(/\{(\d)\}/g, (whole, index: string) => String(values[Number(index)] ?? whole)),
} satisfies Translator;
