import type { Probe } from '../host/probe.ts';

/** Duration of an extension's activation as VS Code reports it, in whole milliseconds. */
export interface ActivationTimes {
  readonly load: number;
  /** The time in which Node loaded only this extension's code, from VS Code's performance marks. */
  readonly codeLoad: number;
  readonly call: number;
  readonly finish: number;
}

/**
 * Activations during a window's start: extension ID -> times, from the report of "Developer: Startup
 * Performance".
 */
export async function readActivations(probe: Probe): Promise<ReadonlyMap<string, ActivationTimes>> {
  const report = await probe.executeCommand('probe.startupReport');
  if (typeof report !== 'string') throw new Error('The startup report is not text.');
  const codeLoads = (await probe.executeCommand('probe.codeLoads')) as Readonly<Record<string, number>>;
  return parseActivations(report, codeLoads);
}

/** Parses the rows `| id | eager | load | call | finish | event | by |`. */
function parseActivations(
  report: string,
  codeLoads: Readonly<Record<string, number>>,
): ReadonlyMap<string, ActivationTimes> {
  const rows = report.matchAll(
    /^\| *([\w-]+\.[\w-]+) *\| *(?:true|false) *\| *(\d+) *\| *(\d+) *\| *(\d+) *\|/gm,
  );
  return new Map(
    Array.from(rows, ([, id = '', load, call, finish]) => [
      id,
      {
        load: Number(load),
        codeLoad: codeLoads[id] ?? Number.NaN,
        call: Number(call),
        finish: Number(finish),
      },
    ]),
  );
}

/** As VS Code counts: load and finish include what other extensions do meanwhile. */
export function totalOf({ load, call, finish }: ActivationTimes): number {
  return load + call + finish;
}

/** The extension's own work. Both compared extensions are done when `activate` returns. */
export function ownWorkOf({ codeLoad, call }: ActivationTimes): number {
  return codeLoad + call;
}
