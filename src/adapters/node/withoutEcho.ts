import { withoutSecrets } from '../../output/withoutSecrets.ts';

/** The parts of a request that may contain secrets. */
export interface SentRequest {
  readonly headers: Readonly<Record<string, string>>;
  /** Form-encoded or JSON. */
  readonly body?: string | undefined;
}

/** Secret parameters of RFC 6749, 7009, 7523, 7636 and 8628, and of SSO-OIDC. */
const secretNames: ReadonlySet<string> = new Set([
  ...['code', 'codeverifier', 'clientsecret', 'clientassertion', 'assertion', 'devicecode', 'password'],
  ...['token', 'accesstoken', 'refreshtoken', 'idtoken', 'idtokenhint', 'subjecttoken', 'actortoken'],
]);

const secretHeaders: ReadonlySet<string> = new Set([
  'authorization',
  'x-amz-sso_bearer_token',
  'x-amz-security-token',
]);

/** The values of the secrets in a request. */
export function secretsSent({ headers, body = '' }: SentRequest): readonly string[] {
  const inHeaders = Object.entries(headers)
    .filter(([name]) => secretHeaders.has(name.toLowerCase()))
    .map(([, value]) => value.replace(/^[A-Za-z]+ +/, ''));
  const inBody = membersOf(body)
    .filter(([name]) => secretNames.has(plainName(name)))
    .map(([, value]) => value);
  return [...inHeaders, ...inBody].filter((secret) => secret !== '');
}

/**
 * The response, with the request's secrets removed if it is an error: some servers echo them, and their text
 * reaches messages, logs and reports. A token response is not touched: it may return a token that was sent.
 */
export async function withoutEcho(response: Response, request: SentRequest): Promise<Response> {
  const secrets = secretsSent(request);
  if (secrets.length === 0) return response;
  if (response.status < 400 && !(await isRefusal(response.clone()))) return response;
  const { status, statusText } = response;
  const headers = [...response.headers].filter(([, value]) => withoutSecrets(value, secrets) === value);
  const text = await response.text();
  return new Response(withoutSecrets(text, secrets), { status, statusText, headers });
}

/** Whether a response is an error without a token despite its status: some servers refuse with 200. */
async function isRefusal(response: Response): Promise<boolean> {
  const members = membersOf(await response.text()).filter(([, value]) => value !== '');
  const names = members.map(([name]) => plainName(name));
  return names.includes('error') && !names.some((name) => secretNames.has(name));
}

/** A value of a response, unless it contains a secret of the request. */
export function undefinedIfEcho(value: string | null, request: SentRequest): string | undefined {
  return value === null || withoutSecrets(value, secretsSent(request)) !== value ? undefined : value;
}

function plainName(name: string): string {
  return name.replace(/[_-]/g, '').toLowerCase();
}

/** The members with texts of a body in JSON or a form. */
export function membersOf(body: string): (readonly [name: string, value: string])[] {
  if (!body.trimStart().startsWith('{')) return [...new URLSearchParams(body)];
  try {
    const members: unknown = JSON.parse(body);
    return Object.entries(members as object).filter(
      (member): member is [string, string] => typeof member[1] === 'string',
    );
  } catch {
    return [];
  }
}
