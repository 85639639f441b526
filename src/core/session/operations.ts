/** What changes a session, in one part that is loaded on first use: nothing of it is needed to hand out a stored token. */
export { acquireTokens, revokeTokens } from './acquireTokens.ts';
export { carryOver, withoutDeadTokens } from './sessionUpdates.ts';
export { refreshUnderLock } from './refreshUnderLock.ts';
