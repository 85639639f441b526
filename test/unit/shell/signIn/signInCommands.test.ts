import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Connection } from '../../../../src/core/connection/connection.ts';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { ErrorDetails, SignInErrorKind } from '../../../../src/core/oauth/errors.ts';
import { signInCommand, signInForPerson, signInTo } from '../../../../src/shell/signIn/signInCommands.ts';
import { identityCenterConnection, oktaConnection, oktaSession } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { sessionOf, shellWorld } from '../../fakes/shellWorld.ts';
import type { SignInDoes } from '../../fakes/shellWorld.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

const { issuer, clientId } = oktaConnection;
const { label } = oktaSession.account;
const work: Connection = { ...oktaConnection, name: 'Work' };
const second: Connection = { ...oktaConnection, name: 'Second', clientId: '0oa2' };

beforeEach(() => screen.clear());

/** Makes the first sign-in fail with this, and the second one succeed. */
function failingOnce(kind: SignInErrorKind, details: ErrorDetails = {}): SignInDoes {
  let isFirst = true;
  return async (connection) => {
    if (!isFirst) return sessionOf(connection);
    isFirst = false;
    throw new SignInError(kind, details);
  };
}

const shown = () => settleUntil(() => screen.messages.length > 0 || screen.input !== undefined);

describe('signInCommand: 16: the command without arguments', () => {
  test('signs in to the only matching connection at once', async () => {
    const { context, begun } = await shellWorld({ connections: [work, identityCenterConnection] });
    expect(await signInCommand(context, 'okta', undefined)).toMatchObject({
      accountLabel: 'ada@example.com · example.okta.com/oauth2/aus1a2b3c4d5',
    });
    expect(begun).toEqual([{ connection: work, request: {} }]);
    expect(screen.allMessages).toEqual([]);
  });

  test('lists several, with a different one last', async () => {
    const { context, begun } = await shellWorld({ connections: [work, second] });
    const done = signInCommand(context, 'okta', undefined);
    await shown();
    expect(screen.pick.labels).toEqual(['Work', 'Second', 'Manage Connections…', 'Use a Different Issuer…']);
    screen.pick.choose('Second');
    await done;
    expect(begun.map(({ connection }) => connection.name)).toEqual(['Second']);
  });

  test('asks for one without any', async () => {
    const { context } = await shellWorld();
    const done = signInCommand(context, 'okta', undefined);
    await shown();
    expect(screen.field.prompt).toMatch(/issuer/);
    screen.field.escape();
    expect(await done).toBeUndefined();
  });

  test('opens the list from the prompt of the only one', async () => {
    const { context } = await shellWorld({
      connections: [work],
      signIn: async () => {
        throw new SignInError('cancelled', { reason: 'chooseAnother' });
      },
    });
    const done = signInCommand(context, 'okta', undefined);
    await shown();
    expect(screen.pick.labels).toEqual(['Work', 'Manage Connections…', 'Use a Different Issuer…']);
    screen.pick.escape();
    await done;
  });
});

test('a command with arguments counted as the user’s own, and canceled a sign-in that the user had begun', async () => {
  const { context, signIns } = await shellWorld({ connections: [work] });
  const run = vi.spyOn(signIns, 'run');
  await signInCommand(context, 'okta', { issuer, clientId });
  await signInCommand(context, 'okta', undefined);
  const startedBy = run.mock.calls.map(([, , options]) => options?.startedBy);
  expect(startedBy).toEqual(['request', undefined]);
});

describe('signInTo: 6: a successful sign-in', () => {
  test('is shown for five seconds in the status bar', async () => {
    const { context } = await shellWorld();
    await signInTo(context, work);
    expect(screen.statusMessages).toEqual([{ text: 'Signed in as ada@example.com', milliseconds: 5000 }]);
  });

  test('6.3: does not fail if its use cannot be remembered', async () => {
    const { context, memento, saved } = await shellWorld();
    memento.update = async () => {
      throw new Error('disk full');
    };
    expect((await signInTo(context, work)).account.label).toBe(label);
    expect(saved).toEqual([{ connection: work, instead: work }]);
  });
});

test('6.3: a question whose answer cannot be remembered does not stop a sign-in', async () => {
  const { context, memento, begun } = await shellWorld();
  memento.update = async () => {
    throw new Error('disk full');
  };
  const done = signInCommand(context, 'identityCenter', undefined);
  await settleUntil(() => screen.input !== undefined && 'validationMessage' in screen.input);
  screen.field.submit('https://ssoins-7223f0a1b2c3d4e5.portal.eu-west-1.app.aws');
  expect(await done).toMatchObject({ accountLabel: expect.any(String) as string });
  expect(begun.map(({ connection }) => connection.type)).toEqual(['identityCenter']);
});

test('B23: an address that has worked is not called mistyped, but a new one may be', async () => {
  const { context, signIns } = await shellWorld();
  const run = vi.spyOn(signIns, 'run');
  await signInTo(context, identityCenterConnection);
  await signInTo(context, identityCenterConnection);
  await signInTo(context, { ...identityCenterConnection, region: 'us-east-1' });
  expect(run.mock.calls.map(([, , options]) => options?.isProven)).toEqual([false, true, false]);
});

describe('signInCommand: arguments', () => {
  const wider = {
    scopes: ['okta.users.manage'],
    redirectPorts: [12345],
    loginHint: 'ben@example.com',
    flow: 'deviceCode',
  };
  const details = [
    'Type: Okta',
    'Host: example.okta.com',
    `Issuer: ${issuer}`,
    `Client ID: ${clientId}`,
    'Scopes: codewhisperer:completions codewhisperer:conversations offline_access okta.users.manage',
    'Sign-in method: device code',
    'Callback ports: 12345',
    'Login hint: ben@example.com',
  ];

  test.each([
    ['04.07: of a connection that is not configured', [], 'that isn’t in your settings?', []],
    [
      '04.08: beyond a configured connection',
      [work],
      'with more permissions?',
      ['Not requested so far: okta.users.manage', ''],
    ],
  ])('%s are displayed as they will be sent', async (_, connections, words, added) => {
    const { context, begun, saved } = await shellWorld({ connections });
    const done = signInCommand(context, 'okta', { issuer, clientId, ...wider });
    await shown();
    expect(screen.message).toMatchObject({ severity: 'warning', isModal: true });
    expect(screen.message.message).toContain(words);
    expect(screen.message.detail.split('\n')).toEqual([...added, ...details]);
    expect(begun).toEqual([]);
    screen.message.answer('Sign In');
    await done;
    expect(begun).toMatchObject([{ connection: { issuer, clientId }, request: wider }]);
    expect(JSON.stringify(begun[0]?.connection)).not.toMatch(/12345|ben@/);
    expect(saved).toEqual([]); // Arguments belong to the request, and are never stored.
  });

  test('that request no other scope are called options', async () => {
    const { context } = await shellWorld({ connections: [work] });
    const done = rejectionOf(
      signInCommand(context, 'okta', { issuer, clientId, loginHint: 'ben@example.com' }),
    );
    await shown();
    expect(screen.message.message).toBe(`Sign in to ${work.name} with different options?`);
    expect(screen.message.detail).not.toContain('Not requested');
    screen.message.answer(undefined);
    await done;
  });

  test.each([
    ['another scope', { scopes: ['okta.users.manage'] }],
    ['another port', { redirectPorts: [12345] }],
    ['another flow', { flow: 'deviceCode' }],
    ['a login hint', { loginHint: 'ben@example.com' }],
  ])('04.08: with %s send nothing after a no', async (_, beyond) => {
    const { context, begun } = await shellWorld({ connections: [work] });
    const done = rejectionOf(signInCommand(context, 'okta', { issuer, ...beyond }));
    await shown();
    screen.message.answer(undefined);
    expect(await done).toMatchObject({ kind: 'cancelled' });
    expect(begun).toEqual([]);
  });

  test.each([
    ['nothing else', {}],
    ['scopes of its own', { scopes: ['offline_access'] }],
    ['ports of the setting', { redirectPorts: [8008] }],
    ['the usual flow', { flow: 'authorizationCode' }],
    ['another spelling of the issuer', { issuer: `${issuer}/.well-known/openid-configuration` }],
  ])('that request %s from a configured connection are not confirmed', async (_, more) => {
    const { context, begun } = await shellWorld({ connections: [work] });
    await signInCommand(context, 'okta', { issuer, ...more });
    expect(screen.allMessages).toEqual([]);
    expect(begun).toMatchObject([{ connection: work }]);
  });

  test('04.08: without a connection are confirmed for the one that is selected', async () => {
    const { context, begun } = await shellWorld({ connections: [work] });
    const done = rejectionOf(signInCommand(context, 'okta', { scopes: ['okta.users.manage'] }));
    await shown();
    expect(screen.message.detail).toContain('okta.users.manage');
    screen.message.answer(undefined);
    expect(await done).toMatchObject({ kind: 'cancelled' });
    expect(begun).toEqual([]);
  });

  test.each([
    ['more scopes', { scopes: ['sso:account:access'] }, /Scopes: .*sso:account:access/],
    ['another flow', { flow: 'authorizationCode' }, /Sign-in method: .*redirect|Sign-in method: .*browser/],
  ])('04.09: are confirmed for AWS Builder ID, with %s', async (_, given, words) => {
    const { context, begun } = await shellWorld();
    const done = rejectionOf(signInCommand(context, 'builderId', given));
    await shown();
    expect(screen.message.detail).toContain('Type: AWS Builder ID');
    expect(screen.message.detail).toMatch(words);
    screen.message.answer(undefined);
    expect(await done).toMatchObject({ kind: 'cancelled' });
    expect(begun).toEqual([]);
  });

  test('04.09: without further options start AWS Builder ID at once', async () => {
    const { context, begun } = await shellWorld();
    await signInCommand(context, 'builderId', {});
    expect(begun).toHaveLength(1);
    expect(screen.allMessages).toEqual([]);
  });

  test.each([
    ['a scope with a space', { scopes: ['a b'] }],
    ['a scope with a quote', { scopes: ['a"b'] }],
    ['an invalid port', { redirectPorts: [70_000] }],
    ['no port', { redirectPorts: [] }],
    ['an unknown flow', { flow: 'password' }],
    ['a login hint on two lines', { loginHint: 'ben\nIssuer: https://example.com' }],
  ])('04.07: with %s are rejected before any question', async (_, given) => {
    const { context } = await shellWorld({ connections: [work] });
    const error = await rejectionOf(signInCommand(context, 'okta', { issuer, ...given }));
    expect(error).toMatchObject({ kind: 'invalidInput', details: { operation: 'arguments' } });
    expect(screen.allMessages).toEqual([]);
  });

  test('select their client ID between two for one issuer', async () => {
    const { context, begun } = await shellWorld({ connections: [work, second] });
    await signInCommand(context, 'okta', { issuer, clientId: '0oa2' });
    expect(begun).toMatchObject([{ connection: second }]);
  });
});

describe('signInForPerson: 13: an error about a typed value', () => {
  test('reports and edits a client ID that the device grant rejects', async () => {
    const signIn = failingOnce('registrationRefused', {
      operation: 'deviceAuthorize',
      code: 'invalid_client',
    });
    const { context, begun, saved } = await shellWorld({ connections: [work], signIn });
    const done = signInForPerson(context, work);
    await shown();
    expect(screen.message.message).toMatch(/^Okta doesn’t recognize this client ID\./);
    expect(screen.message.message).not.toMatch(/any more/);
    expect(screen.message.buttons).toEqual(['Edit Client ID…', 'Copy for Administrator', 'Show Log']);
    screen.message.answer('Edit Client ID…');
    await shown();
    expect(screen.field.value).toBe(clientId);
    screen.field.submit('0oa2');
    expect((await done)?.connection).toMatchObject({ clientId: '0oa2' });
    expect(begun).toHaveLength(2);
    expect(saved).toEqual([{ connection: { ...work, clientId: '0oa2' }, instead: work }]);
  });

  test('a client ID that is corrected to that of a known connection signs in to that one, with its options', async () => {
    const known = { ...work, name: 'Acme', loginHint: 'ana@example.com' };
    const { context, begun, saved } = await shellWorld({
      connections: [known],
      signIn: failingOnce('registrationRefused', { operation: 'deviceAuthorize', code: 'invalid_client' }),
    });
    const done = signInForPerson(context, { ...work, name: 'example.okta.com', clientId: '0oa2' });
    await shown();
    screen.message.answer('Edit Client ID…');
    await shown();
    screen.field.submit(clientId);
    expect((await done)?.connection).toEqual(known);
    expect(begun[1]?.connection).toEqual(known);
    expect(saved).toEqual([]);
  });

  test('can be edited from the prompt without another message', async () => {
    const signIn = failingOnce('registrationRefused', { reason: 'editClientId', code: 'invalid_client' });
    const { context } = await shellWorld({ signIn });
    const done = signInForPerson(context, work);
    await shown();
    expect(screen.allMessages).toEqual([]);
    screen.field.escape(); // A user who cancels then is asked nothing more.
    expect(await done).toBeUndefined();
    expect(screen.allMessages).toEqual([]);
  });

  test.each([
    ['Edit Issuer…', work, 'metadataMissing', {}],
    ['Edit Issuer…', work, 'metadataMismatch', {}],
    ['Edit Issuer…', work, 'network', { code: 'ENOTFOUND', host: 'example.okta.com' }],
    ['Edit Start URL…', identityCenterConnection, 'invalidStartUrl', {}],
    [
      'Edit Region…',
      identityCenterConnection,
      'network',
      { code: 'ENOTFOUND', host: 'oidc.xx-1.amazonaws.com' },
    ],
  ] as const)('has %s', async (label, connection, kind, details) => {
    const { context } = await shellWorld({ signIn: failingOnce(kind, details) });
    const done = signInForPerson(context, connection);
    await shown();
    expect(screen.message.buttons).toContain(label);
    screen.message.answer(undefined);
    await done;
  });

  test('a start URL is edited with its value prefilled, and then retried', async () => {
    const { context, begun, saved } = await shellWorld({ signIn: failingOnce('invalidStartUrl') });
    const done = signInForPerson(context, identityCenterConnection);
    await shown();
    screen.message.answer('Edit Start URL…');
    await shown();
    expect(screen.field.value).toBe(identityCenterConnection.startUrl);
    screen.field.submit('https://d-9067642ac7.awsapps.com/start');
    await settleUntil(() => screen.input !== undefined && 'items' in screen.input);
    screen.pick.choose('Europe (Frankfurt)');
    await done;
    const edited = { startUrl: 'https://d-9067642ac7.awsapps.com/start', region: 'eu-central-1' };
    expect(begun[1]?.connection).toMatchObject(edited);
    expect(saved).toMatchObject([{ connection: edited, instead: identityCenterConnection }]);
  });

  test.each([
    ['a network that is away', 'network', { code: 'ECONNREFUSED' }],
    ['a policy', 'policy', {}],
    ['a grant that the application lacks', 'registrationRefused', { code: 'unauthorized_client' }],
  ] as const)('has no edit for %s', async (_, kind, details) => {
    const { context } = await shellWorld({ signIn: failingOnce(kind, details) });
    const done = signInForPerson(context, work);
    await shown();
    expect(screen.message.buttons.filter((label) => label.startsWith('Edit'))).toEqual([]);
    screen.message.answer(undefined);
    await done;
  });
});

describe('signInForPerson: 19: denied consent', () => {
  test.each([
    ['of a device code', { operation: 'token', code: 'access_denied' }],
    ['over the redirect', { operation: 'authorize', code: 'access_denied' }],
  ])('%s is shown as information with a retry', async (_, details) => {
    const { context, begun } = await shellWorld({ signIn: failingOnce('denied', details) });
    const done = signInForPerson(context, work);
    await shown();
    expect(screen.message).toMatchObject({ severity: 'information', isModal: false });
    screen.message.answer('Try Again');
    await done;
    expect(begun).toHaveLength(2);
  });
});

test('5: a sign-in that was left shows nothing', async () => {
  const { context } = await shellWorld({ signIn: failingOnce('codeExpired', { reason: 'abandoned' }) });
  expect(await signInForPerson(context, work)).toBeUndefined();
  expect(screen.allMessages).toEqual([]);
  expect(screen.statusMessages).toEqual([]);
});

test('no retry is offered after a mix-up of two servers', async () => {
  const signIn = failingOnce('invalidResponse', { operation: 'callback', reason: 'mixUp' });
  const { context } = await shellWorld({ connections: [work], signIn });
  const done = signInForPerson(context, work);
  await shown();
  expect(screen.message.buttons).not.toContain('Try Again');
  screen.message.answer(undefined);
  expect(await done).toBeUndefined();
});
