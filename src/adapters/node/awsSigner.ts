import { createHash, createHmac } from 'node:crypto';
import { fromIni } from '@aws-sdk/credential-provider-ini';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { SignatureV4 } from '@smithy/signature-v4';
import { abortable } from '../../core/oauth/abortable.ts';
import { safeText } from '../../core/text/safeText.ts';
import { anyProfile } from '../../setup/setupPorts.ts';
import type { AwsSigner } from '../../setup/setupPorts.ts';

export { awsProfiles } from './awsProfiles.ts';

/** AWS credentials for signing requests. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * A signer with the credentials of a profile, as the AWS SDK finds them: keys, role, web identity, process, or
 * IAM Identity Center. It takes only credentials from the profile; endpoint and Region are the caller's.
 */
export function openAws(profile: string, credentialsOf = chainFor(profile)): AwsSigner {
  let credentials: Promise<AwsCredentials> | undefined;
  return {
    sign: async ({ url, service, region, headers, body }, signal) => {
      let found: AwsCredentials;
      try {
        found = await abortable((credentials ??= credentialsOf(region)), signal);
      } catch (error) {
        signal.throwIfAborted();
        return { noCredentials: wordsOf(error) };
      }
      const { host, hostname, pathname } = new URL(url);
      const signer = new SignatureV4({ service, region, credentials: found, sha256: Sha256 });
      const signed = await signer.sign({
        method: 'POST',
        protocol: 'https:',
        hostname,
        path: pathname,
        headers: { ...headers, host },
        body,
      });
      // `fetch` sets the host.
      const { host: _host, ...others } = signed.headers;
      return { headers: others };
    },
  };
}

function chainFor(profile: string): (region: string) => Promise<AwsCredentials> {
  return async (region) => {
    const options = { parentClientConfig: { region }, ignoreCache: true };
    return profile === anyProfile ? defaultProvider(options)() : fromIni({ profile, ...options })();
  };
}

/** The reason for missing credentials. A program's message and the command line may contain a secret. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error) || !/^(?:Credentials|Token)ProviderError$/.test(error.name)) return '';
  return /command failed|credential_process/i.test(error.message) ? '' : (safeText(error.message) ?? '');
}

/** SHA-256 for the signer: a hash or, given a key, an HMAC. */
class Sha256 {
  readonly #hash: { update(data: Uint8Array): unknown; digest(): Buffer };

  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(key));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.#hash.digest());
  }

  reset(): void {
    throw new Error('A hash is made for one text.');
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return new TextEncoder().encode(data);
  return data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
