import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Connection } from '../../../../src/core/connection/connection.ts';
import { copySetupValue } from '../../../../src/shell/setup/setupValues.ts';
import { oktaConnection } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settle, settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const { issuer } = oktaConnection;
const asked = () => settleUntil(() => screen.input !== undefined);
const ticked = () =>
  screen.executed.flatMap(([command, key, value]) =>
    command === 'setContext' && value === true ? [key] : [],
  );

/** Copies a requested value, with the given input. */
async function typed(name: string, text: string, connections: readonly Connection[] = []) {
  const { context, memento } = await shellWorld({ connections });
  const done = copySetupValue(context, name);
  await asked();
  screen.field.submit(text);
  await done;
  return { context, memento };
}

describe('copySetupValue', () => {
  test('copies a value as it is in the guide, says so, and completes the step', async () => {
    const { context } = await shellWorld();
    await copySetupValue(context, 'applicationLabel');
    expect(screen.clipboard).toBe('Demo_AWS IAM Identity Center');
    expect(screen.statusMessages.map(({ text }) => text)).toEqual([
      expect.stringContaining('Demo_AWS IAM Identity Center'),
    ]);
    expect(ticked()).toEqual(['developerSignIn.copied.applicationLabel']);
  });

  test('copies the scopes as a sign-in requests them', async () => {
    const { context } = await shellWorld();
    await copySetupValue(context, 'scopes');
    expect(screen.clipboard.split(' ')).toEqual([
      'codewhisperer:completions',
      'codewhisperer:conversations',
      'offline_access',
    ]);
    const single = [];
    for (const name of ['completions', 'conversations', 'offlineAccess']) {
      await copySetupValue(context, name);
      single.push(screen.clipboard);
    }
    expect(single.join(' ')).toBe('codewhisperer:completions codewhisperer:conversations offline_access');
  });

  test.each([['unknown'], ['toString'], ['constructor'], [undefined], [7], [{ name: 'accept' }]])(
    'copies nothing for an unknown name: %s',
    async (name) => {
      screen.clipboard = 'before';
      const { context } = await shellWorld();
      await copySetupValue(context, name);
      expect([screen.clipboard, screen.executed, screen.statusMessages]).toEqual(['before', [], []]);
    },
  );

  test('Escape in a question copies nothing and completes nothing', async () => {
    screen.clipboard = 'before';
    const { context } = await shellWorld();
    const done = copySetupValue(context, 'issuer');
    await asked();
    screen.field.escape();
    await done;
    expect([screen.clipboard, ticked(), screen.allMessages]).toEqual(['before', [], []]);
  });
});

describe('copySetupValue: the issuer', () => {
  test('is derived from the Metadata URI in a console', async () => {
    await typed('issuer', `${issuer}/.well-known/oauth-authorization-server`);
    expect(screen.clipboard).toBe(issuer);
    expect(ticked()).toEqual(['developerSignIn.copied.issuer']);
  });

  test('is prefilled if one Okta connection has it', async () => {
    const { context } = await shellWorld({ connections: [oktaConnection] });
    const done = copySetupValue(context, 'issuer');
    await asked();
    expect(screen.field.value).toBe(issuer);
    screen.field.escape();
    await done;
  });

  test('is not guessed between two', async () => {
    const other = { ...oktaConnection, issuer: 'https://other.okta.com/oauth2/aus9' };
    const { context } = await shellWorld({ connections: [oktaConnection, other] });
    const done = copySetupValue(context, 'issuer');
    await asked();
    expect(screen.field.value).toBe('');
    screen.field.escape();
    await done;
  });

  test('is remembered for the next value derived from it', async () => {
    const { context } = await typed('issuer', issuer);
    const done = copySetupValue(context, 'metadataAddress');
    await asked();
    expect(screen.field.value).toBe(issuer);
    screen.field.enter();
    await done;
    expect(screen.clipboard).toBe(`${issuer}/.well-known/openid-configuration`);
  });

  test('reports an invalid one in place', async () => {
    const { context } = await shellWorld();
    const done = copySetupValue(context, 'issuer');
    await asked();
    screen.field.submit('example');
    await settleUntil(() => screen.field.validationMessage !== undefined);
    expect(screen.clipboard).toBe('');
    screen.field.escape();
    await done;
  });
});

describe('copySetupValue: the SCIM endpoint', () => {
  test.each([
    'https://scim.us-east-1.amazonaws.com/1a2b3c4d-5e6f/scim/v2/',
    ' https://scim.us-east-1.amazonaws.com/1a2b3c4d-5e6f/scim/v2// ',
    'https://scim.us-east-1.amazonaws.com/1a2b3c4d-5e6f/scim/v2',
  ])('is copied as Okta requires it, without the slash that AWS shows: %s', async (text) => {
    await typed('scimAddress', text);
    expect(screen.clipboard).toBe('https://scim.us-east-1.amazonaws.com/1a2b3c4d-5e6f/scim/v2');
  });

  test.each(['', 'http://scim.example.com/scim/v2/', 'https://scim.example.com', 'https://a b/scim'])(
    'reports an invalid one in place: %s',
    async (text) => {
      const { context } = await shellWorld();
      const done = copySetupValue(context, 'scimAddress');
      await asked();
      screen.field.submit(text);
      await settle();
      expect(screen.field.validationMessage).toMatch(/https:\/\//);
      screen.field.escape();
      await done;
      expect(screen.clipboard).toBe('');
    },
  );
});
