import { spawnSync } from 'node:child_process';

import { projectRoot } from './paths.ts';

/**
 * Files that differ from a commit, including untracked files and excluding deleted ones.
 * @param since a commit; by default the merge base with `origin/main` or `main`, or else the last commit
 * @returns paths relative to the repository, with `/`
 * @throws if Git fails
 */
export function changedFiles(since = branchPoint()): string[] {
  const changed = git('diff', '--name-only', '--no-renames', '--diff-filter=d', '-z', since, '--');
  const unknown = git('ls-files', '--others', '--exclude-standard', '-z');
  return [...new Set(`${changed}${unknown}`.split('\0').filter(Boolean))].sort();
}

function branchPoint(): string {
  for (const branch of ['origin/main', 'main']) {
    const { status, stdout } = run(['merge-base', 'HEAD', branch]);
    if (status === 0) return stdout.trim();
  }
  return 'HEAD';
}

function git(...gitArguments: readonly string[]): string {
  const { status, stdout, stderr } = run(gitArguments);
  if (status !== 0) throw new Error(`git ${gitArguments.join(' ')} failed: ${stderr}`);
  return stdout;
}

function run(gitArguments: readonly string[]) {
  return spawnSync('git', gitArguments, { cwd: projectRoot, encoding: 'utf8', maxBuffer: 1 << 28 });
}
