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
 * A process of its own for each test file costs as much as most files do. A process goes on to the next file, with the modules
 * that it has loaded, where that one has the same stand-in for VS Code: a module that is loaded keeps the one that it found.
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

/** Files with the same stand-in follow each other; within these, vitest's own order: the longest first. */
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
 * What takes VS Code's place in a test file: nothing, one of `test/unit/fakes`, or what is the file's own and so the same in no
 * other.
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
