import { beforeEach, describe, expect, test, vi } from 'vitest';
import { askNewOidc, askNewOkta, editOpenId } from '../../../../src/shell/providers/openIdQuestions.ts';
import { authorizationServer, oktaConnection } from '../../fakes/examples.ts';
import { fakeHttp } from '../../fakes/fakeHttp.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const { issuer, clientId } = oktaConnection;
const metadata = {
  issuer,
  authorization_endpoint: authorizationServer.authorizationEndpoint,
  token_endpoint: authorizationServer.tokenEndpoint,
  code_challenge_methods_supported: ['S256'],
};

async function world(...answers: readonly unknown[]) {
  const all = await shellWorld();
  return { ...all, context: { ...all.context, ...fakeHttp(...answers) } };
}

const asked = (prompt: RegExp) =>
  settleUntil(() => screen.input !== undefined && prompt.test(screen.field.prompt ?? ''));

describe('askNewOkta', () => {
  test('asks for an issuer with metadata, then for a client ID, and is named after the host', async () => {
    const { context, memento } = await world(metadata);
    const done = askNewOkta(context, 'Title', { totalSteps: 3 });
    await asked(/issuer/);
    expect(screen.field).toMatchObject({ title: 'Title', step: 1, totalSteps: 3, value: '' });
    screen.field.submit(issuer);
    await asked(/client ID/);
    expect(screen.field).toMatchObject({ step: 2, totalSteps: 3 });
    screen.field.submit(` ${clientId} `);
    expect(await done).toEqual({ type: 'okta', name: 'example.okta.com', issuer, clientId });
    expect([memento.get('typed.issuer'), memento.get('typed.clientId')]).toEqual([issuer, clientId]);
  });

  test('Back in the second question returns to the first, and in the first only to a previous list', async () => {
    const { context } = await world(metadata, metadata);
    const done = rejectionOf(askNewOkta(context, 'Title', { totalSteps: 3, hasBack: true }));
    await asked(/issuer/);
    screen.field.submit(issuer);
    await asked(/client ID/);
    screen.field.press('Back');
    await asked(/issuer/);
    expect(screen.field.value).toBe(issuer);
    screen.field.press('Back');
    expect(await done).toMatchObject({ kind: 'cancelled', details: { reason: 'back' } });
    const first = rejectionOf(askNewOkta(context, 'Title', { totalSteps: 2 }));
    await asked(/issuer/);
    expect(screen.field.buttons).toEqual([]);
    screen.field.escape();
    await first;
  });

  test('starts with the last input', async () => {
    const { context, memento } = await world();
    await memento.update('typed.issuer', issuer);
    const done = rejectionOf(askNewOkta(context, 'Title', { totalSteps: 2 }));
    await asked(/issuer/);
    expect(screen.field.value).toBe(issuer);
    screen.field.escape();
    expect(await done).toMatchObject({ kind: 'cancelled' });
  });

  test.each([/issuer/, /client ID/])('Escape in the question for %s cancels silently', async (step) => {
    const { context, memento } = await world(metadata);
    const done = rejectionOf(askNewOkta(context, 'Title', { totalSteps: 2 }));
    await asked(/issuer/);
    if (!step.test('issuer')) {
      screen.field.submit(issuer);
      await asked(step);
    }
    screen.field.escape();
    expect(await done).toMatchObject({ kind: 'cancelled' });
    expect([screen.input, screen.messages]).toEqual([undefined, []]);
    expect(memento.get('typed.clientId')).toBeUndefined();
  });

  test('began at another provider with the issuer of Okta', async () => {
    const { context, memento } = await world(metadata);
    await memento.update('typed.issuer', issuer);
    await memento.update('typed.clientId', clientId);
    const done = rejectionOf(askNewOidc(context, 'Title', { totalSteps: 2 }));
    await asked(/issuer/);
    expect(screen.field.value).toBe('');
    screen.field.escape();
    expect(await done).toMatchObject({ kind: 'cancelled' });
  });

  test('reports an issuer without metadata in place', async () => {
    const { context } = await world(new Response('{}', { status: 404 }), new Response('{}', { status: 404 }));
    const done = rejectionOf(askNewOkta(context, 'Title', { totalSteps: 2 }));
    await asked(/issuer/);
    screen.field.submit(issuer);
    await settleUntil(() => screen.field.validationMessage !== undefined);
    expect(screen.field.validationMessage).toMatch(/no OpenID metadata/);
    screen.field.escape();
    await done;
  });
});

describe('askNewOkta, askNewOidc: the issuer', () => {
  const otherUrls: readonly (readonly ['okta' | 'oidc', string, string])[] = [
    ['okta', 'https://d-1234567890.awsapps.com/start', 'IAM Identity Center'],
    ['oidc', 'https://d-1234567890.awsapps.com/start/#/?tab=accounts', 'IAM Identity Center'],
    ['okta', 'ssoins-1234567890abcdef.portal.eu-central-1.app.aws', 'IAM Identity Center'],
    ['okta', 'https://login.microsoftonline.com/common/oauth2/v2.0/authorize', 'OpenID Connect'],
    ['okta', 'https://sts.windows.net/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/', 'OpenID Connect'],
    ['okta', 'accounts.google.com', 'OpenID Connect'],
    ['okta', 'https://example.eu.auth0.com/authorize', 'OpenID Connect'],
    ['okta', 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1', 'OpenID Connect'],
  ];
  test.each(otherUrls)(
    'asked a server about a URL for another provider: %s, %s',
    async (type, url, other) => {
      const { context } = await world();
      const ask = type === 'okta' ? askNewOkta : askNewOidc;
      const done = rejectionOf(ask(context, 'Title', { totalSteps: 2 }));
      await asked(/issuer/);
      screen.field.submit(url);
      await settleUntil(() => screen.field.validationMessage !== undefined);
      const own = type === 'okta' ? 'Okta' : 'OpenID Connect';
      expect(screen.field.validationMessage).toBe(
        `This URL is for ${other}. Sign in with ${other}, or enter a URL for ${own}.`,
      );
      expect(context.asked).toEqual([]);
      screen.field.escape();
      await done;
    },
  );

  test('an email address was refused because of its username', async () => {
    const { context } = await world();
    const done = rejectionOf(askNewOkta(context, 'Title', { totalSteps: 2 }));
    await asked(/issuer/);
    screen.field.submit('ana@example.com');
    await settleUntil(() => screen.field.validationMessage !== undefined);
    expect(screen.field.validationMessage).toMatch(/^Enter a valid issuer/);
    screen.field.escape();
    await done;
  });
});

describe('editOpenId', () => {
  test.each([
    ['example.okta.com', 'other.okta.com'],
    ['My company', 'My company'],
  ])('updates a name derived from the address: %s', async (name, after) => {
    const other = 'https://other.okta.com/oauth2/aus9';
    const endpoints = {
      authorization_endpoint: `${other}/v1/authorize`,
      token_endpoint: `${other}/v1/token`,
    };
    const { context } = await world({ ...metadata, issuer: other, ...endpoints });
    const done = editOpenId(context, { ...oktaConnection, name }, 'issuer');
    await asked(/issuer/);
    expect(screen.field).toMatchObject({ title: 'Edit Issuer', value: issuer });
    screen.field.submit(other);
    expect(await done).toEqual({ ...oktaConnection, name: after, issuer: other });
  });

  test('a new client ID changes nothing else', async () => {
    const { context } = await world();
    const done = editOpenId(context, oktaConnection, 'clientId');
    await asked(/client ID/);
    expect(screen.field.value).toBe(clientId);
    screen.field.submit('0oa2');
    expect(await done).toEqual({ ...oktaConnection, clientId: '0oa2' });
  });

  test('a corrected client ID was forgotten, and the next sign-in began with the wrong one', async () => {
    const { context, memento } = await world();
    await memento.update('typed.clientId', clientId);
    const done = editOpenId(context, oktaConnection, 'clientId');
    await asked(/client ID/);
    screen.field.submit('0oa2');
    await done;
    expect(memento.get('typed.clientId')).toBe('0oa2');
  });
});
