import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { SignInErrorKind } from '../../../../src/core/oauth/errors.ts';
import { checkAssertion } from '../../../../src/setup/checks/awsApiAssertion.ts';
import type { CheckContext } from '../../../../src/setup/check.ts';
import { answeringHttp } from '../../fakes/answeringHttp.ts';
import { checkContext } from '../../fakes/checkContext.ts';
import { day, identityCenterConnection, january } from '../../fakes/examples.ts';

/** An event in CloudTrail's history; `at` is epoch milliseconds. */
interface Told {
  readonly at: number;
  readonly credentialType?: string;
  readonly name?: string;
  readonly id?: string;
  readonly error?: string;
  /** The result of the whole sign-in in the event. */
  readonly outcome?: 'Success' | 'Failure';
}

function eventOf({ at, credentialType = 'EXTERNAL_IDP', name, id, error, outcome }: Told): object {
  return {
    EventTime: at / 1000,
    CloudTrailEvent: JSON.stringify({
      userIdentity: { type: 'Unknown', ...(id === undefined ? {} : { onBehalfOf: { userId: id } }) },
      ...(outcome === undefined ? {} : { serviceEventDetails: { UserAuthentication: outcome } }),
      ...(error === undefined
        ? {
            additionalEventData: {
              CredentialType: credentialType,
              ...(name === undefined ? {} : { UserName: name }),
            },
          }
        : { errorMessage: error }),
    }),
  };
}

/** The check for these sign-ins and errors in AWS, with Ana as `u1` in the directory. */
function told(
  {
    signIns = [],
    refusals = [],
  }: { readonly signIns?: readonly Told[]; readonly refusals?: readonly Told[] },
  signIn?: CheckContext['ports']['signIn'],
  region = 'us-east-1',
) {
  const { http } = answeringHttp((_url, { headers, body = '' }) => {
    switch (headers['x-amz-target']?.split('.')[1]) {
      case 'GetUserId':
        return Response.json({ UserId: 'u1' });
      case 'DescribeUser':
        return Response.json({ UserId: 'u1', UserName: 'ana@example.com', UserStatus: 'ENABLED' });
      default:
        return Response.json({
          Events: (body.includes('UserAuthentication') ? signIns : refusals).map(eventOf),
        });
    }
  });
  const context = checkContext({
    inputs: { accessPortal: identityCenterConnection, awsProfile: 'admin', userName: 'ana@example.com' },
    ports: {
      http,
      openAws: () => ({ sign: async ({ headers }) => ({ headers }) }),
      ...(signIn === undefined ? {} : { signIn }),
    },
  });
  return checkAssertion({
    ...context,
    lookups: { ...context.lookups, region: async () => (region === '' ? undefined : region) },
  });
}

const ana = { at: january - day, name: 'ana@example.com', id: 'u1' };
const failing = (kind: SignInErrorKind) => async () => {
  throw new SignInError(kind);
};

describe('checkAssertion: the SAML sign-in in CloudTrail', () => {
  test.each([
    ['Success', 'pass', undefined],
    ['Failure', 'inconclusive', 'notInHistory'],
  ] as const)('a sign-in with the result %s', async (outcome, state, reason) => {
    const { state: found, reason: why } = await told({ signIns: [{ ...ana, outcome }] });
    expect([found, why]).toEqual([state, reason]);
  });

  test('shows the received NameID, which matches the provisioned name', async () => {
    expect(await told({ signIns: [{ ...ana, name: 'Ana@Example.com' }] })).toEqual({
      state: 'pass',
      evidence: [
        { name: 'nameId', value: 'Ana@Example.com' },
        { name: 'directoryName', value: 'ana@example.com' },
        { name: 'signedInAt', value: january - day },
      ],
    });
  });

  test.each<[string, Parameters<typeof told>[0], string, string]>([
    ['another name of the same person', { signIns: [{ ...ana, name: 'aalves' }] }, 'fail', 'nameIdDiffers'],
    ['an event without a name', { signIns: [{ at: 1, id: 'u1' }] }, 'inconclusive', 'nameNotShown'],
    [
      'others alone',
      { signIns: [{ at: 1, name: 'ben@example.com', id: 'u2' }] },
      'inconclusive',
      'personNotInHistory',
    ],
    ['nothing', {}, 'inconclusive', 'notInHistory'],
    [
      'a password of the directory’s own',
      { signIns: [{ ...ana, credentialType: 'PASSWORD' }] },
      'inconclusive',
      'notInHistory',
    ],
    ['a refusal alone', { refusals: [{ at: 1, error: 'Audience.' }] }, 'fail', 'assertionRefused'],
    [
      'a refusal after it',
      { signIns: [ana], refusals: [{ at: january, error: 'x' }] },
      'warning',
      'lastAssertionRefused',
    ],
  ])('%s: %#', async (_what, events, state, reason) => {
    expect(await told(events)).toMatchObject({ state, reason });
  });

  test('a failure is ignored if a sign-in succeeded after it', async () => {
    const refusals = [{ at: january - 2 * day, error: 'Audience.' }];
    expect((await told({ signIns: [ana], refusals })).state).toBe('pass');
  });

  test('appears minutes after a failed test sign-in: not verified until then', async () => {
    const found = await told({ signIns: [ana] }, failing('denied'));
    expect(found).toMatchObject({ state: 'inconclusive', reason: 'eventPending' });
  });

  test('opened the browser for a start URL that no Region had accepted', async () => {
    let signIns = 0;
    const signIn = async () => {
      signIns++;
      throw new SignInError('invalidStartUrl');
    };
    const { state } = await told({ signIns: [ana] }, signIn, '');
    expect([state, signIns]).toEqual(['pass', 0]);
  });

  test.each(['cancelled', 'network'] as const)('does not wait for a sign-in that was %s', async (kind) => {
    expect((await told({ signIns: [ana] }, failing(kind))).state).toBe('pass');
  });

  test('has a message without markup', async () => {
    const found = await told({ refusals: [{ at: 1, error: '[click](command:x) $(zap)\u202e' }] });
    expect(found.evidence.find(({ name }) => name === 'words')?.value).not.toContain('\u202e');
  });
});
