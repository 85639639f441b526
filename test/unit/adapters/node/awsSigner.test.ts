import { describe, expect, test } from 'vitest';
import { openAws } from '../../../../src/adapters/node/awsSigner.ts';
import { signatureProblem } from '../../../sandbox/identityCenter/awsApi/signature.ts';
import { inEnvironment } from '../../fakes/sdkConfiguration.ts';

const never = new AbortController().signal;
const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret/of+ana' };
const request = {
  url: 'https://identitystore.eu-central-1.amazonaws.com/',
  service: 'identitystore',
  region: 'eu-central-1',
  headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSIdentityStore.ListUsers' },
  body: '{"IdentityStoreId":"d-1234567890"}',
};

async function signed(given = credentials) {
  const answer = await openAws('admin', async () => given).sign(request, never);
  if ('noCredentials' in answer) throw new Error(answer.noCredentials);
  return answer.headers;
}

async function refused(error: unknown): Promise<string | undefined> {
  const signer = openAws('admin', async () => {
    throw error;
  });
  const answer = await signer.sign(request, never);
  return 'noCredentials' in answer ? answer.noCredentials : undefined;
}

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

describe('openAws', () => {
  const arrives = async (headers: Record<string, string>, body = request.body) =>
    signatureProblem({ method: 'POST', url: new URL(request.url), headers, body }, credentials, request);

  test('creates the signature that AWS calculates, and AWS rejects any other', async () => {
    const headers = await signed();
    expect(await arrives(headers)).toBeUndefined();
    expect(await arrives(headers, '{}')).toBe('InvalidSignatureException');
    expect(await arrives({ ...headers, 'x-amz-target': 'AWSIdentityStore.DeleteUser' })).toBe(
      'InvalidSignatureException',
    );
    expect(await arrives(await signed({ ...credentials, secretAccessKey: 'other' }))).toBe(
      'InvalidSignatureException',
    );
    expect(Object.keys(headers)).not.toContain('host');
  });

  test('loads the credentials once', async () => {
    let count = 0;
    const signer = openAws('admin', async () => {
      count += 1;
      return credentials;
    });
    await signer.sign(request, never);
    await signer.sign(request, never);
    expect(count).toBe(1);
  });

  test("reports why credentials are missing, without a program's own message, which may contain a secret", async () => {
    const words = 'Could not resolve credentials using profile: [admin]';
    expect(await refused(named('CredentialsProviderError', words))).toBe(words);
    expect(await refused(named('CredentialsProviderError', 'Command failed: vault --password=hunter2'))).toBe(
      '',
    );
    expect(await refused(named('Error', 'hunter2'))).toBe('');
    expect(await refused('hunter2')).toBe('');
  });

  test('stops on its signal', async () => {
    const signer = openAws('admin', () => new Promise(() => {}));
    await expect(signer.sign(request, AbortSignal.abort(new Error('Ended.')))).rejects.toThrow('Ended.');
  });

  test('treats an unknown profile as missing credentials, without querying other sources', async () => {
    const files = {
      AWS_CONFIG_FILE: '/nonexistent/config',
      AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/keys',
    };
    const answer = await inEnvironment(files, () => openAws('none').sign(request, never));
    expect(answer).toEqual({ noCredentials: expect.stringContaining('none') as string });
  });
});
