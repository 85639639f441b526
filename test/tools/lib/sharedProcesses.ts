import { readFileSync } from 'node:fs';

import {
  BaseSequencer,
  ForksPoolWorker,
  type PoolRunnerInitializer,
  type PoolTask,
  type TestSpecification,
  type WorkerRequest,
} from 'vitest/node';

/**
 * Reuses processes between test files, since starting one costs as much as running most files. A process
 * continues with files that use the same stand-in for VS Code, because loaded modules keep the one they were
 * loaded with.
 */
export const sharedProcesses: PoolRunnerInitializer = {
  name: 'sharedProcesses',
  createPoolWorker: (options) => new SharedProcess(options),
};

class SharedProcess extends ForksPoolWorker {
  override readonly name: string = sharedProcesses.name;
  #standIn: string | undefined;

  override send(message: WorkerRequest): void {
    if (message.type === 'run') this.#standIn = standInOf(message.context.files[0]?.filepath ?? '');
    super.send(message);
  }

  canReuse({ context }: PoolTask): boolean {
    return standInOf(context.files[0]?.filepath ?? '') === this.#standIn;
  }
}

/** Groups files with the same stand-in; within a group, vitest's order applies: longest first. */
export class ByStandIn extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const kindOf = ({ project, moduleId }: TestSpecification): string =>
      project.config.pool === sharedProcesses.name ? standInOf(moduleId) : '';
    const kinds = new Map(sorted.map((file) => [file, kindOf(file)]));
    return sorted.toSorted((a, b) => (kinds.get(a) ?? '').localeCompare(kinds.get(b) ?? '', 'en'));
  }
}

const known = new Map<string, string>();

/**
 * Identifies a test file's stand-in for VS Code: none, one of `test/unit/fakes`, or the file's own, which no
 * other file shares.
 */
export function standInOf(file: string): string {
  const before = known.get(file);
  if (before !== undefined) return before;
  const text = readFileSync(file, 'utf8');
  const mocks = text.match(/^\s*vi\.(?:mock|doMock|resetModules)\(.*/gm) ?? [];
  const [only = ''] = mocks;
  const fake = /^vi\.mock\('vscode', async \(\) => import\('[./]*fakes\/(\w+)\.ts'\)\);$/.exec(
    only.trim(),
  )?.[1];
  const standIn = mocks.length === 0 ? '' : mocks.length === 1 && fake !== undefined ? fake : `own ${file}`;
  known.set(file, standIn);
  return standIn;
}
