import type { Memento } from 'vscode';

/** How a question stands among others, and what the answer is by now. */
export interface TextQuestion {
  readonly title: string;
  readonly step?: number;
  readonly totalSteps?: number;
  readonly value?: string;
  /** As `askText` has it. */
  readonly hasBack?: true | undefined;
}

/** What a person typed the last time, as the answer to begin with. */
export function typedBefore(memento: Pick<Memento, 'get'>, name: string): { value?: string } {
  const value = memento.get<string>(`typed.${name}`);
  return value === undefined ? {} : { value };
}
