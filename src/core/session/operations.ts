/** Operations that change a session, in one chunk that is loaded on first use. */
export { acquireTokens, forgetClient, revokeTokens } from './acquireTokens.ts';
export { carryOver, withoutDeadTokens } from './sessionUpdates.ts';
export { refreshUnderLock } from './refreshUnderLock.ts';
