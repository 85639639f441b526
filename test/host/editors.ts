/** An editor that the host tests run in: code-server 4.y.z is VS Code 1.y.z. */
export interface Editor {
  /** The version of the npm package `code-server`. */
  readonly codeServer: string;
  /** The Node that it asks for. */
  readonly node: string;
  /** Packages of its workbench that it would fetch from a Git repository, by a release that npm has. */
  readonly released?: Readonly<Record<string, string>>;
  /** Its own native packages, where they come without a binary for this machine. */
  readonly compiled?: readonly string[];
}

/** The one that `npm test` runs in, and `npm start` brings up. */
const newest: Editor = { codeServer: '4.139.1', node: '24.21.0' };

/** Oldest first: the oldest that the manifest allows, one in between, and the newest. `npm run test:editors` runs in each. */
export const editors: readonly [Editor, ...Editor[]] = [
  {
    codeServer: '4.105.1',
    node: '22.23.5',
    released: { '@parcel/watcher': '2.5.1' },
    compiled: ['argon2'],
  },
  { codeServer: '4.112.0', node: '22.23.5' },
  newest,
];

/** Names one of `editors`, by its version of code-server, for a run of the host tests. */
export const EDITOR_VARIABLE = 'DEVELOPER_SIGN_IN_EDITOR';

/**
 * The editor of this run.
 * @throws when the variable names none that is known here
 */
export function chosenEditor(): Editor {
  const wanted = process.env[EDITOR_VARIABLE];
  if (!wanted) return newest;
  const found = editors.find(({ codeServer }) => codeServer === wanted);
  if (found) return found;
  const known = editors.map(({ codeServer }) => codeServer).join(', ');
  throw new Error(`${EDITOR_VARIABLE} is "${wanted}". The host tests know: ${known}.`);
}
