import { env } from 'vscode';
import type { Uri } from 'vscode';

/**
 * Opens an address in the person's browser, byte for byte. VS Code would decode and encode a `Uri` again, and
 * turn `/start/#/device?user_code=…` or `%2B` into something else; an address given as a string it keeps. The
 * types do not know that, hence the one cast.
 *
 * @returns whether VS Code says that it was opened; `false` also stands for *Copy* in its dialog, so it never
 * means that the person gave up
 */
export async function openInBrowser(url: string): Promise<boolean> {
  return env.openExternal(url as unknown as Uri);
}
