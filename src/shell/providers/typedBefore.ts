import type { Memento } from 'vscode';

/** A question's text and position, and its current answer. */
export interface TextQuestion {
  readonly title: string;
  readonly step?: number;
  readonly totalSteps?: number;
  readonly value?: string;
  /** As in `askText`. */
  readonly hasBack?: true | undefined;
}

/** The answer that the user typed last time, as the initial value. */
export function typedBefore(memento: Pick<Memento, 'get'>, name: string): { value?: string } {
  const value = memento.get<string>(`typed.${name}`);
  return value === undefined ? {} : { value };
}
