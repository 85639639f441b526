import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { awsActions, createAwsReader } from '../../../src/setup/awsApi.ts';
import type { AwsRequest, SetupInputs, SetupPorts } from '../../../src/setup/setupPorts.ts';
import { answeringHttp } from '../fakes/answeringHttp.ts';
import { identityCenterConnection } from '../fakes/examples.ts';
import { setupPorts } from '../fakes/setupPorts.ts';
import { serviceNamed } from '../../sandbox/identityCenter/awsApi/model.ts';
import { projectRoot } from '../../tools/lib/paths.ts';

const never = new AbortController().signal;
const sessionToken = 'IQoJb3JpZ2luX2VjEXAMPLETOKEN1234567890abcdefghij';

function reader(answer: Parameters<typeof answeringHttp>[0], region = 'eu-central-1') {
  const { http, asked } = answeringHttp(answer);
  const slept: number[] = [];
  const ports: SetupPorts = setupPorts({
    http,
    openAws: (profile) => ({
      sign: async ({ headers }: AwsRequest) =>
        profile === 'none'
          ? { noCredentials: 'Could not resolve credentials.' }
          : { headers: { ...headers, authorization: 'AWS4 x', 'x-amz-security-token': sessionToken } },
    }),
  });
  const clock = {
    ...ports.clock,
    sleep: async (milliseconds: number) => {
      slept.push(milliseconds);
    },
  };
  const open = (awsProfile = 'admin') => {
    const inputs: SetupInputs = { accessPortal: { ...identityCenterConnection, region }, awsProfile };
    return createAwsReader({ ...ports, clock }, inputs, never);
  };
  return { open, asked, slept };
}

const entry = v.object({ Id: v.string() });
const list = (open: ReturnType<typeof reader>['open'], profile?: string) =>
  open(profile).list('sso:ListInstances', {}, 'Instances', entry);
const error = (code: string, message = 'No.', more: object = {}) =>
  Response.json({ __type: `com.amazonaws.sso#${code}`, Message: message, ...more }, { status: 400 });

describe('createAwsReader: AWS APIs', () => {
  test.each([
    ['eu-central-1', 'sso.eu-central-1.amazonaws.com'],
    ['us-gov-west-1', 'sso.us-gov-west-1.amazonaws.com'],
    ['cn-north-1', 'sso.cn-north-1.amazonaws.com.cn'],
  ])('use the address of the Region %s', async (region, host) => {
    const { open, asked } = reader(() => Response.json({ Instances: [] }), region);
    expect(await list(open)).toEqual({ value: [] });
    const [[url, request] = []] = asked;
    expect(url?.href).toBe(`https://${host}/`);
    expect(request).toMatchObject({
      method: 'POST',
      headers: { 'x-amz-target': 'SWBExternalService.ListInstances', authorization: 'AWS4 x' },
    });
  });

  test('are not called without credentials or a Region', async () => {
    const { open, asked } = reader(() => Response.json({}));
    const answer = await list(open, 'none');
    expect(answer).toMatchObject({ refusal: { state: 'inconclusive', reason: 'noAwsCredentials' } });
    const other = reader(() => Response.json({}), 'somewhere');
    expect(await list(other.open)).toMatchObject({ refusal: { reason: 'awsRegionUnknown' } });
    expect([...asked, ...other.asked]).toEqual([]);
  });

  const pages = (last: number) =>
    reader((_url, { body = '' }) => {
      const { NextToken: token = '0' } = JSON.parse(body) as { readonly NextToken?: string };
      const next = Number(token) < last ? String(Number(token) + 1) : undefined;
      return Response.json({ Instances: [{ Id: token }], NextToken: next });
    });

  test('read all pages of a list', async () => {
    const { open, asked } = pages(2);
    expect(await list(open)).toEqual({ value: [{ Id: '0' }, { Id: '1' }, { Id: '2' }] });
    expect(asked).toHaveLength(3);
  });

  test.each([
    ['has no end', pages(Infinity), 20],
    ['repeats itself', reader(() => Response.json({ Instances: [{ Id: '0' }], NextToken: '1' })), 2],
  ])(
    'a list that %s does not count as complete, and nothing counts as missing from it',
    async (_what, { open, asked }, times) => {
      expect(await list(open)).toMatchObject({
        refusal: { state: 'inconclusive', reason: 'awsListNotWhole' },
      });
      expect(asked).toHaveLength(times);
    },
  );

  test('report the permission that the profile lacks', async () => {
    const { open } = reader(() => error('AccessDeniedException', 'User ana is not authorized.'));
    expect(await list(open)).toMatchObject({
      refusal: {
        state: 'inconclusive',
        reason: 'awsNotPermitted',
        evidence: [
          { name: 'permission', value: 'sso:ListInstances' },
          { name: 'status', value: 400 },
          { name: 'code', value: 'AccessDeniedException' },
          { name: 'words', value: 'User ana is not authorized.' },
        ],
      },
    });
  });

  test.each(['ExpiredTokenException', 'UnrecognizedClientException', 'InvalidSignatureException'])(
    'report rejected credentials without their values: %s',
    async (code) => {
      const { open } = reader(() => error(code, `The canonical string has ${sessionToken}`));
      const answer = await list(open);
      expect(answer).toMatchObject({ refusal: { reason: 'awsCredentialsRefused' } });
      expect(JSON.stringify(answer)).not.toContain(sessionToken.slice(0, 20));
    },
  );

  test('retry when throttled, and are finally not verified', async () => {
    let count = 0;
    const busy = reader(() =>
      ++count < 3 ? error('ThrottlingException') : Response.json({ Instances: [] }),
    );
    expect(await list(busy.open)).toEqual({ value: [] });
    expect(busy.slept).toEqual([700, 1400]);
    const always = reader(() => error('ThrottlingException'));
    // A person knows what "too many requests" means, but not an inconclusive response.
    await expect(list(always.open)).rejects.toMatchObject({ kind: 'rateLimited' });
    expect(always.asked).toHaveLength(4);
  });

  test('distinguish a missing user from an invisible directory', async () => {
    const read = async (type: string) =>
      reader(() => error('ResourceNotFoundException', 'No.', { ResourceType: type }))
        .open()
        .read('identitystore:GetUserId', {}, entry);
    expect(await read('USER')).toEqual({ value: undefined });
    expect(await read('IDENTITY_STORE')).toMatchObject({ refusal: { reason: 'awsNotVisible' } });
  });

  test.each(['AccessDeniedException', 'ResourceNotFoundException', 'ValidationException'])(
    'a key that AWS can’t use was a missing user or permission: %s',
    async (code) => {
      const { open } = reader(() => error(code, 'No.', { Reason: 'KMS_DISABLED' }));
      expect(await open().read('identitystore:GetUserId', {}, entry)).toMatchObject({
        refusal: { state: 'inconclusive', reason: 'awsKeyNotUsable' },
      });
    },
  );

  test('report an unexpected response', async () => {
    const { open } = reader(() => Response.json({ Instances: [{ Id: 1 }] }));
    expect(await list(open)).toMatchObject({
      refusal: { reason: 'unclearAnswer', evidence: [{}, { name: 'unexpected', value: 'Instances.0.Id' }] },
    });
  });

  test('use only read operations that the SDK supports and the documentation lists in a policy', () => {
    const policy = /"Action": (\[[^\]]+\])/.exec(
      readFileSync(join(projectRoot, 'docs', 'CHECK-SETUP.md'), 'utf8'),
    )?.[1];
    expect(JSON.parse(policy ?? '')).toEqual(awsActions);
    for (const action of awsActions) {
      const [service = '', operation = ''] = action.split(':');
      expect(Object.keys(serviceNamed(service)?.operations ?? {})).toContain(operation);
      expect(operation).toMatch(/^(?:List|Get|Describe|IsMember|Lookup)/);
    }
  });
});
