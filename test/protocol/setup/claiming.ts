import type { HttpFetch } from '../../../src/core/ports.ts';

/** Token responses whose access token has different claims; undefined ones are missing. */
export const claiming =
  (claims: Readonly<Record<string, unknown>>) =>
  (http: HttpFetch): HttpFetch =>
  async (url, request) => {
    const response = await http(url, request);
    if (!url.endsWith('/v1/token') || !response.ok) return response;
    const body = (await response.json()) as Record<string, unknown>;
    const [head, payload = '', signature] = String(body['access_token']).split('.');
    const told = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    const changed = Buffer.from(JSON.stringify({ ...told, ...claims })).toString('base64url');
    return Response.json({ ...body, access_token: [head, changed, signature].join('.') });
  };
