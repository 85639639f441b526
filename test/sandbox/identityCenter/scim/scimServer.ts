import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../../server.ts';
import { opaque } from '../opaque.ts';
import type { Watched } from '../watched.ts';
import type { IdentityStore } from './identityStore.ts';
import { ScimError, scimErrorBody, scimStatus } from './scimError.ts';
import { checkGroupPatch, checkListQuery, LIST_LIMIT, parseFilter } from './scimLimits.ts';
import { isLibraryError, type ScimContext, scimDescriptions, scimResources } from './scimResources.ts';

/** *Automatic provisioning* of one instance: the endpoint and token that an administrator copies to Okta. */
export interface ScimAccess {
  /** The endpoint with the trailing slash that the console shows and Okta rejects. */
  readonly endpoint: string;
  /** The latest access token, even if deleted; the console shows it only once. */
  token(): string;
  /** *Delete* in the console's token list: requests get 401 until there is a new token. */
  revokeToken(): void;
  /** *Generate token*: the previous token stops working. */
  generateToken(): string;
  /** Makes the token valid but not authorized for this: requests get 403; `false` reverts it. */
  forbid(forbidden: boolean): void;
  /** @param path the part after the Region: `/{tenant}/scim/v2/…` */
  handle(req: IncomingMessage, res: ServerResponse, path: string, query: URLSearchParams): Promise<void>;
}

/** Parts of operation names: the API's own operations, with a lower-case first letter. */
const VERBS: Readonly<Record<string, string>> = {
  POST: 'create',
  PUT: 'put',
  PATCH: 'patch',
  DELETE: 'delete',
};

const PATH = /^\/(?<tenant>[^/]+)\/scim\/v2(?<rest>\/.*)?$/;

interface ScimServerOptions {
  readonly store: IdentityStore;
  readonly watched: Watched;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** The address of the service in this Region: `{origin}/scim/{region}`. */
  readonly base: string;
}

/** The SCIM 2.0 endpoint of an instance (RFC 7644, and the service's developer guide for its limits). */
export function createScimServer({ store, watched, now, base }: ScimServerOptions): ScimAccess {
  const tenant = `${randomUUID().replaceAll('-', '').slice(0, 11)}-${randomUUID()}`;
  let token = opaque();
  let revoked = false;
  let forbidden = false;

  const authorize = (req: IncomingMessage, asked: string): void => {
    const given = /^Bearer (\S+)$/i.exec(req.headers.authorization ?? '')?.[1];
    if (asked !== tenant || revoked || given !== token) throw new ScimError(401);
    if (forbidden) throw new ScimError(403);
  };

  return {
    endpoint: `${base}/${tenant}/scim/v2/`,
    token: () => token,
    revokeToken: () => (revoked = true),
    generateToken() {
      token = opaque();
      revoked = false;
      return token;
    },
    forbid: (forbid) => (forbidden = forbid),

    async handle(req, res, path, query) {
      const { tenant: asked = '', rest = '' } = PATH.exec(path)?.groups ?? {};
      const [, kind = '', id, ...more] = rest.split('/');
      const method = req.method ?? '';
      const body = await readBody(req, 1_048_576);
      await watched(
        `identityCenter.scim:${operationName(method, kind, id)}`,
        req,
        res,
        async (answer, requestId) => {
          const headers = { 'content-type': 'application/json', 'x-amzn-requestid': requestId };
          try {
            authorize(req, asked);
            if (more.length > 0 || id === '') throw new ScimError(404);
            const [status, output] = await operate(store, {
              method,
              kind,
              id,
              query,
              body,
            });
            answer.writeHead(status, output === undefined ? { 'x-amzn-requestid': requestId } : headers);
            answer.end(output === undefined ? undefined : JSON.stringify(output));
          } catch (error) {
            const refusal = asScimError(error);
            answer.writeHead(refusal.status, headers);
            answer.end(scimErrorBody(refusal, now()));
          }
        },
      );
    },
  };
}

interface ScimRequest {
  readonly method: string;
  readonly kind: string;
  readonly id: string | undefined;
  readonly query: URLSearchParams;
  readonly body: string;
}

/** @returns the status, and the body if there is one */
async function operate(store: IdentityStore, request: ScimRequest): Promise<[number, unknown?]> {
  const { method, kind, id, query, body } = request;
  if (method === 'GET' && kind === 'ServiceProviderConfig' && id === undefined)
    return [200, SERVICE_PROVIDER_CONFIG];
  if (method === 'GET' && (kind === 'Schemas' || kind === 'ResourceTypes')) {
    const Description = scimDescriptions[kind];
    return [200, await (id === undefined ? new Description() : new Description(id)).read()];
  }
  if (kind !== 'Users' && kind !== 'Groups') throw new ScimError(404);

  const Resource = scimResources[kind];
  const context = (more: Partial<ScimContext> = {}): ScimContext => ({ store, ...more });
  const times = (answer: unknown): unknown => withMeta(answer, kind, store);
  if (id === undefined) {
    if (method === 'GET') {
      checkListQuery(query);
      const filter = query.get('filter');
      const asked = filter === null ? {} : { filter: parseFilter(kind, filter) };
      return [200, times(await new Resource(undefined, { count: LIST_LIMIT }).read(context(asked)))];
    }
    if (method !== 'POST') throw new ScimError(404);
    return [201, times(await new Resource().write(parseJson(body), context()))];
  }
  switch (method) {
    case 'GET':
      return [200, times(await new Resource(id).read(context()))];
    case 'PUT':
      // Groups support only PATCH for changes.
      if (kind === 'Groups') throw new ScimError(404);
      return [200, times(await new Resource(id).write(parseJson(body), context()))];
    case 'PATCH': {
      const change = parseJson(body);
      if (kind === 'Groups') checkGroupPatch(change);
      await new Resource(id).patch(change as never, context({ withMembers: true }));
      return kind === 'Groups' ? [204] : [200, times(await new Resource(id).read(context()))];
    }
    case 'DELETE':
      await new Resource(id).dispose(context());
      return [204];
    default:
      throw new ScimError(404);
  }
}

/** The service's response, which is the same for all users. */
const SERVICE_PROVIDER_CONFIG = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
  documentationUri:
    'https://docs.aws.amazon.com/singlesignon/latest/userguide/manage-your-identity-source-idp.html',
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'OAuth Bearer Token',
      description: 'Authentication scheme using the OAuth Bearer Token Standard',
      specUri: 'https://www.rfc-editor.org/info/rfc6750',
      documentationUri:
        'https://docs.aws.amazon.com/singlesignon/latest/userguide/provision-automatically.html',
      primary: true,
    },
  ],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 1, maxPayloadSize: 1_048_576 },
  filter: { supported: true, maxResults: LIST_LIMIT },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: false },
} as const;

/** `createUser`, `listGroups`, `serviceProviderConfig`; `unknown` for other requests. */
function operationName(method: string, kind: string, id: string | undefined): string {
  if (kind === 'ServiceProviderConfig') return 'serviceProviderConfig';
  if (kind !== 'Users' && kind !== 'Groups') return kind === '' ? 'unknown' : kind.toLowerCase();
  const one = kind.slice(0, -1);
  if (method === 'GET') return id === undefined ? `list${kind}` : `get${one}`;
  return `${VERBS[method] ?? 'unknown'}${one}`;
}

/** Maps the library's errors to those of the service. */
function asScimError(error: unknown): ScimError {
  if (error instanceof ScimError) return error;
  if (!isLibraryError(error)) throw error;
  const status = scimStatus(error.status);
  return status === 409 ? new ScimError(409, error.message) : new ScimError(status);
}

/** @throws {ScimError} 400 */
function parseJson(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Rejected below.
  }
  throw new ScimError(400);
}

/** Keeps the times of creation and change, but drops the location, as the service does. */
function withMeta(answer: unknown, kind: 'Users' | 'Groups', store: IdentityStore): unknown {
  const plain = JSON.parse(JSON.stringify(answer)) as Record<string, unknown>;
  if (Array.isArray(plain['Resources'])) {
    const resources = plain['Resources'].map((each) => withMeta(each, kind, store));
    return { ...plain, itemsPerPage: LIST_LIMIT, Resources: resources };
  }
  const all = kind === 'Users' ? store.users() : store.groups();
  const stored = all.find(({ id }) => id === plain['id']);
  const meta = {
    resourceType: kind.slice(0, -1),
    ...(stored && {
      created: new Date(stored.createdAt).toISOString(),
      lastModified: new Date(stored.modifiedAt).toISOString(),
    }),
  };
  return { ...plain, ...(kind === 'Groups' && { members: plain['members'] ?? [] }), meta };
}
