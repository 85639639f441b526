import { createHash, createHmac } from 'node:crypto';

/** A received request. */
export interface ArrivedRequest {
  readonly method: string;
  readonly url: URL;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Verifies a version 4 signature by recalculating it (AWS General Reference, Signature Version 4).
 * @returns the name of AWS's error, or undefined if the signature is valid
 */
export function signatureProblem(
  { method, url, headers, body }: ArrivedRequest,
  { accessKeyId, secretAccessKey }: { readonly accessKeyId: string; readonly secretAccessKey: string },
  {
    service,
    region,
    needed = ['host', 'x-amz-date', 'x-amz-target', 'content-type'],
  }: { readonly service: string; readonly region: string; readonly needed?: readonly string[] },
): string | undefined {
  const { authorization = '' } = headers;
  const [, key, day = '', scopeRegion, scopeService, names = '', signature] =
    /^AWS4-HMAC-SHA256 Credential=(\w+)\/(\d{8})\/([\w-]+)\/(\w+)\/aws4_request, SignedHeaders=([\w;-]+), Signature=([\da-f]{64})$/.exec(
      authorization,
    ) ?? [];
  if (key === undefined) return 'MissingAuthenticationTokenException';
  if (key !== accessKeyId) return 'UnrecognizedClientException';
  const signed = names.split(';');
  if (scopeRegion !== region || scopeService !== service || needed.some((name) => !signed.includes(name)))
    return 'InvalidSignatureException';
  const values: Readonly<Record<string, string>> = { ...headers, host: url.host };
  const canonical = [
    method,
    url.pathname,
    '',
    ...signed.map((name) => `${name}:${(values[name] ?? '').trim()}`),
    '',
    names,
    sha256(body),
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const signingKey = [day, region, service, 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${secretAccessKey}`,
  );
  const right = createHmac('sha256', signingKey).update(text).digest('hex');
  return right === signature ? undefined : 'InvalidSignatureException';
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
