import qrcode from 'qrcode-generator';
import { env, l10n, ViewColumn, window } from 'vscode';

/** A tab with the QR code of an address: no script, no request, nothing kept. */
export function showQrCodePanel(title: string, url: string): void {
  const code = qrcode(0, 'M');
  code.addData(url);
  code.make();
  const svg = code.createSvgTag({ cellSize: 6, margin: 24, scalable: true });
  const panel = window.createWebviewPanel('developerSignIn.qrCode', l10n.t('QR code'), ViewColumn.Active, {
    enableScripts: false,
  });
  panel.webview.html = `<!doctype html>
<html lang="${escapeHtml(env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
body { display: grid; justify-items: center; gap: 1rem; padding: 2rem; text-align: center; }
figure { margin: 0; width: min(22rem, 90vw); background: #fff; border-radius: 8px; }
svg { display: block; width: 100%; height: auto; }
</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
<figure role="img" aria-label="${escapeHtml(l10n.t('QR code of the sign-in page'))}">${svg}</figure>
<p>${escapeHtml(l10n.t('Scan it with a phone. Only a device code can be finished there; a page that has to come back to this machine cannot.'))}</p>
</body>
</html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
