import { COMMANDS } from '../host/asPerson.ts';
import { eventually } from '../host/eventually.ts';
import type { Scene } from '../host/scene.ts';
import type { Workbench } from '../host/workbench.ts';
import type { Figure } from './figure.ts';
import { median } from './statistics.ts';

const ROUNDS = 9;
const MOST = { most: 1.5, kind: 'time' } as const;
const CONTROL = 'Probe: Show and Open';

/** When the person had chosen the command, what then stood on the screen, and the requests that it took; milliseconds. */
interface Seen {
  readonly shown: number;
  readonly asked: number;
  readonly requests: number;
}

/**
 * From the command to the code (IAM Identity Center) and to VS Code's question before it opens a page (Okta), as the browser
 * draws them, beside a command that shows a list and asks for a page at once. The round trips to the identity providers are taken
 * off: as many as there were, of the length that one has on this machine.
 */
export async function measureToTheBrowser(scene: Scene, window: Workbench): Promise<Figure[]> {
  const roundTrip = await roundTripOf(`${scene.sandbox.okta.issuer}/.well-known/openid-configuration`);
  const seen: Record<'code' | 'page' | 'control', Seen[]> = { code: [], page: [], control: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    seen.control.push(await timesOf(scene, window, CONTROL, '^SHOW-OPEN$', 'both'));
    seen.code.push(await timesOf(scene, window, COMMANDS.identityCenter, '^[A-Z]{4}-[A-Z]{4}$', 'shown'));
    seen.page.push(await timesOf(scene, window, COMMANDS.okta, '.', 'both'));
  }
  const without = (what: 'shown' | 'asked') => (one: Seen) => one[what] - one.requests * roundTrip;
  const code = median(seen.code.map(without('shown')));
  const list = median(seen.control.map(({ shown }) => shown));
  const page = median(seen.page.map(without('asked')));
  const atOnce = median(seen.control.map(({ asked }) => asked));
  return [
    { name: `from the command to the code, median of ${ROUNDS}`, value: code, unit: 'ms' },
    { name: '  to the list of a command that shows one at once', value: list, unit: 'ms' },
    { name: '  ours / control', value: code / list, unit: '', bound: MOST, samples: seen.code },
    { name: `from the command to the page, median of ${ROUNDS}`, value: page, unit: 'ms' },
    { name: '  of a command that opens one at once', value: atOnce, unit: 'ms' },
    { name: '  ours / control', value: page / atOnce, unit: '', bound: MOST, samples: seen.page },
  ];
}

async function timesOf(
  { sandbox }: Scene,
  window: Workbench,
  command: string,
  title: string,
  until: 'shown' | 'both',
): Promise<Seen> {
  const { page } = window;
  await page.evaluate(watchScreen, title);
  sandbox.requestLog.clear();
  await window.runCommand(command);
  const seen = await eventually('what the command shows', async () => {
    const { chosen, shown, asked } = await page.evaluate(() => globalThis.benchSeen ?? {});
    if (chosen === undefined || shown === undefined || (until === 'both' && asked === undefined))
      return undefined;
    return { shown: shown - chosen, asked: (asked ?? Number.NaN) - chosen };
  });
  const requests = sandbox.requestLog.list().length;
  if (until === 'both') await window.dialogs.answer(/open the external website/, 'Cancel');
  if (command === CONTROL) await window.quickInput.hide();
  else {
    await window.quickInput.untilItTakesChoices();
    await window.quickInput.pick('Cancel');
  }
  await window.quickInput.waitUntilClosed();
  return { ...seen, requests };
}

/** When something happened in the page, by its own clock. */
interface BenchSeen {
  chosen?: number;
  shown?: number;
  asked?: number;
}

declare global {
  var benchSeen: BenchSeen | undefined;
}

/** Runs in the page: notes the last click on a command, and the first moment of what comes then. */
function watchScreen(title: string): void {
  const wanted = new RegExp(title);
  const seen: BenchSeen = {};
  globalThis.benchSeen = seen;
  const note = (): void => {
    if (globalThis.benchSeen !== seen) {
      observer.disconnect();
      return;
    }
    if (seen.chosen === undefined) return;
    const widget = document.querySelector('.quick-input-widget');
    const shown = widget?.querySelector('.quick-input-title')?.textContent.trim() ?? '';
    if (widget?.checkVisibility() === true && wanted.test(shown)) seen.shown ??= performance.now();
    if (document.querySelector('.monaco-dialog-box') !== null) seen.asked ??= performance.now();
  };
  const observer = new MutationObserver(note);
  observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  const choose = (event: Event): void => {
    if (!(event.target instanceof Element) || event.target.closest('.quick-input-widget') === null) return;
    if (seen.shown === undefined && seen.asked === undefined) seen.chosen = performance.now();
  };
  document.addEventListener('mouseup', choose, { capture: true, once: true });
}

async function roundTripOf(url: string): Promise<number> {
  const times: number[] = [];
  for (let call = 0; call < 30; call += 1) {
    const started = performance.now();
    await (await fetch(url)).arrayBuffer();
    times.push(performance.now() - started);
  }
  return median(times);
}
