import * as v from 'valibot';
import { findSignInError } from '../errors.ts';
import type { SignInError } from '../errors.ts';
import type { HttpFetch } from '../ports.ts';

const documentSchema = v.looseObject({ issuer: v.string() });

/** What one of the metadata addresses answered. */
export interface MetadataAnswer {
  readonly address: string;
  readonly status?: number;
  readonly document?: v.InferOutput<typeof documentSchema>;
  readonly error?: SignInError;
}

/** Asks both metadata addresses of an issuer (OpenID Connect Discovery 1.0, 4; as Okta places RFC 8414's). */
export async function askMetadata(
  http: HttpFetch,
  issuer: string,
  signal: AbortSignal,
): Promise<readonly MetadataAnswer[]> {
  const addresses = ['openid-configuration', 'oauth-authorization-server'].map(
    (name) => `${issuer}/.well-known/${name}`,
  );
  return Promise.all(
    addresses.map(async (address) => {
      try {
        const headers = { accept: 'application/json' };
        const response = await http(address, { method: 'GET', headers, signal });
        const { status } = response;
        const parsed = v.safeParse(documentSchema, await response.json().catch(() => undefined));
        return { address, status, ...(status === 200 && parsed.success ? { document: parsed.output } : {}) };
      } catch (error) {
        const known = findSignInError(error);
        if (known === undefined) throw error;
        return { address, error: known };
      }
    }),
  );
}
