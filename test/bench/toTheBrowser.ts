import { COMMANDS } from '../host/asPerson.ts';
import { eventually } from '../host/eventually.ts';
import type { Scene } from '../host/scene.ts';
import type { Workbench } from '../host/workbench.ts';
import type { Figure } from './figure.ts';
import { median } from './statistics.ts';

const ROUNDS = 25;
const MOST = { most: 1.5, kind: 'time' } as const;
const CONTROL = 'Probe: Show and Open';

/**
 * Milliseconds from the command to its result on the screen, minus the time that the extension host waited for an
 * identity provider.
 */
interface Seen {
  readonly shown: number;
  readonly asked: number;
  /** The waiting time that was subtracted. */
  readonly waited: number;
}

/**
 * Time from the command to the displayed code (IAM Identity Center) and to VS Code's question before it opens a
 * page (Okta), compared with a command that shows a list and opens a page at once. Round trips to identity
 * providers are subtracted, measured from the call of `fetch` in the extension host to the response: the
 * providers share a process with the browser driver, which makes responses many times slower than usual. The
 * probe before the page is fully awaited: the sandbox is not an Okta domain, so the extension checks first
 * whether the redirect URI is registered.
 */
export async function measureToTheBrowser(scene: Scene, window: Workbench): Promise<Figure[]> {
  const probe = await window.probe();
  const { okta, identityCenter } = scene.sandbox;
  await probe.executeCommand('probe.watchRequests', [{ origins: [okta.origin, identityCenter.origin] }]);
  const seen: Record<'code' | 'page' | 'control', Seen[]> = { code: [], page: [], control: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    seen.control.push(await timesOf(window, CONTROL, '^SHOW-OPEN$', 'both'));
    seen.code.push(await timesOf(window, COMMANDS.identityCenter, '^[A-Z]{4}-[A-Z]{4}$', 'shown'));
    seen.page.push(await timesOf(window, COMMANDS.okta, '.', 'both'));
  }
  const code = median(seen.code.map(({ shown }) => shown));
  const list = median(seen.control.map(({ shown }) => shown));
  const page = median(seen.page.map(({ asked }) => asked));
  const atOnce = median(seen.control.map(({ asked }) => asked));
  return [
    { name: `from the command to the code, median of ${ROUNDS}`, value: code, unit: 'ms' },
    { name: '  to the list of a command that shows one at once', value: list, unit: 'ms' },
    {
      name: 'from the command to the code: ours / control',
      value: code / list,
      unit: '',
      bound: MOST,
      samples: seen.code,
    },
    { name: `from the command to the page, median of ${ROUNDS}`, value: page, unit: 'ms' },
    { name: '  of a command that opens one at once', value: atOnce, unit: 'ms' },
    {
      name: 'from the command to the page: ours / control',
      value: page / atOnce,
      unit: '',
      bound: MOST,
      samples: seen.page,
    },
  ];
}

async function timesOf(
  window: Workbench,
  command: string,
  title: string,
  until: 'shown' | 'both',
): Promise<Seen> {
  const { page } = window;
  const probe = await window.probe();
  await probe.executeCommand('probe.takeRequests');
  await page.evaluate(watchScreen, title);
  await window.runCommand(command);
  const seen = await eventually('what the command shows', async () => {
    const { chosen, shown, asked = Number.NaN } = await page.evaluate(() => globalThis.benchSeen ?? {});
    if (chosen === undefined || shown === undefined) return undefined;
    return until === 'both' && Number.isNaN(asked) ? undefined : { chosen, shown, asked };
  });
  const requests = (await probe.executeCommand('probe.takeRequests')) as readonly RequestTime[];
  const origin = await page.evaluate(() => performance.timeOrigin);
  const since = (at: number) => at - seen.chosen - waitedBefore(at + origin, requests);
  const last = Math.max(seen.shown, until === 'both' ? seen.asked : -Infinity);
  if (until === 'both') await window.dialogs.answer(/open the external website/, 'Cancel');
  if (command === CONTROL) await window.quickInput.hide();
  else {
    await window.quickInput.untilItTakesChoices();
    await window.quickInput.pick('Cancel');
  }
  await window.quickInput.waitUntilClosed();
  return {
    shown: since(seen.shown),
    asked: since(seen.asked),
    waited: waitedBefore(last + origin, requests),
  };
}

/** A request of the extension host, epoch milliseconds. */
interface RequestTime {
  readonly from: number;
  readonly to?: number;
}

/** Total duration of the requests that were answered before `at`; there is only one at a time. */
function waitedBefore(at: number, requests: readonly RequestTime[]): number {
  return requests.reduce((sum, { from, to = Infinity }) => sum + (to <= at ? to - from : 0), 0);
}

/** The time of an event in the page, by its own clock. */
interface BenchSeen {
  chosen?: number;
  shown?: number;
  asked?: number;
}

declare global {
  var benchSeen: BenchSeen | undefined;
}

/** Runs in the page: records the last click on a command, and when its result first appears. */
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
