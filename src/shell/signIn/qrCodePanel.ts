import qrcode from 'qrcode-generator';
import { env, l10n } from 'vscode';
import type { InteractionRequest } from '../../core/oauth/userInteraction.ts';
import { markup, pageHtml } from '../ui/html.ts';
import { createPage } from '../ui/page.ts';

/**
 * A tab with the QR code of the page of a device code, and that code: no script, no request, nothing kept.
 * @returns closes the tab; `onClosed` is called however that happens
 */
export function showQrCodePanel(
  title: string,
  { url, userCode = '' }: InteractionRequest,
  onClosed: () => void,
): Disposable {
  const code = qrcode(0, 'M');
  code.addData(url);
  code.make();
  const svg = code.createSvgTag({ cellSize: 6, margin: 24, scalable: true });
  const panel = createPage('developerSignIn.qrCode', l10n.t('QR code'));
  const words = l10n.t(
    'Scan this code with your phone. Make sure that the page shows {0}, and sign in there.',
    userCode,
  );
  const body = markup`<main>
<h1>${title}</h1>
<p>${words}</p>
<figure role="img" aria-label="${l10n.t('QR code of the sign-in page')}">${{ html: svg }}</figure>
</main>`;
  panel.webview.html = pageHtml(env.language, title, style, body);
  panel.onDidDispose(onClosed);
  return {
    [Symbol.dispose]: () => {
      panel.dispose();
    },
  };
}

const style = markup`
main { display: grid; justify-items: center; gap: 1rem; padding: 2rem; text-align: center; }
h1 { font-size: 1.3em; font-weight: 600; }
figure { margin: 0; width: min(18rem, 80vw, 60vh); background: #fff; border-radius: 8px; }
svg { display: block; width: 100%; height: auto; }
`;
