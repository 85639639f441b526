import { cpus, loadavg, release, totalmem } from 'node:os';

/** Details of the machine that a reader needs to compare figures. */
export interface MachineData {
  readonly cores: number;
  readonly processor: string;
  readonly memoryGiB: number;
  readonly system: string;
  /** Load average over the last minute before the run; well above zero means that something else was running. */
  readonly loadAverage: number;
  readonly node: string;
}

export function machineData(): MachineData {
  const all = cpus();
  return {
    cores: all.length,
    processor: all[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    system: `${process.platform} ${process.arch} ${release()}`,
    loadAverage: loadavg()[0] ?? 0,
    node: process.version,
  };
}
