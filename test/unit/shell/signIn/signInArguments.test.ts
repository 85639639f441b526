import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Connection, OktaConnection } from '../../../../src/core/connection/connection.ts';
import type { SignInCommand } from '../../../../src/shell/providers/registration.ts';
import { signInOfArguments } from '../../../../src/shell/signIn/signInArguments.ts';
import { identityCenterConnection, oktaConnection } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const { issuer, clientId } = oktaConnection;
const { startUrl, region } = identityCenterConnection;
const work: OktaConnection = { ...oktaConnection, name: 'Work' };
const second: OktaConnection = { ...oktaConnection, name: 'Second', clientId: '0oa2' };
const elsewhere = 'https://elsewhere.okta.com/oauth2/aus9';

const asked = () => settleUntil(() => screen.input !== undefined || screen.messages.length > 0);

async function chosen(command: SignInCommand, given: object, connections: readonly Connection[] = []) {
  const { context } = await shellWorld({ connections });
  return signInOfArguments(context, command, given);
}

/** As {@link chosen}, where everything that has to be confirmed is. */
async function confirmed(command: SignInCommand, given: object, connections: readonly Connection[] = []) {
  const done = chosen(command, given, connections);
  await asked();
  const question = screen.message;
  question.press(/sign in/i);
  return { ...(await done), question };
}

describe('signInOfArguments: a place that is named whole', () => {
  test('is the configured connection where there is one, under its own name', async () => {
    expect(await chosen('okta', { issuer, clientId }, [second, work])).toEqual({
      connection: work,
      request: {},
      isOfArguments: true,
    });
    expect([screen.allMessages, screen.input]).toEqual([[], undefined]);
  });

  test('that is not configured is confirmed, and belongs to this request alone', async () => {
    const { connection, isOfArguments, question } = await confirmed('okta', { issuer, clientId }, [second]);
    expect(connection).toEqual({ type: 'okta', name: 'example.okta.com', issuer, clientId });
    expect(isOfArguments).toBe(true);
    expect(question).toMatchObject({ severity: 'warning', isModal: true });
    expect(question.detail).toMatch(new RegExp(`${issuer}[^]*${clientId}`));
  });

  test('of one type is not taken for a connection of another', async () => {
    const { connection } = await confirmed('oidc', { issuer, clientId }, [work]);
    expect(connection.type).toBe('oidc');
  });

  test('the region that a start URL names counts more than the argument', async () => {
    const url = 'https://ssoins-7223f0a1b2c3d4e5.portal.eu-west-1.app.aws';
    const { connection } = await confirmed('identityCenter', { startUrl: url, region: 'us-east-1' });
    expect(connection).toMatchObject({ region: 'eu-west-1' });
  });

  test('is whole with a start URL that names its region', async () => {
    const url = 'https://ssoins-7223f0a1b2c3d4e5.portal.eu-west-1.app.aws';
    const { connection } = await confirmed('identityCenter', { startUrl: url });
    expect(connection).toMatchObject({ startUrl: url, region: 'eu-west-1' });
    expect(screen.input).toBeUndefined();
  });

  test('has no login hint in it: that is the request’s', async () => {
    const loginHint = 'ada@example.com';
    const { connection, request } = await confirmed('okta', { issuer, clientId, loginHint });
    expect(connection).not.toHaveProperty('loginHint');
    expect(request).toEqual({ loginHint });
  });

  test('in another spelling is the same place', async () => {
    const given = { startUrl: `${startUrl}/#/?tab=accounts`, region };
    const { connection } = await chosen('identityCenter', given, [identityCenterConnection]);
    expect(connection).toEqual(identityCenterConnection);
  });

  test.each([
    ['issuer', { issuer: 'not an address', clientId }],
    ['clientId', { issuer, clientId: '' }],
    ['scopes', { issuer, clientId, scopes: 'openid' }],
  ])('with an invalid %s is refused without a question', async (_, given) => {
    expect(await rejectionOf(chosen('okta', given, [work]))).toMatchObject({ kind: 'invalidInput' });
    expect([screen.allMessages, screen.input]).toEqual([[], undefined]);
  });
});

describe('signInOfArguments: a place that is named in part', () => {
  test('is the one configured connection that fits', async () => {
    expect(await chosen('okta', { issuer }, [{ ...work, issuer: elsewhere }, second])).toMatchObject({
      connection: second,
    });
    expect(await chosen('okta', { clientId: '0oa2' }, [work, second])).toMatchObject({ connection: second });
    expect([screen.allMessages, screen.input]).toEqual([[], undefined]);
  });

  test('is not a connection of another type at the same issuer', async () => {
    const done = rejectionOf(chosen('okta', { issuer }, [{ ...work, type: 'oidc' }]));
    await asked();
    screen.field.escape();
    expect(await done).toMatchObject({ kind: 'cancelled' });
  });

  test('of two connections at one issuer, the first was taken without a question', async () => {
    const done = chosen('okta', { issuer }, [work, second]);
    await asked();
    expect(screen.pick.labels).toEqual(['Work', 'Second']);
    screen.pick.choose('Second');
    expect(await done).toMatchObject({ connection: second });
  });

  test.each([
    ['issuer', { issuer: elsewhere }],
    ['client ID', { clientId: '0oa9' }],
  ])('an unknown %s was dropped, and the only connection signed in to instead', async (_, given) => {
    const done = rejectionOf(chosen('okta', given, [work]));
    await asked();
    expect(screen.field.prompt).toMatch('issuer' in given ? /client id/i : /issuer/i);
    screen.field.escape();
    expect(await done).toMatchObject({ kind: 'cancelled' });
  });

  test('only what is missing is asked, and the whole is confirmed then', async () => {
    const { context, memento } = await shellWorld({ connections: [work] });
    const done = signInOfArguments(context, 'okta', { issuer: `${elsewhere}/` });
    await asked();
    expect(screen.field).toMatchObject({ step: undefined, totalSteps: undefined });
    screen.field.submit('0oa9');
    await settleUntil(() => screen.messages.length > 0);
    expect(screen.message.detail).toMatch(/elsewhere\.okta\.com[^]*0oa9/);
    screen.message.press(/sign in/i);
    expect(await done).toMatchObject({
      connection: { type: 'okta', issuer: elsewhere, clientId: '0oa9', name: 'elsewhere.okta.com' },
      isOfArguments: true,
    });
    // What a program gave is not what the person typed the last time.
    expect([memento.kept.get('typed.issuer'), memento.kept.get('typed.clientId')]).toEqual([
      undefined,
      '0oa9',
    ]);
  });

  test('a start URL without its region has the region asked', async () => {
    const done = rejectionOf(chosen('identityCenter', { startUrl }));
    await asked();
    expect(screen.pick.labels).toContain('Europe (Frankfurt)');
    screen.pick.choose('Europe (Frankfurt)');
    await settleUntil(() => screen.messages.length > 0);
    expect(screen.message.detail).toContain(startUrl);
    screen.message.answer(undefined);
    expect(await done).toMatchObject({ kind: 'cancelled' });
  });

  test('a region without its start URL is the region of what is asked', async () => {
    const done = chosen('identityCenter', { region: 'us-west-2' }, [identityCenterConnection]);
    await asked();
    screen.field.submit(startUrl);
    await settleUntil(() => screen.messages.length > 0);
    screen.message.press(/sign in/i);
    expect(await done).toMatchObject({ connection: { startUrl, region: 'us-west-2' } });
  });
});

describe('signInOfArguments: without a place', () => {
  test('is the only connection, or what the person chooses, and that needs no confirmation', async () => {
    expect(await chosen('okta', {}, [work, identityCenterConnection])).toEqual({
      connection: work,
      request: {},
      isOfArguments: false,
    });
    const done = chosen('okta', {}, [work, second]);
    await asked();
    screen.pick.choose('Second');
    expect(await done).toMatchObject({ connection: second, isOfArguments: false });
    expect(screen.allMessages).toEqual([]);
  });

  test('AWS Builder ID needs none, and takes none from the arguments', async () => {
    const { connection, isOfArguments } = await chosen('builderId', { startUrl, region });
    expect(connection).toMatchObject({ type: 'identityCenter', name: 'AWS Builder ID' });
    expect(connection).not.toMatchObject({ startUrl });
    expect(isOfArguments).toBe(true);
    expect(screen.allMessages).toEqual([]);
  });
});

describe('signInOfArguments: the request', () => {
  test('has what arguments of this type may ask for, and nothing of the place', async () => {
    const given = { issuer, clientId, redirectPorts: [8008], startUrl, region, unknown: 'x' };
    expect(await chosen('okta', given, [work])).toMatchObject({ request: { redirectPorts: [8008] } });
    const { request } = await chosen('okta', given, [work]);
    expect(Object.keys(request)).toEqual(['redirectPorts']);
  });

  test('scopes may be an empty list, which adds none', async () => {
    expect(await chosen('okta', { issuer, scopes: [] }, [work])).toMatchObject({ request: { scopes: [] } });
    expect(screen.allMessages).toEqual([]);
  });

  test('more than the connection asks for is confirmed, with the whole of it', async () => {
    const { question } = await confirmed('okta', { issuer, scopes: ['okta.users.manage'] }, [work]);
    expect(question.detail).toContain('okta.users.manage');
  });
});
