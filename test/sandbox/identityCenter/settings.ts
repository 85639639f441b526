/** What a test may want otherwise than the service has it. All are seconds unless their name says something else. */
export interface IdentityCenterSettings {
  /** How long an access token lives; never longer than the session behind it. */
  readonly accessTokenSeconds: number;
  readonly deviceCodeSeconds: number;
  /** The least time between two polls; it grows by five seconds each time it is not kept. */
  readonly intervalSeconds: number;
  readonly registrationSeconds: number;
  /** How long a person stays signed in at most, however often the token is refreshed: the administrator's choice. */
  readonly sessionSeconds: number;
  readonly authorizationCodeSeconds: number;
  /** Whether a refresh hands out a new refresh token; if not, its answer has none and the old one goes on. */
  readonly rotateRefreshToken: boolean;
  /** How long a replaced refresh token still works. With 0 its second use ends the session at once. */
  readonly refreshGraceSeconds: number;
}

/** Times seen in the field (docs/PROTOCOL.md, section 1), but for the interval: a person who tries the sandbox waits enough. */
export const DEFAULT_SETTINGS: IdentityCenterSettings = {
  accessTokenSeconds: 3600,
  deviceCodeSeconds: 600,
  intervalSeconds: 1,
  registrationSeconds: 90 * 24 * 3600,
  sessionSeconds: 8 * 3600,
  authorizationCodeSeconds: 60,
  rotateRefreshToken: true,
  refreshGraceSeconds: 0,
};
