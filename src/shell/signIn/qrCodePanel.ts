import { env, l10n } from 'vscode';
import type { InteractionRequest } from '../../core/oauth/userInteraction.ts';
import { createPage } from '../ui/page.ts';
import { qrCodeHtml } from './qrCodeHtml.ts';

/**
 * A tab with the QR code of the page of a device code, and that code: nothing kept.
 * @returns closes the tab; `onClosed` is called however that happens
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
