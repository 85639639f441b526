import type { Page } from 'playwright-core';

import type { Probe } from '../probe.ts';
import type { Scene } from '../scene.ts';
import type { Workbench } from '../workbench.ts';

/** What a chapter plays on. */
export interface Stage {
  readonly scene: Scene;
  readonly window: Workbench;
  readonly probe: Probe;
  /** Of the window, or of another page. */
  readonly take: (what: string, page?: Page) => Promise<void>;
  /** As {@link take}, where a move of the pointer or another size would take away what is to be seen. */
  readonly takeAsItIs: (what: string) => Promise<void>;
  /** Nothing is open and nothing is said any more. */
  readonly clear: () => Promise<void>;
}

/** A few pictures that belong together; what it changed of the connections, the people and the faults is undone. */
export type Chapter = (stage: Stage) => Promise<void>;
