import type { Step } from './ways.ts';

/**
 * The two main code paths, function by function, in reading order; `ways.ts` checks them.
 *
 * Excluded are functions that report errors, run after the end of the path, or only compute a value from their
 * arguments (texts, addresses, scopes, schemas).
 */

/** *Sign In with Okta* with one configured connection, by authorization code, until the session is stored. */
export const signInWay: readonly Step[] = [
  // The command and its connection.
  'registerCommands',
  'createCommands',
  'signInCommand',
  'signInByChoice',
  'onlyConnection',
  'offerConnections',
  'signInForPerson',
  'signInTo',
  'confirmEndpoints',
  'askWhichAccount',
  'signInOrCorrect',
  // The sign-in in this window, and its UI.
  'SignIns.run',
  'createSurface',
  'SignInSurface',
  'waitingList',
  'createStableRows',
  'List in ui/quickPick.ts',
  // The requested session.
  'activate as #sessions',
  'openInBrowser',
  'Sessions.signIn',
  'SessionWatch.look',
  'acquireTokens',
  'providerOf in core/providers/index.ts',
  'openIdVerbs in core/providers/openId.ts as begin',
  'createPolicyFile',
  'signInPolicy as policy',
  'checkAllowed',
  'planOf',
  'flowsFor',
  // The protocol.
  'discover',
  'createBoundedFetch as http',
  'checkMetadata',
  'authorizationCodeGrant in oidc/authorizationCode.ts',
  'createLoopbackRedirect',
  'createListener',
  'chooseRedirect',
  'sharedDefense',
  'findRedirectUriStatus',
  'prepare in oidc/authorizationCode.ts',
  'awaitAuthorizationResponse',
  'runInteraction',
  'systemClock as sleep',
  'tokenAnswer',
  'configurationOf',
  'readSignIn',
  'parseTokenResponse in oidc/token.ts',
  'accountOf',
  // The stored record.
  'Sessions.#aloneIfPossible',
  'createSessionStore as store',
  'createSealedRecords',
  'withRecordLock',
  'withLockFile',
  'locks',
  'createLocks',
  'carryOver',
  'createCliSharing as replace',
  'recordOf',
  'writeRecord',
  'createKeyring',
  'seal',
  'writeFile in sealedRecord.ts',
  'writeDurably',
  'createSecretStore as secrets',
];

/** Another extension asks for a token of an expired Okta session, until the new token is stored and returned. */
export const tokenWay: readonly Step[] = [
  'registerProvider',
  'createProvider',
  'getSessions',
  // The stored session.
  'activate as sessions',
  'Sessions.list',
  'createSessionStore as store',
  'createSealedRecords as records',
  'parseFile',
  'createKeyring',
  'unseal',
  'createSecretStore as secrets',
  'parseRecord',
  // The refresh, one at a time.
  'Sessions.fresh',
  'storedSession',
  'BackgroundRefresh.touch',
  'Refreshes.decide',
  'decideRefresh',
  'Refreshes.run',
  'Refreshes.#shared',
  'Refreshes.#refreshUnlessElsewhere',
  'withRecordLock',
  'withLockFile',
  'locks',
  'createLocks',
  'refreshUnderLock',
  'createCliSharing as newest',
  'refreshWithRetry',
  'refreshTokens',
  'providerOf in core/providers/index.ts',
  'openIdVerbs in core/providers/openId.ts as refresh',
  // The protocol.
  'refresh in oidc/token.ts',
  'systemClock as clock',
  'tokenAnswer',
  'configurationOf',
  'createBoundedFetch as http',
  // The stored record.
  'recordOf',
  'writeRecord',
  'seal',
  'writeFile in sealedRecord.ts',
  'writeDurably',
  'present in authenticationProvider.ts',
];
