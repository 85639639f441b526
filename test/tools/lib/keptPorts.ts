import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Ports of the last `npm start`, by server. They are reused because a browser stores secrets by address. */
export type Ports = Readonly<Record<string, number>>;

/** @param file JSON; a missing or unreadable file counts as empty */
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
