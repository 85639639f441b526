import type { Step } from './ways.ts';

/**
 * The two ways through the house, function by function, in the order in which a reader meets them; `ways.ts` checks them.
 * Left out are functions that say what went wrong, that run after the end of the way, and that only compute a value from
 * their arguments (texts, addresses, scopes, schemas).
 */

/** *Sign In with Okta* with one connection in the settings, by authorization code, until the session is stored. */
export const signInWay: readonly Step[] = [
  // The command, and the connection that it means.
  'registerCommands',
  'signInCommand',
  'signInByChoice',
  'onlyConnection',
  'offerConnections',
  'signInForPerson',
  'signInTo',
  'confirmEndpoints',
  'askWhichAccount',
  'signInOrFindRegion',
  // The sign-in in this window, with what the person sees.
  'SignIns.run',
  'createSurface',
  'SignInSurface',
  'turnList',
  'createSteadyRows',
  'showList',
  // The session that is wanted.
  'activate as #sessions',
  'openInBrowser',
  'Sessions.signIn',
  'SessionWatch.look',
  'obtainGrant',
  'createPolicyFile',
  'checkAllowed',
  'planOf',
  'flowsFor',
  // The protocol.
  'discover',
  'createBoundedFetch as http',
  'checkMetadata',
  'signInWithAuthorizationCode',
  'createLoopbackRedirect',
  'createListener',
  'chooseRedirect',
  'sharedDefense',
  'findRegistration',
  'prepare',
  'whileBrowserIsAway',
  'whileBrowserHasTheTurn',
  'systemClock as sleep',
  'tokenAnswer',
  'configurationOf',
  'readSignIn',
  'readTokenResponse',
  'accountOf',
  // The record.
  'Sessions.#aloneIfPossible',
  'createSessionStore as store',
  'createSealedRecords',
  'aloneWithRecord',
  'withLockFile',
  'locks',
  'createLocks',
  'inPlaceOf',
  'putSignedIn',
  'recordOf',
  'writeRecord',
  'createKeyring',
  'seal',
  'writeFile in sealedRecordChanges.ts',
  'writeDurably',
  'createSecretStore as secrets',
];

/** Another extension asks for a token of an Okta session that has expired, until the new one is stored and handed out. */
export const tokenWay: readonly Step[] = [
  'registerProvider',
  'createProvider',
  'getSessions',
  // What is stored.
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
  'RefreshAhead.asked',
  'decideRefresh',
  'Refreshes.run',
  'Refreshes.#shared',
  'Refreshes.#refreshUnlessElsewhere',
  'aloneWithRecord',
  'withLockFile',
  'locks',
  'createLocks',
  'refreshAlone',
  'newestOf',
  'askTwice',
  'refreshGrant',
  // The protocol.
  'refreshOktaToken',
  'systemClock as clock',
  'tokenAnswer',
  'configurationOf',
  'createBoundedFetch as http',
  'readTokenResponse',
  // The record.
  'historyOf',
  'putShared',
  'recordOf',
  'writeRecord',
  'seal',
  'writeFile in sealedRecordChanges.ts',
  'writeDurably',
  'present in authenticationProvider.ts',
];
