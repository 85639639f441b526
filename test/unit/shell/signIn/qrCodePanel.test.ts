import { describe, expect, test, vi } from 'vitest';
import { showQrCodePanel } from '../../../../src/shell/signIn/qrCodePanel.ts';

const panels: { html: string; close: () => void; isDisposed: boolean }[] = [];

vi.mock('vscode', async () => ({
  ...(await import('../../fakes/vscode.ts')),
  ViewColumn: { Active: -1 },
  window: {
    createWebviewPanel: () => {
      const panel = { html: '', close: () => {}, isDisposed: false };
      panels.push(panel);
      return {
        webview: {
          set html(html: string) {
            panel.html = html;
          },
        },
        onDidDispose: (listener: () => void) => {
          panel.close = listener;
        },
        dispose: () => {
          panel.isDisposed = true;
          panel.close();
        },
      };
    },
  },
}));

const url = 'https://device.sso.eu-central-1.amazonaws.com/?user_code=ABCD-EFGH';

describe('showQrCodePanel', () => {
  test('draws the QR code with the user code to compare, without a script', () => {
    showQrCodePanel('A <title>', { url, userCode: 'ABCD-EFGH' } as never, () => {});
    const { html } = panels.at(-1) ?? { html: '' };
    expect(html).toContain('<svg');
    expect(html).toContain('Make sure that the page shows ABCD-EFGH');
    expect(html).toContain('A &#60;title&#62;');
    expect(html).not.toMatch(/<script/i);
  });

  test('reports that it was closed, by the user or by its sign-in', () => {
    let closed = 0;
    showQrCodePanel('T', { url } as never, () => closed++);
    panels.at(-1)?.close();
    const shown = showQrCodePanel('T', { url } as never, () => closed++);
    shown[Symbol.dispose]();
    expect([closed, panels.at(-1)?.isDisposed]).toEqual([2, true]);
  });
});
