/** An editor for the host tests; code-server 4.y.z contains VS Code 1.y.z. */
export interface Editor {
  /** The version of the npm package `code-server`. */
  readonly codeServer: string;
  /** The Node version that it requires. */
  readonly node: string;
  /** Packages of its workbench that would come from a Git repository, with npm releases to use instead. */
  readonly released?: Readonly<Record<string, string>>;
  /** Native packages without a prebuilt binary for this machine. */
  readonly compiled?: readonly string[];
}

/** The default editor of `npm test` and `npm start`. */
const newest: Editor = { codeServer: '4.139.1', node: '24.21.0' };

/**
 * Oldest first: the minimum version in the manifest, one in between, and the newest. `npm run test:editors` runs
 * in each.
 */
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

/** Environment variable that selects one of `editors` by its code-server version. */
export const EDITOR_VARIABLE = 'DEVELOPER_SIGN_IN_EDITOR';

/**
 * The editor of this run.
 * @throws if the variable names an unknown version
 */
export function chosenEditor(): Editor {
  const wanted = process.env[EDITOR_VARIABLE];
  if (!wanted) return newest;
  const found = editors.find(({ codeServer }) => codeServer === wanted);
  if (found) return found;
  const known = editors.map(({ codeServer }) => codeServer).join(', ');
  throw new Error(`${EDITOR_VARIABLE} is "${wanted}". The host tests know: ${known}.`);
}
