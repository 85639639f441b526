import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Ports of the last `npm start`, by what listened: a browser keeps secrets by address, so the same ones are tried again. */
export type Ports = Readonly<Record<string, number>>;

/** @param file JSON; absent or unreadable means none */
export function readPorts(file: string): Ports {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Ports;
  } catch {
    return {};
  }
}

export function writePorts(file: string, ports: Ports): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(ports));
}
