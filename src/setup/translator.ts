/**
 * Translates a sentence, as VS Code's `l10n` does. A parameter of this type is always named `l10n`, and its
 * text a literal: `l10n.t('…')` is how texts for translation are found.
 */
export interface Translator {
  t(message: string, ...values: (string | number)[]): string;
  /** Language of dates, a BCP 47 tag; English by default. */
  readonly language?: string;
}

/** Sentences in English, for callers without translations. */
export const english = {
  t: (message: string, ...values: (string | number)[]) =>
    message.replace(/\{(\d)\}/g, (whole, index: string) => String(values[Number(index)] ?? whole)),
} satisfies Translator;
