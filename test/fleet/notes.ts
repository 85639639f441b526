/** Results of token requests. */
export interface CallerNotes {
  served(waitedMilliseconds: number, wasGood: boolean): void;
  /** `isOver`: the session has ended. */
  failed(at: number, isOver: boolean): void;
}

/** Counters. */
export interface Callers extends CallerNotes {
  readonly asked: number;
  /** Durations of the waits, in milliseconds. */
  readonly waits: readonly number[];
  /** Waits although a valid token was available. */
  readonly waitedWhileGood: number;
  readonly refused: number;
}

export function createCallers(): Callers {
  const waits: number[] = [];
  const counts = { asked: 0, waitedWhileGood: 0, refused: 0 };
  return {
    waits,
    get asked() {
      return counts.asked;
    },
    get waitedWhileGood() {
      return counts.waitedWhileGood;
    },
    get refused() {
      return counts.refused;
    },
    served: (waited, wasGood) => {
      counts.asked += 1;
      if (waited <= 0) return;
      waits.push(waited);
      if (wasGood) counts.waitedWhileGood += 1;
    },
    failed: () => {
      counts.asked += 1;
      counts.refused += 1;
    },
  };
}
