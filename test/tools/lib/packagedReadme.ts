/**
 * The README for the extension's page, on which relative addresses do not resolve. Unless the files are
 * published, pictures are removed and relative links become plain text.
 * @param isPublished the packager makes relative addresses absolute
 */
export function packagedReadme(readme: string, isPublished: boolean): string {
  if (isPublished) return readme;
  return readme
    .replaceAll(/^!\[[^\]]*\]\([^)]*\)\n\n?/gm, '')
    .replaceAll(/\[(?<text>[^\]]+)\]\((?!https:\/\/|#)[^)]*\)/g, '$<text>');
}
