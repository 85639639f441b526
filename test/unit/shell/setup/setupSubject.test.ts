import { beforeEach, describe, expect, test, vi } from 'vitest';
import {
  answersOf,
  chooseSubject,
  connectionOf,
  pickSubject,
} from '../../../../src/shell/setup/setupSubject.ts';
import type { Connection } from '../../../../src/core/connection/connection.ts';
import german from '../../../../package.nls.de.json' with { type: 'json' };
import japanese from '../../../../package.nls.ja.json' with { type: 'json' };
import english from '../../../../package.nls.json' with { type: 'json' };
import { identityCenterConnection, oktaConnection, signInSettings } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

const configured = { ...oktaConnection, name: 'Work' };

beforeEach(() => screen.clear());

describe('chooseSubject: 04.11: Check SSO Setup with arguments', () => {
  test.each([
    ['other scopes', { scopes: ['okta.users.manage'] }, /Scopes: okta\.users\.manage/],
    ['another port', { redirectPorts: [80] }, /Callback ports: 80/],
    ['another flow', { flow: 'deviceCode' }, /Sign-in method: device code/],
  ])('for a configured connection with %s asks first, and shows them', async (_, more, words) => {
    const given = { connection: { ...oktaConnection, ...more } };
    const done = rejectionOf(chooseSubject([configured], given, signInSettings));
    await settleUntil(() => screen.messages.length > 0);
    expect(screen.message).toMatchObject({ isModal: true, severity: 'warning' });
    expect(screen.message.detail).toMatch(words);
    screen.message.answer(undefined);
    expect(await done).toMatchObject({ kind: 'cancelled' });
  });

  test('for only a configured connection uses it', async () => {
    const given = { connection: { ...oktaConnection, name: 'Anything' } };
    const subject = await chooseSubject([configured], given, signInSettings);
    expect(subject).toEqual({ document: 'kiro', connection: configured });
    expect(screen.allMessages).toEqual([]);
  });

  test('for another connection shows everything that will be sent', async () => {
    const done = chooseSubject(
      [],
      { connection: { ...oktaConnection, redirectPorts: [81] } },
      signInSettings,
    );
    await settleUntil(() => screen.messages.length > 0);
    expect(screen.message.detail.split('\n')).toEqual([
      'Type: Okta',
      'Host: example.okta.com',
      `Issuer: ${oktaConnection.issuer}`,
      `Client ID: ${oktaConnection.clientId}`,
      'Scopes: codewhisperer:completions codewhisperer:conversations offline_access',
      'Sign-in method: browser redirect',
      'Callback ports: 81',
    ]);
    screen.message.answer('Check');
    expect(await done).toMatchObject({ connection: { redirectPorts: [81] } });
  });
});

describe('chooseSubject: Check SSO Setup from the guide for IAM Identity Center offered Okta first: what the guide is about comes first', () => {
  const center: Connection = { ...identityCenterConnection, name: 'Center' };

  /** The command that a guide's link runs, with its arguments, in one of the languages. */
  const linkOf = (texts: Readonly<Record<string, string>>, guide: string): unknown => {
    const link = /\(command:developerSignIn\.checkSetup\?([^)]+)\)/.exec(
      texts[`walkthrough.${guide}.check.text`] ?? '',
    );
    return JSON.parse(decodeURIComponent(link?.[1] ?? ''));
  };

  test.each([
    ['identityCenter', 'Center'],
    ['kiro', 'Work'],
  ] as const)('%s: %s', async (guide, first) => {
    for (const texts of [english, german, japanese]) {
      const done = rejectionOf(chooseSubject([configured, center], linkOf(texts, guide), signInSettings));
      await settleUntil(() => screen.input !== undefined);
      expect(screen.pick.items.find(({ kind }) => kind === undefined)?.label).toBe(first);
      expect(screen.pick.headings).toHaveLength(3);
      screen.pick.escape();
      expect(await done).toMatchObject({ kind: 'cancelled' });
    }
  });
});

describe('pickSubject: the setup guides', () => {
  const guides = async (): Promise<readonly string[]> => {
    const done = rejectionOf(pickSubject([configured]));
    await settleUntil(() => screen.input !== undefined);
    const labels = screen.pick.labels.filter((label) => label.startsWith('Setup guide'));
    screen.pick.escape();
    await done;
    return labels;
  };

  test('are offered if the editor has walkthroughs', async () => {
    expect(await guides()).toHaveLength(2);
  });

  test('are not offered if it has none, as in Eclipse Theia', async () => {
    screen.editorCommands = [];
    expect(await guides()).toEqual([]);
  });
});

describe('connectionOf: a connection to any OpenID Connect provider', () => {
  const oidc = {
    type: 'oidc',
    name: 'Company',
    issuer: 'https://id.example.com',
    clientId: 'app',
    redirectUri: 'http://127.0.0.1',
  } as const;

  test('is checked when its name is given', async () => {
    const subject = await chooseSubject([configured, oidc], { connection: 'Company' }, signInSettings);
    expect(subject).toEqual({ document: 'openIdConnect', connection: oidc });
  });

  test('is listed under its own heading, with a row for another one', async () => {
    const done = pickSubject([configured, oidc]);
    await settleUntil(() => screen.input !== undefined);
    const labels = screen.pick.items.map(({ label }) => label);
    expect(labels.slice(labels.indexOf('OpenID Connect'))).toEqual([
      'OpenID Connect',
      'Company',
      'Another OpenID Connect provider…',
    ]);
    screen.pick.choose('Company');
    expect(await done).toEqual({ document: 'openIdConnect', connection: oidc });
  });

  test('keeps its redirect URI while issuer and client ID stay the same', () => {
    const answers = answersOf(oidc);
    expect(connectionOf('openIdConnect', answers, oidc)).toBe(oidc);
    expect(connectionOf('openIdConnect', { ...answers, clientId: 'other' }, oidc)).toEqual({
      type: 'oidc',
      name: 'Any OpenID Connect provider',
      issuer: 'https://id.example.com',
      clientId: 'other',
    });
    expect(connectionOf('openIdConnect', { issuer: 'https://id.example.com' }, oidc)).toBeUndefined();
  });
});
