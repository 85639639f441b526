import { createHash } from 'node:crypto';
import { signatureProblem } from './awsApi/signature.ts';
import type { IssuedRoleCredentials } from './roleCredentials.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** `GetCallerIdentity` of AWS STS, for credentials issued by the access portal and a valid signature. */
export async function answerSts(issued: IssuedRoleCredentials, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const region = /^sts\.([\w-]+)\./.exec(url.host)?.[1] ?? '';
  const body = await request.text();
  const headers = Object.fromEntries(request.headers);
  const found = issued.withSessionToken(headers['x-amz-security-token'] ?? '');
  if (found === undefined) return refusal('InvalidClientTokenId');
  const { credentials, holder } = found;
  const problem = signatureProblem({ method: request.method, url, headers, body }, credentials, {
    service: 'sts',
    region,
    needed: ['host', 'x-amz-date'],
  });
  if (problem !== undefined) return refusal('SignatureDoesNotMatch');
  if (new URLSearchParams(body).get('Action') !== 'GetCallerIdentity') return refusal('InvalidAction');
  const { accountId, roleName, username } = holder;
  // AWS names the role of a permission set, with its own suffix.
  const suffix = createHash('sha256').update(roleName).digest('hex').slice(0, 16);
  const arn = `arn:aws:sts::${accountId}:assumed-role/AWSReservedSSO_${roleName}_${suffix}/${username}`;
  return xml(
    200,
    `<GetCallerIdentityResponse xmlns="${NAMESPACE}"><GetCallerIdentityResult><Arn>${arn}</Arn>` +
      `<UserId>AROA${suffix.toUpperCase()}:${username}</UserId><Account>${accountId}</Account>` +
      '</GetCallerIdentityResult></GetCallerIdentityResponse>',
  );
}

function refusal(code: string): Response {
  return xml(
    403,
    `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>${code}</Code><Message>${code}</Message></Error></ErrorResponse>`,
  );
}

function xml(status: number, text: string): Response {
  return new Response(text, { status, headers: { 'content-type': 'text/xml' } });
}
