import * as v from 'valibot';
import { findSignInError, SignInError } from '../core/oauth/errors.ts';
import type { HttpFetch } from '../core/ports.ts';
import { defined } from '../core/defined.ts';
import { parseJson } from '../core/text/parseJson.ts';
import { redirectIn } from './redirectIn.ts';

const documentSchema = v.looseObject({ issuer: v.string() });

/** The response of one metadata address. */
export interface MetadataAnswer {
  readonly address: string;
  readonly status?: number;
  readonly document?: v.InferOutput<typeof documentSchema>;
  readonly error?: SignInError;
  readonly redirectsTo?: string;
}

/** Names of the metadata documents: OpenID Connect Discovery 1.0 (4), and RFC 8414 as Okta serves it. */
const documentNames = ['openid-configuration', 'oauth-authorization-server'] as const;

/** Requests an issuer's metadata, by default from both addresses. */
export async function askMetadata(
  http: HttpFetch,
  issuer: string,
  signal: AbortSignal,
  names: readonly (typeof documentNames)[number][] = documentNames,
): Promise<readonly MetadataAnswer[]> {
  const addresses = names.map((name) => `${issuer}/.well-known/${name}`);
  return Promise.all(
    addresses.map(async (address) => {
      try {
        const headers = { accept: 'application/json' };
        const response = await http(address, { method: 'GET', headers, signal });
        const { status } = response;
        const text = await response.text();
        const json = parseJson(text);
        const parsed = v.safeParse(documentSchema, json);
        // A redirect, a truncated document, text instead of it, or an error without a reason: none proves that
        // metadata is missing.
        const isElsewhere = status !== 200 && status < 400;
        if (isElsewhere || (json === undefined && [200, 401, 403].includes(status))) {
          const { host } = new URL(address);
          const kind = isElsewhere || /^\s*[[{]/.test(text) ? 'invalidResponse' : 'proxy';
          return {
            address,
            status,
            ...defined({ redirectsTo: redirectIn(response) }),
            error: new SignInError(kind, { operation: 'metadata', host, status }),
          };
        }
        return { address, status, ...(status === 200 && parsed.success ? { document: parsed.output } : {}) };
      } catch (error) {
        const known = findSignInError(error);
        if (known === undefined) throw error;
        return { address, error: known };
      }
    }),
  );
}
