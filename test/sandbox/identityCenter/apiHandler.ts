import type { ServerResponse } from 'node:http';
import { readBody, type RequestHandler } from '../server.ts';
import { ApiError, errorAnswer } from './apiError.ts';
import type { ApiOperation } from './api.ts';
import { DEVICE_CODE_GRANT } from './registrations.ts';
import type { Watched } from './watched.ts';

/** Paths after the Region; each is a POST with a JSON body (rest-json). */
const PATHS = {
  '/client/register': 'registerClient',
  '/device_authorization': 'startDeviceAuthorization',
  '/token': 'createToken',
} as const;

type ApiPath = keyof typeof PATHS;

/** Whether an operation has this path. */
export function isApiPath(path: string): path is ApiPath {
  return Object.hasOwn(PATHS, path);
}

/** An operation of the API in a Region, as a request names it. */
interface ApiCall {
  readonly api: Readonly<Record<(typeof PATHS)[ApiPath], ApiOperation>>;
  readonly region: string;
  readonly path: ApiPath;
}

/** The SSO-OIDC API over HTTP: one operation in one Region. */
export function apiHandler(
  { api, region, path }: ApiCall,
  now: () => number,
  watched: Watched,
): RequestHandler {
  const name = PATHS[path];

  return async (req, res) => {
    const body = parseJson(await readBody(req));
    const operation = `identityCenter.${name}${name === 'createToken' ? grantSuffix(body) : ''}`;
    await watched(operation, req, res, (answer, requestId) => {
      const headers = { 'x-amzn-requestid': requestId, date: new Date(now()).toUTCString() };
      try {
        const output = JSON.stringify(api[name](region, body));
        send(answer, 200, { ...headers, 'content-type': 'application/json' }, output);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        const { status, headers: errorHeaders, body: words } = errorAnswer(error.exception, error.message);
        send(answer, status, { ...headers, ...errorHeaders }, words);
      }
    });
  };
}

/** `undefined`, which no operation accepts, if the body is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * A suffix such as `:refresh_token`, so that faults can target one grant type; shortens the device code's URN to
 * its last part.
 */
function grantSuffix(body: unknown): string {
  const grantType = (body as { grantType?: unknown } | null | undefined)?.grantType;
  if (typeof grantType !== 'string') return '';
  return grantType === DEVICE_CODE_GRANT ? ':device_code' : `:${grantType}`;
}

function send(res: ServerResponse, status: number, headers: Record<string, string>, body: string): void {
  res.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) });
  res.end(body);
}
