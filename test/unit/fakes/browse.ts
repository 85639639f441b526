import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** A browser's response, without following redirects. */
interface Browsed {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One request from a browser to this machine, over a separate connection. */
export async function browse(
  port: number,
  path: string,
  more: {
    readonly method?: string;
    readonly host?: string;
    readonly address?: string;
    readonly cookie?: string;
  } = {},
): Promise<Browsed> {
  const { method = 'GET', host = `localhost:${port}`, address = '127.0.0.1', cookie } = more;
  const headers = { host, ...(cookie === undefined ? {} : { cookie }) };
  const sent = request({ host: address, port, path, method, headers, agent: false }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
}
