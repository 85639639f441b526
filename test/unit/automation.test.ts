import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { editors } from '../host/editors.ts';
import { isDesktopEditor } from '../host/installedEditors.ts';
import { projectRoot } from '../tools/lib/paths.ts';

/** Files used by GitHub or an editor refer only to what exists in the repository. */

const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> };

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly needs?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly if?: string;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> };
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

const workflow = (name: string): Workflow => parse(read(`.github/workflows/${name}.yml`)) as Workflow;
const steps = (job: Job | undefined): readonly Step[] => job?.steps ?? [];
const commands = (job: Job | undefined): string[] => steps(job).flatMap(({ run }) => run ?? []);

describe.each(['ci', 'release'])('workflow %s', (name) => {
  const { jobs, permissions } = workflow(name);

  test('calls only scripts in package.json', () => {
    const called = Object.values(jobs)
      .flatMap(commands)
      .flatMap((run) => [...run.matchAll(/\bnpm (?:run )?([\w:-]+)/g)].map(([, script]) => script ?? ''));
    expect(called.filter((script) => script !== 'ci' && scripts[script] === undefined)).toEqual([]);
    expect(called).toContain('test');
  });

  test('has only read permissions unless a job overrides them', () => {
    expect(permissions).toEqual({ contents: 'read' });
  });

  test('pins each action to a commit, with its version in a comment', () => {
    const used = read(`.github/workflows/${name}.yml`).match(/uses: .*/g) ?? [];
    expect(used.length).toBeGreaterThan(5);
    expect(used.filter((one) => !/^uses: [\w./-]+@[\da-f]{40} # v\d+\.\d+\.\d+$/.test(one))).toEqual([]);
  });

  test('does not leave a repository token to code from packages', () => {
    const checkouts = Object.values(jobs)
      .flatMap(steps)
      .filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.length).toBeGreaterThan(1);
    expect(checkouts.map((step) => step.with?.['persist-credentials'])).toEqual(checkouts.map(() => false));
    // Jobs with write permissions do not run npm.
    const writing = Object.values(jobs).filter((job) => job.permissions !== undefined);
    expect(writing.flatMap(commands).filter((run) => /\bnp[mx]\b/.test(run))).toEqual([]);
  });

  test('depends only on existing jobs', () => {
    const needed = Object.values(jobs).flatMap(({ needs }) => needs ?? []);
    expect(needed.filter((job) => jobs[job] === undefined)).toEqual([]);
  });
});

test('CI covers three systems, Node 20 and 24, and the desktop suite on all three', () => {
  const { jobs } = workflow('ci');
  const { all, systems, desktop } = jobs;
  expect(commands(all)).toContain('npm test');
  expect(all?.strategy?.matrix['node']).toEqual([20, 24]);
  expect(systems?.strategy?.matrix).toEqual({ os: ['macos-latest', 'windows-latest'], node: [20, 24] });
  expect(desktop?.strategy?.matrix['os']).toEqual(['ubuntu-latest', 'macos-latest', 'windows-latest']);
  expect(commands(desktop)).toEqual(['npm ci', 'xvfb-run -a npm run test:desktop', 'npm run test:desktop']);
});

test('CI runs the desktop suite in installed editors that test:desktop supports, on three systems', () => {
  const { installed } = workflow('ci').jobs;
  const { os, editor } = installed?.strategy?.matrix ?? {};
  expect(os).toEqual(['ubuntu-latest', 'macos-latest', 'windows-latest']);
  const names = (editor ?? []).map((one) => (one as { readonly name: string }).name);
  expect(names).toEqual(['vscode', 'vscodium']);
  expect(names.filter((name) => !isDesktopEditor(name))).toEqual([]);
  const suites = commands(installed).filter((run) => run.includes('npm run test:desktop -- --editor'));
  expect(suites).toHaveLength(2);
});

test('a release is published to a marketplace only if its secret is set, which only that step receives', () => {
  const { jobs, on } = workflow('release');
  expect(on).toEqual({ push: { tags: ['v*'] }, workflow_dispatch: null });
  // A manual run is a rehearsal.
  for (const name of ['release', 'publish']) expect(jobs[name]?.if).toBe("github.event_name == 'push'");
  expect(commands(jobs['rehearsal']).filter((run) => /\bpublish\b|gh release/.test(run))).toEqual([]);
  expect(commands(jobs['rehearsal']).filter((run) => run.includes('verify-pat'))).toHaveLength(2);
  const all = Object.values(jobs).flatMap(steps);
  const publishing = all.filter(({ run }) => run !== undefined && /\b(?:vsce|ovsx)\S* publish\b/.test(run));
  expect(publishing.map((step) => step.if)).toEqual([
    "env.HAS_VSCE_PAT == 'true'",
    "env.HAS_OVSX_PAT == 'true'",
  ]);
  const withToken = all.filter(({ env = {} }) => Object.keys(env).some((name) => /^\w+_PAT$/.test(name)));
  expect(withToken).toHaveLength(4);
  expect(
    withToken.filter(({ run = '' }) => !/^npx \S+ (?:vsce|ovsx@[\d.]+) (?:verify-pat|publish) /.test(run)),
  ).toEqual([]);
  for (const name of ['rehearsal', 'publish']) {
    expect(jobs[name]?.environment).toBe('release');
    expect(jobs[name]?.env).toEqual({
      HAS_VSCE_PAT: "${{ secrets.VSCE_PAT != '' }}",
      HAS_OVSX_PAT: "${{ secrets.OVSX_PAT != '' }}",
    });
  }
});

test('CI runs the journey in the other editors of test:editors, and in Eclipse Theia', () => {
  const { editors: older, theia } = workflow('ci').jobs;
  // `npm test` covers the newest.
  expect(older?.strategy?.matrix['editor']).toEqual(editors.slice(0, -1).map(({ codeServer }) => codeServer));
  expect(commands(theia)).toEqual(['npm ci', 'npm run test:theia']);
});

test('a release is built twice and compared, and includes its bill of materials and source maps', () => {
  const run = commands(workflow('release').jobs['package']).join('\n');
  expect(run).toContain('cmp dist/first.vsix dist/second.vsix');
  expect(run).toContain('npm run sbom');
  expect(run).toContain('source-maps.tar.gz');
  for (const option of ['--repository', '--ref', '--bugs', '--homepage']) expect(run).toContain(option);
});

test('the issue form asks for Copy Diagnostics, and each field has a unique ID', () => {
  const { body } = parse(read('.github/ISSUE_TEMPLATE/bug.yml')) as {
    readonly body: readonly {
      readonly type: string;
      readonly id?: string;
      readonly attributes: { readonly label?: string; readonly options?: readonly string[] };
      readonly validations?: { readonly required: boolean };
    }[];
  };
  const fields = body.filter(({ type }) => type !== 'markdown');
  expect(new Set(fields.map(({ id }) => id)).size).toBe(fields.length);
  expect(fields.find(({ id }) => id === 'diagnostics')).toMatchObject({
    attributes: { label: 'Copy Diagnostics' },
    validations: { required: true },
  });
});

test('dependencies of npm and of the workflows are updated automatically', () => {
  const { version, updates } = parse(read('.github/dependabot.yml')) as {
    readonly version: number;
    readonly updates: readonly { readonly 'package-ecosystem': string; readonly directory: string }[];
  };
  expect(version).toBe(2);
  expect(updates.map((one) => [one['package-ecosystem'], one.directory])).toEqual([
    ['npm', '/'],
    ['github-actions', '/'],
  ]);
});

test('no project address is made up', () => {
  const files = globSync('.github/**/*.yml', { cwd: projectRoot });
  expect(files.length).toBeGreaterThan(4);
  expect(files.filter((file) => /https?:\/\//.test(read(file)))).toEqual([]);
});

describe('the editor', () => {
  interface Task {
    readonly label: string;
    readonly type: string;
    readonly script?: string;
    readonly command?: string;
    readonly args?: readonly string[];
  }
  interface Configuration {
    readonly name: string;
    readonly type: string;
    readonly request: string;
    readonly program?: string;
    readonly preLaunchTask?: string;
  }
  const { tasks } = JSON.parse(read('.vscode/tasks.json')) as { readonly tasks: readonly Task[] };
  const { configurations } = JSON.parse(read('.vscode/launch.json')) as {
    readonly configurations: readonly Configuration[];
  };
  const inWorkspace = (path: string): string => path.replace('${workspaceFolder}/', '');

  test('debugs the extension, a unit test and the sandbox', () => {
    expect(configurations.map(({ name, type, request }) => `${name}: ${type}, ${request}`)).toEqual([
      'Extension: extensionHost, launch',
      'Current unit test file: node, launch',
      'Sandbox: node, launch',
    ]);
  });

  test('starts existing programs and tasks', () => {
    const programs = configurations.flatMap(({ program }) =>
      program === undefined ? [] : inWorkspace(program),
    );
    const wanted = configurations.flatMap(({ preLaunchTask }) => preLaunchTask ?? []);
    expect(programs.filter((path) => !existsSync(join(projectRoot, path)))).toEqual([]);
    expect(wanted.filter((name) => !tasks.some(({ label }) => label === name))).toEqual([]);
  });

  test('has tasks for existing scripts and files', () => {
    const npm = tasks.flatMap(({ type, script }) => (type === 'npm' ? (script ?? '') : []));
    expect(npm.filter((script) => scripts[script] === undefined)).toEqual([]);
    const nodes = tasks.filter(({ command }) => command === 'node').flatMap(({ args = [] }) => args[0] ?? '');
    expect(nodes.filter((path) => !existsSync(join(projectRoot, path)))).toEqual([]);
  });
});
