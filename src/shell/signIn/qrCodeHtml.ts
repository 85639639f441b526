import qrcode from 'qrcode-generator';
import { markup, pageHtml } from '../ui/html.ts';

/** The texts of a QR code's page. */
interface QrCodeTexts {
  readonly title: string;
  readonly instruction: string;
  /** Alternative text of the picture, for a screen reader. */
  readonly label: string;
}

/**
 * The page with the QR code of an address, without scripts or requests.
 * @param language of the texts, a BCP 47 tag
 */
export function qrCodeHtml(
  language: string,
  url: string,
  { title, instruction, label }: QrCodeTexts,
): string {
  const code = qrcode(0, 'M');
  code.addData(url);
  code.make();
  const svg = code.createSvgTag({ cellSize: 6, margin: 24, scalable: true });
  const body = markup`<main>
<h1>${title}</h1>
<p>${instruction}</p>
<figure role="img" aria-label="${label}">${{ html: svg }}</figure>
</main>`;
  return pageHtml(language, title, style, body);
}

const style = markup`
main { display: grid; justify-items: center; gap: 1rem; padding: 2rem; text-align: center; }
h1 { font-size: 1.3em; font-weight: 600; }
figure { margin: 0; width: min(18rem, 80vw, 60vh); background: #fff; border-radius: 8px; }
svg { display: block; width: 100%; height: auto; }
`;
