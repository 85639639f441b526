import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

/** Certificates of a company with its own authority, valid until 2126. */
const pem = (name: string): string => join(import.meta.dirname, name);

/** The company's certificate authority. Its key was deleted. */
export const authorityFile = pem('authority.certificate.pem');

/** A server's key and certificate. The keys are not secret: they exist only for these tests. */
export interface Identity {
  readonly key: string;
  readonly cert: string;
}

/** 127.0.0.2, issued by the company's authority. */
export const companyIdentity: Identity = {
  key: readFileSync(pem('server.key.pem'), 'utf8'),
  cert: readFileSync(pem('server.certificate.pem'), 'utf8'),
};

/** Untrusted. */
export const strangerIdentity: Identity = {
  key: readFileSync(pem('stranger.key.pem'), 'utf8'),
  cert: readFileSync(pem('stranger.certificate.pem'), 'utf8'),
};

/** A TLS server in front of a plain HTTP server, with its own origin. */
export interface TlsFront {
  /** `https://127.0.0.2:PORT`. */
  readonly origin: string;
  close(): Promise<void>;
}

/** @param upstream an origin; occurrences in responses are replaced by the front's origin */
export async function startTlsFront(upstream: string, identity: Identity): Promise<TlsFront> {
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(request);
    const answer = await fetch(upstream + (request.url ?? '/'), {
      method: request.method ?? 'GET',
      headers: headersOf(request),
      redirect: 'manual',
      ...(body.length === 0 ? {} : { body: new Uint8Array(body) }),
    });
    const renamed = (text: string): string =>
      text.replaceAll(upstream, origin).replaceAll(encodeURIComponent(upstream), encodeURIComponent(origin));
    for (const [name, value] of answer.headers) {
      if (!ofOneConnection.has(name) && name !== 'set-cookie') response.setHeader(name, renamed(value));
    }
    response.setHeader('set-cookie', answer.headers.getSetCookie());
    response.writeHead(answer.status).end(renamed(await answer.text()));
  };
  const server = createServer({ ...identity }, (request, response) => {
    pass(request, response).catch(() => response.destroy());
  }).listen(0, '127.0.0.2');
  await once(server, 'listening');
  const origin = `https://127.0.0.2:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Hop-by-hop headers, and headers that become wrong when the body changes. */
const ofOneConnection = new Set(['connection', 'content-length', 'content-encoding', 'host', 'keep-alive']);
ofOneConnection.add('transfer-encoding');

function headersOf(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      typeof value === 'string' && !ofOneConnection.has(name) ? [[name, value]] : [],
    ),
  );
}
