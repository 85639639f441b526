/** Everything that changes a session, in one part that is loaded on first use. */
export { acquireTokens, revokeTokens } from './acquireTokens.ts';
export { carryOver, withoutDeadTokens } from './sessionUpdates.ts';
export { refreshUnderLock } from './refreshUnderLock.ts';
