/** Service settings that a test can change. All are seconds unless their name says otherwise. */
export interface IdentityCenterSettings {
  /** Lifetime of an access token, limited by that of its session. */
  readonly accessTokenSeconds: number;
  readonly deviceCodeSeconds: number;
  /** Minimum time between two polls; grows by five seconds on each violation. */
  readonly intervalSeconds: number;
  readonly registrationSeconds: number;
  /** Maximum duration of a session, regardless of refreshes; set by the administrator. */
  readonly sessionSeconds: number;
  readonly authorizationCodeSeconds: number;
  /** Whether a refresh returns a new refresh token; otherwise the response lacks one and the old one stays valid. */
  readonly rotateRefreshToken: boolean;
  /** Grace period of a replaced refresh token. With 0, its second use ends the session at once. */
  readonly refreshGraceSeconds: number;
}

/**
 * Durations observed at the service (docs/PROTOCOL.md, section 1), except for a shorter interval, to speed up
 * sandbox users.
 */
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
