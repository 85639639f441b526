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

/** As {@link chosen}, with all required confirmations. */
async function confirmed(command: SignInCommand, given: object, connections: readonly Connection[] = []) {
  const done = chosen(command, given, connections);
  await asked();
  const question = screen.message;
  question.press(/sign in/i);
  return { ...(await done), question };
}

describe('signInOfArguments: a complete address', () => {
  test('uses the configured connection with its own name, if there is one', async () => {
    expect(await chosen('okta', { issuer, clientId }, [second, work])).toEqual({
      connection: work,
      request: {},
      isOfArguments: true,
    });
    expect([screen.allMessages, screen.input]).toEqual([[], undefined]);
  });

  test('is confirmed if it is not configured, and applies only to this request', async () => {
    const { connection, isOfArguments, question } = await confirmed('okta', { issuer, clientId }, [second]);
    expect(connection).toEqual({ type: 'okta', name: 'example.okta.com', issuer, clientId });
    expect(isOfArguments).toBe(true);
    expect(question).toMatchObject({ severity: 'warning', isModal: true });
    expect(question.detail).toMatch(new RegExp(`${issuer}[^]*${clientId}`));
  });

  test('of one type does not match a connection of another', async () => {
    const { connection } = await confirmed('oidc', { issuer, clientId }, [work]);
    expect(connection.type).toBe('oidc');
  });

  test('the Region in a start URL takes precedence over the argument', async () => {
    const url = 'https://ssoins-7223f0a1b2c3d4e5.portal.eu-west-1.app.aws';
    const { connection } = await confirmed('identityCenter', { startUrl: url, region: 'us-east-1' });
    expect(connection).toMatchObject({ region: 'eu-west-1' });
  });

  test('is complete with a start URL that contains its Region', async () => {
    const url = 'https://ssoins-7223f0a1b2c3d4e5.portal.eu-west-1.app.aws';
    const { connection } = await confirmed('identityCenter', { startUrl: url });
    expect(connection).toMatchObject({ startUrl: url, region: 'eu-west-1' });
    expect(screen.input).toBeUndefined();
  });

  test('excludes the login hint, which belongs to the request', async () => {
    const loginHint = 'ada@example.com';
    const { connection, request } = await confirmed('okta', { issuer, clientId, loginHint });
    expect(connection).not.toHaveProperty('loginHint');
    expect(request).toEqual({ loginHint });
  });

  test('in a different spelling is the same address', async () => {
    const given = { startUrl: `${startUrl}/#/?tab=accounts`, region };
    const { connection } = await chosen('identityCenter', given, [identityCenterConnection]);
    expect(connection).toEqual(identityCenterConnection);
  });

  test.each([
    ['issuer', { issuer: 'not an address', clientId }],
    ['clientId', { issuer, clientId: '' }],
    ['scopes', { issuer, clientId, scopes: 'openid' }],
  ])('with an invalid %s is rejected without a question', async (_, given) => {
    expect(await rejectionOf(chosen('okta', given, [work]))).toMatchObject({ kind: 'invalidInput' });
    expect([screen.allMessages, screen.input]).toEqual([[], undefined]);
  });
});

describe('signInOfArguments: a partial address', () => {
  test('is the only configured connection that matches', async () => {
    expect(await chosen('okta', { issuer }, [{ ...work, issuer: elsewhere }, second])).toMatchObject({
      connection: second,
    });
    expect(await chosen('okta', { clientId: '0oa2' }, [work, second])).toMatchObject({ connection: second });
    expect([screen.allMessages, screen.input]).toEqual([[], undefined]);
  });

  test('is not a connection of another type for the same issuer', async () => {
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

  test('asks only for what is missing, and then confirms the whole', async () => {
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
    // Values from a program do not count as the user's last input.
    expect([memento.kept.get('typed.issuer'), memento.kept.get('typed.clientId')]).toEqual([
      undefined,
      '0oa9',
    ]);
  });

  test('a start URL without its Region asks for the Region', async () => {
    const done = rejectionOf(chosen('identityCenter', { startUrl }));
    await asked();
    expect(screen.pick.labels).toContain('Europe (Frankfurt)');
    screen.pick.choose('Europe (Frankfurt)');
    await settleUntil(() => screen.messages.length > 0);
    expect(screen.message.detail).toContain(startUrl);
    screen.message.answer(undefined);
    expect(await done).toMatchObject({ kind: 'cancelled' });
  });

  test('a Region without its start URL applies to the start URL that is asked for', async () => {
    const done = chosen('identityCenter', { region: 'us-west-2' }, [identityCenterConnection]);
    await asked();
    screen.field.submit(startUrl);
    await settleUntil(() => screen.messages.length > 0);
    screen.message.press(/sign in/i);
    expect(await done).toMatchObject({ connection: { startUrl, region: 'us-west-2' } });
  });
});

describe('signInOfArguments: no address', () => {
  test("is the only connection, or the user's choice, without confirmation", async () => {
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

  test('AWS Builder ID needs none, and ignores any in the arguments', async () => {
    const { connection, isOfArguments } = await chosen('builderId', { startUrl, region });
    expect(connection).toMatchObject({ type: 'identityCenter', name: 'AWS Builder ID' });
    expect(connection).not.toMatchObject({ startUrl });
    expect(isOfArguments).toBe(true);
    expect(screen.allMessages).toEqual([]);
  });
});

describe('signInOfArguments: the request', () => {
  test('has the allowed arguments of this type, and nothing from the address', async () => {
    const given = { issuer, clientId, redirectPorts: [8008], startUrl, region, unknown: 'x' };
    expect(await chosen('okta', given, [work])).toMatchObject({ request: { redirectPorts: [8008] } });
    const { request } = await chosen('okta', given, [work]);
    expect(Object.keys(request)).toEqual(['redirectPorts']);
  });

  test('scopes may be an empty list, which adds none', async () => {
    expect(await chosen('okta', { issuer, scopes: [] }, [work])).toMatchObject({ request: { scopes: [] } });
    expect(screen.allMessages).toEqual([]);
  });

  test('requesting more than the connection is confirmed as a whole', async () => {
    const { question } = await confirmed('okta', { issuer, scopes: ['okta.users.manage'] }, [work]);
    expect(question.detail).toContain('okta.users.manage');
  });
});
