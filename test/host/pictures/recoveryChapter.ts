import type { Page } from 'playwright-core';

import type { Probe } from '../probe.ts';
import type { Scene } from '../scene.ts';
import type { Workbench } from '../workbench.ts';

/** The environment of a chapter. */
export interface Stage {
  readonly scene: Scene;
  readonly window: Workbench;
  readonly probe: Probe;
  /** Takes a picture of the window or of another page. */
  readonly take: (what: string, page?: Page) => Promise<void>;
  /** As {@link take}, for subjects that disappear when the pointer moves or the size changes. */
  readonly takeAsItIs: (what: string) => Promise<void>;
  /** Closes everything that is open or shown. */
  readonly clear: () => Promise<void>;
}

/** A group of related pictures; changes to connections, users and faults are undone afterwards. */
export type Chapter = (stage: Stage) => Promise<void>;
