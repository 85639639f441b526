/**
 * The README as the extension's page shows it. A relative address leads nowhere from that page: without a published place of
 * the files, pictures are left out and relative links are plain text.
 * @param isPublished relative addresses are made absolute by the packer
 */
export function packagedReadme(readme: string, isPublished: boolean): string {
  if (isPublished) return readme;
  return readme
    .replaceAll(/^!\[[^\]]*\]\([^)]*\)\n\n?/gm, '')
    .replaceAll(/\[(?<text>[^\]]+)\]\((?!https:\/\/|#)[^)]*\)/g, '$<text>');
}
