/** Joins nonempty sentences into one line; Japanese has no spaces between them. */
export function joinSentences(...sentences: readonly string[]): string {
  return sentences
    .filter((sentence) => sentence !== '')
    .join(' ')
    .replaceAll('。 ', '。');
}
