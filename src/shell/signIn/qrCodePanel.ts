import { env, l10n } from 'vscode';
import type { InteractionRequest } from '../../core/oauth/userInteraction.ts';
import { createPage } from '../ui/page.ts';
import { qrCodeHtml } from './qrCodeHtml.ts';

/**
 * Opens a tab with the device code and the QR code of its page. Stores nothing.
 * @returns closes the tab; `onClosed` is called however it closes
 */
export function showQrCodePanel(
  title: string,
  { url, userCode = '' }: InteractionRequest,
  onClosed: () => void,
): Disposable {
  const panel = createPage('developerSignIn.qrCode', l10n.t('QR code'));
  const instruction = l10n.t(
    'Scan this code with your phone. Make sure that the page shows {0}, and sign in there.',
    userCode,
  );
  const label = l10n.t('QR code of the sign-in page');
  panel.webview.html = qrCodeHtml(env.language, url, { title, instruction, label });
  panel.onDidDispose(onClosed);
  return {
    [Symbol.dispose]: () => {
      panel.dispose();
    },
  };
}
