import type { Probe } from '../host/probe.ts';

/** How long an extension's activation took, as VS Code itself tells, in whole milliseconds. */
export interface ActivationTimes {
  readonly load: number;
  readonly call: number;
  readonly finish: number;
}

/** The activations of a window's start: extension id -> times, from the report of "Developer: Startup Performance". */
export async function readActivations(probe: Probe): Promise<ReadonlyMap<string, ActivationTimes>> {
  const report = await probe.executeCommand('probe.startupReport');
  if (typeof report !== 'string') throw new Error('The startup report is no text.');
  return parseActivations(report);
}

/** Reads the rows `| id | eager | load | call | finish | event | by |`. */
function parseActivations(report: string): ReadonlyMap<string, ActivationTimes> {
  const rows = report.matchAll(
    /^\|\s*(?<id>[\w-]+\.[\w-]+)\s*\|\s*(?:true|false)\s*\|\s*(?<load>\d+)\s*\|\s*(?<call>\d+)\s*\|\s*(?<finish>\d+)\s*\|/gm,
  );
  return new Map(
    [...rows].map(({ groups: { id = '', load, call, finish } = {} }) => [
      id,
      { load: Number(load), call: Number(call), finish: Number(finish) },
    ]),
  );
}

export function totalOf({ load, call, finish }: ActivationTimes): number {
  return load + call + finish;
}
