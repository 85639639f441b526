import { l10n } from 'vscode';
import type { ErrorDetails } from '../core/oauth/errors.ts';

/** An error message in sentences: what happened, why, who has to act, and what to do. */
export interface ErrorMessage {
  readonly title: string;
  readonly cause: string;
  readonly next: string;
  /** The setting to change, if there is one. */
  readonly setting?: string;
}

/** The server's own description, often the best explanation. */
export function serverDescription({ description }: ErrorDetails): string | undefined {
  return description === undefined ? undefined : l10n.t('The server said: “{0}”', asSentence(description));
}

/** Adds a missing period, since another sentence follows. */
function asSentence(text: string): string {
  return /[.!?…。]$/u.test(text) ? text : `${text}.`;
}

/** A sentence with the request ID for the server's support; empty without one. */
export function requestIdSentence({ requestId }: ErrorDetails): string {
  return requestId === undefined ? '' : ` ${l10n.t('Request ID: {0}.', requestId)}`;
}
