import {
  CreateTokenCommand,
  type CreateTokenCommandInput,
  RegisterClientCommand,
  type RegisterClientCommandInput,
  SSOOIDCClient,
  StartDeviceAuthorizationCommand,
} from '@aws-sdk/client-sso-oidc';
import { afterEach, beforeEach, expect } from 'vitest';
import { createFaults, type Faults } from '../../sandbox/faults.ts';
import {
  type IdentityCenterOptions,
  type IdentityCenterStandIn,
  startIdentityCenter,
} from '../../sandbox/identityCenter/identityCenter.ts';
import { people } from '../../sandbox/people.ts';
import { createRequestLog, type RequestLog } from '../../sandbox/requestLog.ts';

export const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code';
export const SCOPES = ['codewhisperer:completions', 'codewhisperer:conversations'];
export const ANA = 'ana@example.com';

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface StartedDevice {
  readonly deviceCode: string;
  readonly userCode: string;
}

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  readonly expiresIn: number | undefined;
}

interface SignedIn extends Tokens {
  readonly credentials: Credentials;
  readonly sessionId: string;
}

/** An Identity Center stand-in on a clock controlled by the test, with the real AWS SDK client in front of it. */
interface World {
  readonly standIn: IdentityCenterStandIn;
  readonly faults: Faults;
  readonly requestLog: RequestLog;
  /** Epoch milliseconds. */
  readonly time: () => number;
  readonly passSeconds: (seconds: number) => void;
  /** Replaces the stand-in by one with other settings and no state. */
  readonly restart: (settings: Partial<IdentityCenterOptions>) => Promise<void>;
  /** The endpoint setting, expanded by the client. */
  readonly endpoint: (region?: string) => string;
  /** The SDK's client, without retries by default, so that requests can be counted. */
  readonly sdk: (region?: string, maxAttempts?: number) => SSOOIDCClient;
  /** Registers a client for device codes and refresh, or with the given `metadata`. */
  readonly register: (
    metadata?: Partial<RegisterClientCommandInput>,
    region?: string,
  ) => Promise<Credentials>;
  readonly startDevice: (credentials: Credentials, startUrl?: string) => Promise<StartedDevice>;
  readonly createToken: (
    credentials: Credentials,
    grant: Omit<CreateTokenCommandInput, keyof Credentials>,
    region?: string,
  ) => Promise<Tokens>;
  readonly poll: (credentials: Credentials, device: StartedDevice) => Promise<Tokens>;
  readonly refresh: (credentials: Credentials, refreshToken: string | undefined) => Promise<Tokens>;
  /** Ana's sign-in with a device code, with a new client by default. */
  readonly signIn: (credentials?: Credentials) => Promise<SignedIn>;
  /** Calls the protected endpoint. */
  readonly callService: (accessToken: string) => Promise<Response>;
  readonly logOut: (accessToken: string, region?: string) => Promise<Response>;
  /** A request without the SDK, which would not send invalid ones, and hides wire details. */
  readonly post: (path: string, body: unknown) => Promise<Response>;
}

/** Gives each test of a file a new stand-in, starting on 1 January 2030, and closes it. */
export function useIdentityCenter(): World {
  let standIn: IdentityCenterStandIn;
  let faults: Faults;
  let requestLog: RequestLog;
  let time: number;
  let clients: SSOOIDCClient[];

  const start = async (settings: Partial<IdentityCenterOptions> = {}): Promise<void> => {
    const now = (): number => time;
    faults = createFaults();
    requestLog = createRequestLog(now);
    standIn = await startIdentityCenter({ people, faults, requestLog, now, ...settings });
  };

  beforeEach(async () => {
    time = Date.UTC(2030, 0, 1);
    clients = [];
    await start();
  });

  afterEach(async () => {
    for (const client of clients) client.destroy();
    await standIn.close();
  });

  const world: World = {
    get standIn() {
      return standIn;
    },
    get faults() {
      return faults;
    },
    get requestLog() {
      return requestLog;
    },
    time: () => time,
    passSeconds(seconds) {
      time += seconds * 1000;
    },
    async restart(settings) {
      await standIn.close();
      await start(settings);
    },
    endpoint: (region = standIn.region) => standIn.endpoint.replace('{region}', region),
    sdk(region = standIn.region, maxAttempts = 1) {
      const client = new SSOOIDCClient({ region, endpoint: world.endpoint(region), maxAttempts });
      clients.push(client);
      return client;
    },
    async register(metadata = {}, region = standIn.region) {
      const answer = await world.sdk(region).send(
        new RegisterClientCommand({
          clientName: 'Developer Sign-In',
          clientType: 'public',
          scopes: SCOPES,
          grantTypes: [DEVICE_CODE, 'refresh_token'],
          ...metadata,
        }),
      );
      return { clientId: answer.clientId ?? '', clientSecret: answer.clientSecret ?? '' };
    },
    async startDevice(credentials, startUrl = standIn.startUrl) {
      const answer = await world
        .sdk()
        .send(new StartDeviceAuthorizationCommand({ ...credentials, startUrl }));
      return { deviceCode: answer.deviceCode ?? '', userCode: answer.userCode ?? '' };
    },
    async createToken(credentials, grant, region = standIn.region) {
      const answer = await world.sdk(region).send(new CreateTokenCommand({ ...credentials, ...grant }));
      expect(answer.tokenType).toBe('Bearer');
      const { accessToken = '', refreshToken, expiresIn } = answer;
      return { accessToken, refreshToken, expiresIn };
    },
    poll: (credentials, { deviceCode }) =>
      world.createToken(credentials, { grantType: DEVICE_CODE, deviceCode }),
    refresh: (credentials, refreshToken) =>
      world.createToken(credentials, { grantType: 'refresh_token', refreshToken }),
    async signIn(given) {
      const credentials = given ?? (await world.register());
      const device = await world.startDevice(credentials);
      standIn.approve(device.userCode, ANA);
      const tokens = await world.poll(credentials, device);
      return { ...tokens, credentials, sessionId: standIn.sessionOf(tokens.accessToken)?.id ?? '' };
    },
    callService: (accessToken) =>
      fetch(standIn.protectedUrl, { headers: { authorization: `Bearer ${accessToken}` } }),
    logOut: (accessToken, region = standIn.region) =>
      fetch(`${standIn.portalEndpoint.replace('{region}', region)}/logout`, {
        method: 'POST',
        headers: { 'x-amz-sso_bearer_token': accessToken },
      }),
    post: (path, body) => fetch(world.endpoint() + path, { method: 'POST', body: JSON.stringify(body) }),
  };
  return world;
}
