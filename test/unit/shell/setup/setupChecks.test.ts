import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { TreeItem } from 'vscode';
import type { SetupPorts } from '../../../../src/setup/setupPorts.ts';
import { readSubjects } from '../../../../src/setup/expirations.ts';
import type { ShellContext } from '../../../../src/shell/context.ts';
import { SetupChecks } from '../../../../src/shell/setup/setupChecks.ts';
import { answeringHttp } from '../../fakes/answeringHttp.ts';
import {
  day,
  identityCenterConnection,
  identityCenterSession,
  oktaSession,
  january,
  oktaConnection,
  registration,
} from '../../fakes/examples.ts';
import { fakeSsoOidc } from '../../fakes/fakeSsoOidc.ts';
import { screen } from '../../fakes/screen.ts';
import { setupPorts } from '../../fakes/setupPorts.ts';
import { settle, settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';
import type { WorldOptions } from '../../fakes/shellWorld.ts';
import { views } from '../../fakes/vscodeWithViews.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeWithViews.ts'));

beforeEach(() => views.clear());

const okta = { ...oktaConnection, name: 'Work' };
const identityCenter = { ...identityCenterConnection, name: 'Center' };

/**
 * *Check SSO Setup* in a window with a connection of each kind, where all servers except SSO-OIDC reject
 * everything.
 */
async function setupChecks(adapters: Partial<SetupPorts> = {}, more: WorldOptions = {}) {
  const world = await shellWorld({ connections: [okta, identityCenter], ...more });
  const { http, asked } = answeringHttp(() =>
    Response.json({ detail: 'No.' }, { status: 401, headers: { 'x-amzn-requestid': '1' } }),
  );
  const { loopbackPorts, txtLookups, readSamlMetadata, readSamlResponse, signJwt, openAws } = setupPorts({
    loopbackPorts: async () => [],
    ...adapters,
  });
  const oidc = fakeSsoOidc()
    .willAnswer('registerClient', { clientId: 'c', clientSecret: 's', clientSecretExpiresAt: january + day })
    .willAnswer('startDeviceAuthorization', {
      deviceCode: 'd',
      userCode: 'ABCD-EFGH',
      verificationUri: `${identityCenter.startUrl}/#/device`,
      expiresIn: 600,
      interval: 1,
    });
  const context: ShellContext = {
    ...world.context,
    http,
    findRegionPorts: async () => ({
      clock: world.clock,
      ssoOidcAt: () => oidc,
      templates: { oidc: '', portal: '' },
    }),
    setupAdapters: async () => ({
      ...{ loopbackPorts, txtLookups, readSamlMetadata, readSamlResponse, signJwt, openAws },
      awsProfiles: async () => [],
    }),
  };
  return { ...world, checks: new SetupChecks(context), asked };
}

/** Waits for the list of inputs. */
const list = () => settleUntil(() => screen.input?.title?.startsWith('Check SSO Setup: ') === true);

async function give(label: string, text: string): Promise<void> {
  await list();
  screen.pick.choose(label);
  await settle();
  screen.field.submit(text);
  await settle();
}

async function checkNow(): Promise<void> {
  await list();
  screen.pick.choose('Check Now');
}

describe('SetupChecks: check', () => {
  test('checks the given connection, and resolves to the results', async () => {
    const { checks, log } = await setupChecks();
    const checked = checks.check({ connection: okta.name });
    await list();
    expect(screen.pick.row('Client ID').description).toBe(okta.clientId);
    await checkNow();
    expect(await checked).toMatchObject({
      document: 'kiro',
      findings: {
        'okta.loopbackPorts': 'pass',
        'okta.metadata': 'fail',
        'okta.signIn': 'inconclusive',
        'manual.profile': 'inconclusive',
      },
    });
    expect(views.tree?.message).toMatch(/^Kiro with Okta \(OIDC\), Work: 1 failed · .* 1 passed$/);
    expect(log.lines.filter((line) => line.includes('Setup checked'))).toEqual([
      expect.stringContaining('"document":"kiro","pass":1,"warning":0,"fail":1'),
    ]);
    checks[Symbol.dispose]();
  });

  test('silently replaced the results of another setup, which Edit Inputs was then about', async () => {
    const { checks } = await setupChecks();
    for (const { name } of [okta, identityCenter]) {
      const checked = checks.check({ connection: name });
      await list();
      await checkNow();
      await checked;
    }
    expect(views.tree?.description).toBe('IAM Identity Center with Okta (SAML and SCIM), Center');
    const shown = views.handlers.get('developerSignIn.setup.showOther')?.();
    await settle();
    expect(screen.pick.labels).toEqual(['Work']);
    expect(screen.pick.row('Work')).toMatchObject({
      description: 'Kiro with Okta (OIDC)',
      detail: expect.stringMatching(/^\S.* · 1 failed$/) as string,
    });
    screen.pick.choose('Work');
    await shown;
    expect(views.tree?.description).toBe('Kiro with Okta (OIDC), Work');
    const edited = views.handlers.get('developerSignIn.setup.edit')?.();
    await list();
    expect(screen.pick.title).toContain('Kiro with Okta (OIDC)');
    screen.pick.escape();
    await edited;
  });

  test('resolves to undefined silently when canceled', async () => {
    const { checks } = await setupChecks();
    const checked = checks.check({ connection: okta.name });
    await list();
    screen.pick.escape();
    expect(await checked).toBeUndefined();
    expect(screen.allMessages).toEqual([]);
    expect(views.tree).toBeUndefined();
  });

  test('reports invalid arguments', async () => {
    const { checks } = await setupChecks();
    const checked = checks.check({ connection: 'Unknown' });
    await settleUntil(() => screen.messages.length > 0);
    expect(screen.message).toMatchObject({ severity: 'error' });
    screen.message.answer(undefined);
    expect(await checked).toBeUndefined();
  });

  test('reports an unreadable file, and checks the rest', async () => {
    const { checks } = await setupChecks();
    const checked = checks.check({ connection: identityCenter.name });
    await list();
    views.file = 'file:///home/ana/metadata.xml';
    screen.pick.choose('Saved metadata.xml');
    await settle();
    await checkNow();
    expect(await checked).toMatchObject({ findings: { 'saml.metadata': 'inconclusive' } });
    expect(screen.message.message).toMatch(/^\/home\/ana\/metadata\.xml can’t be read/);
  });

  test.each([
    ['small', 10, '<x/>'],
    ['empty', 0, '$'],
    ['larger than metadata is', 1024 * 1024 + 1, '<'],
  ])('passes on the text of a file that is %s', async (_, size, text) => {
    const readSamlMetadata = vi.fn(() => {
      throw new Error('Enough.');
    });
    const { checks } = await setupChecks({ readSamlMetadata });
    const checked = checks.check({ connection: identityCenter.name });
    await list();
    views.file = 'file:///home/ana/metadata.xml';
    views.files.set('/home/ana/metadata.xml', new TextEncoder().encode('<x/>'.padEnd(size).slice(0, size)));
    screen.pick.choose('Saved metadata.xml');
    await settle();
    await checkNow();
    await checked;
    expect(readSamlMetadata).toHaveBeenCalledWith(expect.stringMatching(new RegExp(`^${text}`)));
  });
});

describe('SetupChecks: 08.10: the SCIM token', () => {
  const endpoint = 'https://scim.example.com/scim/v2';
  const authorized = (asked: Awaited<ReturnType<typeof setupChecks>>['asked']) =>
    asked.filter(([, { headers }]) => headers['authorization'] !== undefined).map(([url]) => url.host);

  async function ask(answer: string | undefined) {
    const world = await setupChecks();
    const checked = world.checks.check({ connection: okta.name });
    await give('SCIM endpoint', endpoint);
    await give('SCIM access token', 'a-secret-of-scim');
    await checkNow();
    await settleUntil(() => screen.messages.length > 0);
    expect(screen.message).toMatchObject({
      isModal: true,
      message: 'Send the SCIM access token to scim.example.com?',
    });
    screen.message.answer(answer);
    return { ...world, result: await checked };
  }

  test('is not sent to a host other than Identity Center’s if the user declines', async () => {
    const { asked } = await ask(undefined);
    expect(authorized(asked)).toEqual([]);
  });

  test('is sent there if the user agrees', async () => {
    const { asked, result } = await ask('Send Token');
    expect(new Set(authorized(asked))).toEqual(new Set(['scim.example.com']));
    expect(result?.findings['scim.token']).toBe('fail');
  });

  test('is requested again when its check runs again, without other questions', async () => {
    const { asked } = await ask('Send Token');
    const again = views.handlers.get('developerSignIn.setup.runAgain')?.(
      views.tree?.node('SCIM access token'),
    );
    await settle();
    expect(screen.field.password).toBe(true);
    screen.field.submit('another-secret');
    await settleUntil(() => screen.messages.length > 0);
    screen.message.answer('Send Token');
    await again;
    expect(asked.at(-1)?.[1].headers['authorization']).toBe('Bearer another-secret');
  });

  test('was forgotten by Edit Inputs, so that the second run checked less', async () => {
    const { asked } = await ask('Send Token');
    const again = views.handlers.get('developerSignIn.setup.edit')?.();
    await list();
    expect(screen.pick.row('SCIM access token').description).toBe('Enter it again. It isn’t saved.');
    await checkNow();
    await settle();
    screen.field.submit('another-secret');
    await settleUntil(() => screen.messages.length > 0);
    screen.message.answer('Send Token');
    await again;
    expect(asked.at(-1)?.[1].headers['authorization']).toBe('Bearer another-secret');
  });

  test('is not requested again if the repeated check does not need it', async () => {
    const { checks } = await setupChecks();
    const checked = checks.check({ connection: okta.name });
    await checkNow();
    await checked;
    await views.handlers.get('developerSignIn.setup.runAgain')?.(
      views.tree?.node('Callback ports on this computer'),
    );
    expect(screen.input).toBeUndefined();
  });
});

describe('SetupChecks: checkPerson: the secrets', () => {
  const endpoint = 'https://scim.us-east-1.amazonaws.com/1/scim/v2';
  const askFor = async (checks: Awaited<ReturnType<typeof setupChecks>>['checks'], login: string) => {
    const answered = checks.checkPerson();
    await settle();
    screen.field.submit(login);
    await settle();
    return { answered };
  };
  const tokens = (asked: Awaited<ReturnType<typeof setupChecks>>['asked']) =>
    asked.flatMap(([, { headers }]) => headers['authorization'] ?? []);

  test('were asked for again with each person', async () => {
    const { checks, asked } = await setupChecks();
    const checked = checks.check({ connection: okta.name });
    await give('SCIM endpoint', endpoint);
    await give('SCIM access token', 'a-secret-of-scim');
    await checkNow();
    await checked;
    const first = await askFor(checks, 'eli@example.com');
    screen.field.submit('another-secret');
    await first.answered;
    const before = tokens(asked).length;
    const second = await askFor(checks, 'ana@example.com');
    await second.answered;
    expect(tokens(asked).slice(before)).toContain('Bearer another-secret');
  });

  test('were asked for where the checks of the setup had none', async () => {
    const { checks } = await setupChecks();
    const checked = checks.check({ connection: okta.name });
    await give('SCIM endpoint', endpoint);
    await checkNow();
    await checked;
    const { answered } = await askFor(checks, 'eli@example.com');
    await answered;
    expect(screen.input).toBeUndefined();
  });
});

describe('SetupChecks: checkPerson', () => {
  test('asks for the user and the secrets again, and shows step by step whether they have access', async () => {
    const { checks, asked } = await setupChecks();
    const checked = checks.check({ connection: okta.name });
    await give('SCIM endpoint', 'https://scim.us-east-1.amazonaws.com/1/scim/v2');
    await give('SCIM access token', 'a-secret-of-scim');
    await checkNow();
    await checked;
    expect(views.tree?.lines()[0]?.label).toBe('1. The OIDC application');
    const before = asked.length;

    const answered = checks.checkPerson();
    await settle();
    expect(screen.field.title).toBe('A person to look up · Kiro with Okta (OIDC)');
    screen.field.submit(' ');
    await settle();
    expect(screen.field.validationMessage).toBe('Enter a username or an email address.');
    screen.field.submit('eli@example.com');
    await settle();
    expect(screen.field).toMatchObject({
      title: 'SCIM access token · Kiro with Okta (OIDC)',
      password: true,
    });
    expect(screen.field.prompt).toMatch(/Leave empty to skip\.$/);
    screen.field.submit('a-secret-of-scim');
    await answered;

    const [row] = views.tree?.lines() ?? [];
    expect(row).toMatchObject({ label: 'Does eli@example.com have access? Not every step is verified' });
    expect(views.tree?.revealed.at(-1)).toEqual({ kind: 'person' });
    expect(screen.statusMessages.at(-1)?.text).toContain('Does eli@example.com have access?');
    const steps = views.tree?.lines({ kind: 'person' });
    expect(steps?.map(({ label }) => label)).toEqual([
      'The person in Okta',
      'Policies for this person',
      'The person is provisioned',
      'The group is provisioned',
      'People or groups are subscribed',
    ]);
    // The line for manual verification had neither a checkbox nor an icon.
    expect(steps?.filter(({ iconPath }) => iconPath === undefined)).toEqual([]);
    const sent = asked.slice(before);
    expect(sent.map(([url]) => url.host)).toContain('scim.us-east-1.amazonaws.com');
    expect(sent.every(([, { method }]) => method === 'GET')).toBe(true);
    checks[Symbol.dispose]();
  });

  test('keeps the results of the setup, and suggests the same user next time', async () => {
    const { checks, memento } = await setupChecks();
    const checked = checks.check({ connection: okta.name });
    await checkNow();
    await checked;
    const lastRun = () =>
      memento.keys().flatMap((key) => (key.startsWith('setup.lastRun.') ? [memento.get<unknown>(key)] : []));
    const kept = lastRun();
    expect(kept).toHaveLength(1);
    const message = views.tree?.message;
    const answered = checks.checkPerson();
    await settle();
    screen.field.submit('eli@example.com');
    await answered;
    expect(views.tree?.message).toBe(message);
    expect(lastRun()).toEqual(kept);
    void checks.checkPerson();
    await settle();
    expect(screen.field.value).toBe('eli@example.com');
    screen.field.escape();
  });

  test('starts with a check of the setup if none has run', async () => {
    const { checks } = await setupChecks();
    void checks.checkPerson();
    await settleUntil(() => screen.input?.title === 'Check SSO Setup');
    screen.pick.escape();
    await settle();
    expect(screen.input).toBeUndefined();
    expect(screen.allMessages).toEqual([]);
  });
});

describe('SetupChecks: what changed since the last run', () => {
  test('are shown for a second run of the same connection, without values of the first', async () => {
    let taken: readonly number[] = [];
    const { checks, memento } = await setupChecks({
      loopbackPorts: async () => taken.map((port) => ({ port, address: '::1', code: 'EADDRINUSE' })),
    });
    const check = async (connection: string) => {
      const checked = checks.check({ connection });
      await checkNow();
      await checked;
      return views.tree?.lines()[0];
    };
    expect((await check(okta.name))?.label).toBe('1. The OIDC application');
    taken = [2128];
    const second = await check(okta.name);
    expect(second?.label).toMatch(/^Changes since Jan 1, 2026, /);
    expect(second?.description).toBe('1 now with a warning');
    expect((await check(identityCenter.name))?.label).not.toMatch(/hanges since/);
    expect((await check(okta.name))?.label).toMatch(/^No changes since Jan 1, 2026, /);
    const kept = memento.keys().filter((key) => key.startsWith('setup.lastRun.'));
    expect(kept).toHaveLength(2);
    expect(JSON.stringify(kept.map((key) => memento.get(key)))).not.toMatch(/2128|example|EADDRINUSE/);
    checks[Symbol.dispose]();
  });
});

describe('SetupChecks: the test sign-in', () => {
  const again = () =>
    views.handlers.get('developerSignIn.setup.runAgain')?.(views.tree?.node('Test sign-in'));

  test('signs in once for all checks, and again when its check runs again', async () => {
    const { checks, begun, expirations } = await setupChecks();
    const checked = checks.check({ connection: identityCenter.name });
    await list();
    screen.pick.choose('Test sign-in');
    await settle();
    await checkNow();
    expect((await checked)?.findings['identityCenter.signIn']).toBe('pass');
    expect(readSubjects(expirations.text)).toMatchObject([
      { name: 'Center', expirations: [{ what: 'registration', endsAt: registration.expiresAt }] },
    ]);
    expect(begun).toMatchObject([{ connection: identityCenter }]);
    await again();
    expect(begun).toHaveLength(2);
  });

  test('is skipped if the user does not want it', async () => {
    const { checks, begun } = await setupChecks();
    const checked = checks.check({ connection: identityCenter.name });
    await checkNow();
    expect((await checked)?.findings['identityCenter.signIn']).toBe('inconclusive');
    expect(begun).toEqual([]);
  });

  test('was an account that stayed, and is signed out of when the checks are through', async () => {
    const { checks, sessions } = await setupChecks();
    const signOut = vi.spyOn(sessions, 'signOut').mockResolvedValue({ session: identityCenterSession });
    const checked = checks.check({ connection: identityCenter.name });
    await list();
    expect(screen.pick.row('Test sign-in').description).toMatch(/^Off\./);
    screen.pick.choose('Test sign-in');
    await settle();
    expect(screen.pick.row('Test sign-in').description).toMatch(/stays signed in. The editor doesn’t/);
    await checkNow();
    expect((await checked)?.findings['identityCenter.signIn']).toBe('pass');
    expect(signOut.mock.calls.map(([id]) => id)).toEqual([identityCenterSession.id]);
  });

  test('with the account of a signed-in user keeps that session', async () => {
    const stored = { ...oktaSession, connection: okta };
    const { checks, sessions } = await setupChecks({}, { stored: [stored] });
    const signOut = vi.spyOn(sessions, 'signOut');
    const checked = checks.check({ connection: okta.name });
    await list();
    screen.pick.choose('Test sign-in');
    await settle();
    await checkNow();
    await checked;
    expect(signOut).not.toHaveBeenCalled();
    expect((await sessions.list()).sessions.map(({ id }) => id)).toEqual([stored.id]);
  });

  test('asked whether to replace the account of a person who is signed in', async () => {
    const stored = { ...identityCenterSession, connection: identityCenter };
    const { checks, begun } = await setupChecks({}, { stored: [stored] });
    const checked = checks.check({ connection: identityCenter.name });
    await list();
    screen.pick.choose('Test sign-in');
    await settle();
    await checkNow();
    expect((await checked)?.findings['identityCenter.signIn']).toBe('pass');
    expect(begun.map(({ request }) => request)).toEqual([
      { account: 'Test sign-in', accountName: 'Test sign-in' },
    ]);
  });

  describe('that ended on an error page in the browser, where the setup had “0 failed”', () => {
    const acsUrl = 'https://us-east-1.signin.aws.amazon.com/platform/saml/acs/1a2b3c4d';

    const labelOf = ({ label = '' }: TreeItem) => (typeof label === 'string' ? label : label.label);
    const signInLine = () => {
      const steps = (views.tree?.lines() ?? []).map(labelOf);
      const lines = steps.flatMap((step) => views.tree?.lines(views.tree.node(step)) ?? []);
      return lines.find(({ label }) => label === 'Test sign-in');
    };

    /** A test sign-in that is canceled after the code page. */
    async function giveUp() {
      const world = await setupChecks(
        {},
        {
          signIn: async (connection, _request, person, signal) => {
            await person.prompt(
              {
                connectionName: connection.name,
                url: `${identityCenter.startUrl}/#/device`,
                userCode: 'ABCD-EFGH',
                expiresAt: Date.now() + 600_000,
                alternatives: [],
                loopbackSupport: 'works',
              },
              signal,
            );
            throw new Error('The prompt ends with the sign-in.');
          },
        },
      );
      const checked = world.checks.check({ connection: identityCenter.name });
      await give('ACS URL', acsUrl);
      await list();
      screen.pick.choose('Test sign-in');
      await settle();
      await checkNow();
      await settleUntil(() => world.signIns.all.some(({ code }) => code() !== undefined));
      return { ...world, checked };
    }

    async function answer(label: string | undefined) {
      const world = await giveUp();
      await settleUntil(() => screen.pick.labels.includes('Copy Code and Proceed'));
      expect(screen.pick.title).toBe('Test sign-in: ABCD-EFGH');
      screen.pick.choose('Copy Code and Proceed');
      await settleUntil(() => world.opened.length > 0);
      await settle();
      world.signIns.all[0]?.cancel();
      await settleUntil(() => screen.input?.title === 'Test sign-in');
      expect(screen.pick.placeholder).toBe('What did the browser show?');
      if (label === undefined) screen.pick.escape();
      else screen.pick.choose(label);
      const result = await world.checked;
      return { state: result?.findings['identityCenter.signIn'], line: signInLine() };
    }

    test('fails if the user says that Okta showed one, with what to compare', async () => {
      const { state, line } = await answer('An error page from Okta');
      expect(state).toBe('fail');
      expect(line?.description).toBe('Failed: The browser showed an error page from Okta.');
      expect(views.tree?.message).toMatch(/: 1 failed/);
      const lines = views.tree
        ?.lines(views.tree.node('Test sign-in'))
        .map((one) => [labelOf(one), one.description].join(' '));
      expect(lines?.join('')).toContain('Paste the ACS URL and the issuer URL (audience)');
      expect(lines).toContain(`ACS URL ${acsUrl}`);
    });

    test('is incomplete if they do not say, which is the first choice', async () => {
      const { state, line } = await answer(undefined);
      expect(state).toBe('inconclusive');
      expect(line?.description).toBe('Not verified: The test sign-in was started but not completed.');
      expect(views.tree?.message).toMatch(/: Test sign-in not completed · /);
      expect(views.tree?.revealed.at(-1)).toMatchObject({ check: { id: 'identityCenter.signIn' } });
    });

    test('was canceled by the user if they say so', async () => {
      const { line } = await answer('No error: I stopped the sign-in');
      expect(line?.description).toBe('Not verified: You stopped the test sign-in.');
      expect(views.tree?.message).not.toMatch(/not completed/);
    });

    test('asks nothing before the browser was opened', async () => {
      const { checked, signIns } = await giveUp();
      signIns.all[0]?.cancel();
      await checked;
      expect(signInLine()?.description).toBe('Not verified: There was no test sign-in.');
    });
  });
});
