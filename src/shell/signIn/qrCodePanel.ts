import qrcode from 'qrcode-generator';
import { env, l10n, ViewColumn, window } from 'vscode';
import type { BrowserTurn } from '../../core/ports.ts';

/**
 * A tab with the QR code of a turn's page, and its user code where there is one: no script, no request, nothing kept.
 * @returns closes the tab; `onClosed` is called however that happens
 */
export function showQrCodePanel(
  title: string,
  { url, userCode }: BrowserTurn,
  onClosed: () => void,
): Disposable {
  const code = qrcode(0, 'M');
  code.addData(url);
  code.make();
  const svg = code.createSvgTag({ cellSize: 6, margin: 24, scalable: true });
  const panel = window.createWebviewPanel('developerSignIn.qrCode', l10n.t('QR code'), ViewColumn.Active, {
    enableScripts: false,
  });
  const words =
    userCode === undefined
      ? l10n.t(
          'Scan it with a phone to read the page there. It has to be finished in a browser on this machine.',
        )
      : l10n.t('Scan it with a phone, compare the code {0}, and sign in there.', userCode);
  panel.webview.html = `<!doctype html>
<html lang="${escapeHtml(env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>
main { display: grid; justify-items: center; gap: 1rem; padding: 2rem; text-align: center; }
figure { margin: 0; width: min(22rem, 90vw); background: #fff; border-radius: 8px; }
svg { display: block; width: 100%; height: auto; }
</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<figure role="img" aria-label="${escapeHtml(l10n.t('QR code of the sign-in page'))}">${svg}</figure>
<p>${escapeHtml(words)}</p>
</main>
</body>
</html>`;
  panel.onDidDispose(onClosed);
  return {
    [Symbol.dispose]: () => {
      panel.dispose();
    },
  };
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
