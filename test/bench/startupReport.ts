import type { Probe } from '../host/probe.ts';

/** How long an extension's activation took, as VS Code itself tells, in whole milliseconds. */
export interface ActivationTimes {
  readonly load: number;
  /** The part of the load in which Node had this extension's code alone, by VS Code's performance marks. */
  readonly codeLoad: number;
  readonly call: number;
  readonly finish: number;
}

/** The activations of a window's start: extension id -> times, from the report of "Developer: Startup Performance". */
export async function readActivations(probe: Probe): Promise<ReadonlyMap<string, ActivationTimes>> {
  const report = await probe.executeCommand('probe.startupReport');
  if (typeof report !== 'string') throw new Error('The startup report is not text.');
  const codeLoads = (await probe.executeCommand('probe.codeLoads')) as Readonly<Record<string, number>>;
  return parseActivations(report, codeLoads);
}

/** Reads the rows `| id | eager | load | call | finish | event | by |`. */
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

/** As VS Code counts: what other extensions do meanwhile is in the load and the finish. */
export function totalOf({ load, call, finish }: ActivationTimes): number {
  return load + call + finish;
}

/** The extension's own work. What it leaves to others is over when `activate` has returned, for both that are compared. */
export function ownWorkOf({ codeLoad, call }: ActivationTimes): number {
  return codeLoad + call;
}
