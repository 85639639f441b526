import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Locator } from 'playwright-core';

import { eventually } from './eventually.ts';
import type { Workbench } from './workbench.ts';

/** Result of a terminal command. */
export interface TerminalRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A real terminal of the workbench, controlled by typing. */
export interface RealTerminal {
  /** Types a command and waits until it has ended. */
  run(command: string, timeoutMs?: number): Promise<TerminalRun>;
}

let runs = 0;

/** Opens a terminal from the palette. */
export async function openTerminal(window: Workbench, folder: string): Promise<RealTerminal> {
  const count = await terminalsIn(window);
  await window.runCommand('Terminal: Create New Terminal');
  return terminalAt(window, folder, count + 1);
}

/**
 * The newest terminal of a window. Command output is read from files in `folder`: the terminal draws on a canvas,
 * and shell integration writes escape sequences between the lines.
 */
export async function terminalAt(window: Workbench, folder: string, count: number): Promise<RealTerminal> {
  const { page } = window;
  await eventually(
    `${count} terminals`,
    async () => ((await terminalsIn(window)) >= count ? true : undefined),
    { timeoutMs: 30_000 },
  );
  const tab = page.locator('.terminal-tabs-entry').nth(count - 1);
  const run = async (command: string, timeoutMs = 20_000): Promise<TerminalRun> => {
    mkdirSync(folder, { recursive: true });
    const base = join(folder, String(++runs));
    // Type as little as possible: a busy workbench may lose keys.
    writeFileSync(`${base}.sh`, `exec >${base}.out 2>${base}.err\n${command}\n`);
    await showPanel(window);
    const code = await eventually(
      `"${command}" to begin, and to end`,
      async () => {
        await takeKeyboard(window, tab);
        await page.keyboard.type(`sh ${base}.sh; echo $? >${base}.code`);
        await page.keyboard.press('Enter');
        const ended = await eventually(
          'the exit code',
          () => {
            const text = existsSync(`${base}.code`) ? readFileSync(`${base}.code`, 'utf8') : '';
            return text.endsWith('\n') ? text : undefined;
          },
          { timeoutMs },
        );
        if (existsSync(`${base}.out`)) return ended;
        // A shell that was still starting dropped the first keys, so something else ran.
        rmSync(`${base}.code`);
        return undefined;
      },
      { timeoutMs: 3 * timeoutMs },
    );
    return {
      exitCode: Number(code),
      stdout: readFileSync(`${base}.out`, 'utf8'),
      stderr: readFileSync(`${base}.err`, 'utf8'),
    };
  };
  return { run };
}

/** A single terminal does not have a tab. */
async function terminalsIn({ page }: Workbench): Promise<number> {
  const tabs = await page.locator('.terminal-tabs-entry').count();
  return tabs > 0 ? tabs : page.locator('.terminal-wrapper .xterm').count();
}

const screenOf = ({ page }: Workbench) => page.locator('.terminal-wrapper.active .xterm-screen').first();

/** Another panel view may be in front, or the panel may be closed. */
async function showPanel(window: Workbench): Promise<void> {
  await eventually(
    'a terminal on the screen',
    async () => {
      if (await screenOf(window).isVisible()) return true;
      await window.runCommand('Terminal: Focus Terminal');
      return undefined;
    },
    { timeoutMs: 60_000 },
  );
}

/**
 * A click on a tab shows its terminal after a moment, without focusing it: clicking the terminal that is still
 * visible would bring that one back.
 */
async function takeKeyboard(window: Workbench, tab: Locator): Promise<void> {
  const isChosen = async (): Promise<boolean> =>
    !(await tab.isVisible()) || // A single terminal does not have a tab.
    (await tab.evaluate((entry) => entry.closest('.monaco-list-row.selected') !== null));
  await eventually(
    'the keyboard in the terminal',
    async () => {
      if (!(await isChosen())) {
        // Avoid the center, where buttons appear on hover.
        await tab.click({ position: { x: 14, y: 10 }, timeout: 5000 });
        return undefined;
      }
      await screenOf(window).click({ timeout: 5000 });
      const isThere = await window.page.evaluate(
        () => document.activeElement?.closest('.terminal-wrapper.active') !== null,
      );
      return isThere && (await isChosen()) ? true : undefined;
    },
    { timeoutMs: 30_000 },
  );
}
