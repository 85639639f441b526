import type { PortRefusal } from '../../../src/core/oauth/errors.ts';
import type { LoopbackAddress } from './rawHttp.ts';
import type { Row } from './row.ts';

/** A problem with one of the three registered ports, on one of its addresses. */
export interface Trouble {
  readonly port: 0 | 1 | 2;
  readonly on: LoopbackAddress;
  /** Held by another program; denied by the system; or bound, while another program answers. */
  readonly is: 'held' | 'EACCES' | 'answered' | 'repeated' | 'silent';
}

interface PortRow extends Row {
  readonly trouble: readonly Trouble[];
  /** The port of the redirect URI that is used; undefined if every port has a problem. */
  readonly used?: 0 | 1 | 2;
  /** The reported port problems if none can be used. */
  readonly told?: readonly PortRefusal['code'][];
}

const next = { expected: 'the next port', used: 1, tokenRequests: 1, source: 'RFC 8252, 7.3' } as const;
const v4 = '127.0.0.1';
const v6 = '::1';

export const portRows: readonly PortRow[] = [
  { ...next, done: 'a port held on 127.0.0.1 only', trouble: [{ port: 0, on: v4, is: 'held' }] },
  { ...next, done: 'a port held on ::1 only', trouble: [{ port: 0, on: v6, is: 'held' }] },
  {
    ...next,
    done: 'a port held on both addresses',
    trouble: [
      { port: 0, on: v4, is: 'held' },
      { port: 0, on: v6, is: 'held' },
    ],
  },
  {
    ...next,
    source: 'docs/PROTOCOL.md, 3 (EACCES)',
    done: 'a port that the system reserves (simulated, since root can bind any port on Linux)',
    trouble: [{ port: 0, on: v4, is: 'EACCES' }],
  },
  {
    ...next,
    source: 'docs/PROTOCOL.md, 3 (EACCES)',
    done: 'a port that the system reserves on ::1 only (simulated)',
    trouble: [{ port: 0, on: v6, is: 'EACCES' }],
  },
  {
    ...next,
    source: 'docs/PROTOCOL.md, 3 (probe)',
    done: 'a port where another program answers on ::1',
    trouble: [{ port: 0, on: v6, is: 'answered' }],
  },
  {
    ...next,
    source: 'docs/PROTOCOL.md, 3 (probe)',
    done: 'a port where another program answers on 127.0.0.1',
    trouble: [{ port: 0, on: v4, is: 'answered' }],
  },
  {
    ...next,
    source: 'docs/PROTOCOL.md, 3 (probe)',
    done: 'a port where another program echoes its input',
    trouble: [{ port: 0, on: v4, is: 'repeated' }],
  },
  {
    ...next,
    source: 'docs/PROTOCOL.md, 3 (probe)',
    done: 'a port where another program does not respond',
    trouble: [{ port: 0, on: v6, is: 'silent' }],
  },
  {
    source: 'docs/PROTOCOL.md, 3',
    done: 'three ports, each with a different problem',
    expected: 'reports which, where and why, without a question',
    tokenRequests: 0,
    trouble: [
      { port: 0, on: v6, is: 'held' },
      { port: 1, on: v4, is: 'EACCES' },
      { port: 2, on: v6, is: 'answered' },
    ],
    told: ['EADDRINUSE', 'EACCES', 'EFOREIGN'],
  },
];
