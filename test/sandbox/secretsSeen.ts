import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** A secret seen on the wire, and its name there. */
export interface SeenSecret {
  readonly name: string;
  readonly value: string;
}

/** All tokens, codes, verifiers and secrets that a sandbox sent or received, for the search after a run. */
export interface SecretsSeen {
  /** Observes a request and its response without consuming them. */
  readonly watch: (req: IncomingMessage, res: ServerResponse) => void;
  readonly list: () => readonly SeenSecret[];
}

/** Secret members of requests and responses, in JSON, forms and queries. */
const SECRET_MEMBERS: ReadonlySet<string> = new Set([
  ...['accessToken', 'refreshToken', 'clientSecret', 'deviceCode', 'codeVerifier'],
  ...['access_token', 'refresh_token', 'client_secret', 'device_code', 'code_verifier'],
  ...['id_token', 'idToken', 'id_token_hint'],
  ...['code', 'token', 'state'],
]);

/** Shorter than any secret of the sandbox; `token` may also be a word. */
const SHORTEST = 16;

export function createSecretsSeen(): SecretsSeen {
  const seen = new Map<string, string>();
  const remember = (members: Iterable<readonly [string, unknown]>): void => {
    for (const [name, value] of members) {
      if (SECRET_MEMBERS.has(name) && typeof value === 'string' && value.length >= SHORTEST)
        seen.set(value, name);
    }
  };
  const rememberQuery = (address: string): void => {
    remember(new URLSearchParams(/\?([^#]*)/.exec(address)?.[1] ?? ''));
  };
  return {
    watch(req, res) {
      rememberQuery(req.url ?? '');
      const sent: Buffer[] = [];
      const push = req.push.bind(req);
      // Read it from the socket's data: a data listener would take it from the handler.
      req.push = (chunk: unknown, encoding) => {
        if (chunk instanceof Buffer) sent.push(chunk);
        if (chunk === null) remember(membersOf(Buffer.concat(sent).toString('utf8')));
        return push(chunk, encoding);
      };
      watchAnswer(res, (text) => remember(membersOf(text)), rememberQuery);
    },
    list: () => [...seen].map(([value, name]) => ({ name, value })),
  };
}

function watchAnswer(
  res: ServerResponse,
  onBody: (text: string) => void,
  onLocation: (address: string) => void,
): void {
  const answered: Buffer[] = [];
  const keep = (chunk: unknown): void => {
    if (typeof chunk === 'string') answered.push(Buffer.from(chunk));
    else if (chunk instanceof Uint8Array) answered.push(Buffer.from(chunk));
  };
  const write = res.write.bind(res) as (...chunk: unknown[]) => boolean;
  const end = res.end.bind(res) as (...chunk: unknown[]) => ServerResponse;
  const writeHead = res.writeHead.bind(res) as (...head: unknown[]) => ServerResponse;
  res.writeHead = (...head: unknown[]) => {
    const headers = head.at(-1);
    const given = typeof headers === 'object' ? (headers as OutgoingHttpHeaders | null) : undefined;
    const location = given?.location ?? given?.['Location'] ?? res.getHeader('location');
    if (typeof location === 'string') onLocation(location);
    return writeHead(...head);
  };
  res.write = (...chunk: unknown[]) => {
    keep(chunk[0]);
    return write(...chunk);
  };
  res.end = (...chunk: unknown[]) => {
    keep(chunk[0]);
    onBody(Buffer.concat(answered).toString('utf8'));
    return end(...chunk);
  };
}

/** The members of a JSON object or a form; empty for a page. */
function membersOf(text: string): readonly (readonly [string, unknown])[] {
  if (text.startsWith('<')) return [];
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : [];
  } catch {
    return [...new URLSearchParams(text)];
  }
}
