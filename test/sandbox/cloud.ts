import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { createSecureContext } from 'node:tls';
import { createCertified } from './certificate.ts';
import type { Chain } from './chain.ts';
import { startNameServer, type NameServer } from './dns.ts';
import { createAwsApi, type AwsApi } from './identityCenter/awsApi/awsApi.ts';
import { createKiroApi, type KiroApi } from './okta/kiroApi.ts';

/** The domain that an administrator verifies in the DNS and at Kiro. */
export const cloudDomain = 'example.com';
export const cloudVerificationToken = 'kiro-verification-7d1f0c3b9a';
/** The Region of the Kiro profile. */
export const kiroRegion = 'us-east-1';
/** An AWS CLI profile with read permissions. */
export const awsProfile = 'sandbox';

/**
 * Services whose addresses no setting can change: AWS and Kiro hosts, behind a proxy that answers for them, and
 * the DNS. The proxy passes all other requests through.
 */
export interface Cloud {
  readonly aws: AwsApi;
  readonly kiro: KiroApi;
  readonly names: NameServer;
  /** Value for `http.proxy` or `HTTPS_PROXY`. */
  readonly proxyUrl: string;
  /** Environment variables that point a program to these services; writes the files that they name into `folder`. */
  environment(folder: string): Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Keep profiles and `sso-session`s that the user added, also after a restart. */
function withProfile(file: string, region: string): string {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const header = `[profile ${awsProfile}]`;
  return before.includes(header) ? before : `${header}\nregion = ${region}\n${before}`;
}

export async function startCloud(chain: Chain, now: () => number = Date.now): Promise<Cloud> {
  const { issuer, clientId } = chain.describe().okta;
  const aws = createAwsApi(chain.federated, now);
  const kiro = createKiroApi(cloudDomain, issuer, clientId);
  const names = await startNameServer();
  names.zones.add(cloudDomain);
  names.records.set(cloudDomain, ['v=spf1 -all', cloudVerificationToken]);
  const hosts = [
    ...[chain.federated.region, kiroRegion].flatMap((region) =>
      ['sso', 'identitystore', 'cloudtrail', 'q'].map((service) => `${service}.${region}.amazonaws.com`),
    ),
    ...['oidc', 'portal.sso', 'sts'].map(
      (service) => `${service}.${chain.identityCenter.region}.amazonaws.com`,
    ),
    'app.kiro.dev',
  ];
  const day = 24 * 3600_000;
  const certified = new Map(
    await Promise.all(
      hosts.map(
        async (commonName) =>
          [
            commonName,
            await createCertified({
              ...{ commonName, dnsName: commonName },
              ...{ startsAt: Date.now() - day, endsAt: Date.now() + 30 * day },
            }),
          ] as const,
      ),
    ),
  );

  /** Points the AWS CLI and SDKs to the IAM Identity Center stand-in when they use a shared sign-in. */
  const respond = (url: URL, request: Request): Promise<Response> => {
    const [, service, region] = /^(oidc|portal\.sso|sts)\.([\w-]+)\.amazonaws\.com$/.exec(url.host) ?? [];
    if (service === 'sts') return chain.identityCenter.sts(request);
    if (service !== undefined) {
      const path = `/${service === 'oidc' ? 'oidc' : 'portal'}/${region}${url.pathname}${url.search}`;
      return fetch(new Request(`${chain.identityCenter.origin}${path}`, request));
    }
    return (aws.isAt(url) && !kiro.isAt(url) ? aws : kiro).respond(request);
  };

  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const url = new URL(req.url ?? '/', `https://${req.headers.host ?? ''}`);
    const body = await buffer(req);
    const request = new Request(url, {
      method: req.method ?? 'GET',
      headers: Object.entries(req.headers).flatMap(([name, value]): [string, string][] =>
        value === undefined || name === 'connection' ? [] : [[name, [value].flat().join(', ')]],
      ),
      ...(body.length === 0 ? {} : { body: new Uint8Array(body) }),
    });
    const response = await respond(url, request);
    res.writeHead(response.status, Object.fromEntries(response.headers));
    res.end(new Uint8Array(await response.arrayBuffer()));
  };
  const contextOf = (name: string) => {
    const one = certified.get(name);
    return one && createSecureContext({ key: one.key, cert: one.certificate });
  };
  const inside = createTlsServer(
    { SNICallback: (name, done) => done(null, contextOf(name)) },
    (req, res) => void answer(req, res).catch(() => res.destroy()),
  );

  const sockets = new Set<Socket>();
  const proxy = createServer((req, res) => {
    const onward = httpRequest(req.url ?? '', { method: req.method, headers: req.headers }, (found) => {
      res.writeHead(found.statusCode ?? 502, found.headers);
      found.pipe(res);
    });
    onward.on('error', () => res.destroy());
    req.pipe(onward);
  });
  proxy.on('connection', (socket: Socket) => {
    sockets.add(socket.once('close', () => sockets.delete(socket)));
  });
  proxy.on('connect', ({ url: place = '' }, client: Socket) => {
    client.on('error', () => client.destroy());
    const { hostname, port } = new URL(`http://${place}`);
    const isThere = 'HTTP/1.1 200 Connection Established\r\n\r\n';
    if (certified.has(hostname)) {
      client.write(isThere);
      inside.emit('connection', client);
      return;
    }
    const onward = connect(Number(port || '80'), hostname.replace(/^\[|\]$/g, ''), () => {
      client.write(isThere);
      onward.pipe(client).pipe(onward);
    });
    onward.on('error', () => client.destroy());
    client.on('close', () => onward.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;

  return {
    aws,
    kiro,
    names,
    proxyUrl,
    environment(folder) {
      mkdirSync(folder, { recursive: true });
      const write = (name: string, text: string): string => {
        writeFileSync(join(folder, name), text, { mode: 0o600 });
        return join(folder, name);
      };
      const authorities = write(
        'authorities.pem',
        [...certified.values()].map(({ certificate }) => certificate).join(''),
      );
      const { accessKeyId, secretAccessKey, sessionToken } = aws.credentials;
      const preload = pathToFileURL(join(import.meta.dirname, 'cloudDns.mjs'));
      return {
        HTTPS_PROXY: proxyUrl,
        NO_PROXY: '::1,[::1],127.0.0.1,127.0.0.2,localhost',
        NODE_USE_ENV_PROXY: '1',
        // VS Code uses the second setting only together with the first.
        NODE_EXTRA_CA_CERTS: authorities,
        SSL_CERT_FILE: authorities,
        AWS_CA_BUNDLE: authorities,
        AWS_CONFIG_FILE: write('aws-config', withProfile(join(folder, 'aws-config'), chain.federated.region)),
        AWS_SHARED_CREDENTIALS_FILE: write(
          'aws-credentials',
          `[${awsProfile}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\naws_session_token = ${sessionToken}\n`,
        ),
        SANDBOX_NAME_SERVER: names.address,
        NODE_OPTIONS: `--import ${preload.href}`,
      };
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      inside.closeAllConnections();
      proxy.close();
      await Promise.all([once(proxy, 'close'), names.close()]);
    },
  };
}
