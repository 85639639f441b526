import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { InteractionRequest, RedirectUriStatus } from '../../../../src/core/oauth/userInteraction.ts';
import { SignInPrompt } from '../../../../src/shell/signIn/signInPrompt.ts';
import type { PromptOptions } from '../../../../src/shell/signIn/prompt.ts';
import { screen } from '../../fakes/screen.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

const redirectUri = 'http://localhost:8008/oauth/callback';
const device: InteractionRequest = {
  connectionName: 'Example',
  url: 'https://example.awsapps.com/start/#/device?user_code=ABCD-EFGH',
  userCode: 'ABCD-EFGH',
  expiresAt: Date.UTC(2026, 0, 1),
  alternatives: ['authorizationCode'],
  loopbackSupport: 'works',
};
const loopback: InteractionRequest = {
  connectionName: 'Example',
  url: 'https://example.okta.com/oauth2/aus1/v1/authorize?client_id=0oa1',
  redirectUri,
  expiresAt: Date.UTC(2026, 0, 1),
  alternatives: ['deviceCode'],
  loopbackSupport: 'works',
  takeCallback: () => true,
};
const background = 'Sign-in continues in the background';

let surface: SignInPrompt;
let opened: string[];
const pause = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
const said = () => screen.statusMessages.map(({ text }) => text);

beforeEach(() => {
  vi.useFakeTimers();
  screen.clear();
});

afterEach(() => {
  surface[Symbol.dispose]();
  vi.useRealTimers();
});

function begin(opens = true, options: Partial<PromptOptions> = {}): void {
  const all = {
    title: 'Sign In with Okta: Example',
    mistypable: 'startUrlAndRegion' as const,
    beyond: [],
    browserErrors: [{ label: 'Not assigned', detail: 'Ask.', leadsTo: 'administrator' as const }],
    checkedName: 'Example',
    canEdit: true,
    canChooseAnother: false,
    canUseOtherAccount: false,
    where: 'Example',
    isScreenReaderOn: false,
    clientId: '0oa1',
    ...options,
  };
  opened = [];
  surface = new SignInPrompt(all, async (url) => {
    opened.push(url);
    return opens;
  });
}

/** Opens the browser. A list that has just changed ignores input for half a second. */
async function turn(shown: InteractionRequest, over = new AbortController()) {
  const choice = surface.prompt(shown, AbortSignal.any([surface.signal, over.signal]));
  choice.catch(() => undefined);
  await pause(1000);
  return { choice, over };
}

/** Through *Trouble signing in?*, unless already there. */
async function chooseInTrouble(label: string): Promise<void> {
  if (!screen.pick.labels.includes(label)) {
    screen.pick.choose('Trouble signing in?');
    await pause(1000);
  }
  screen.pick.choose(label);
}

describe('SignInPrompt: 5: Escape', () => {
  test('cancels during a request to the server', async () => {
    begin();
    screen.pick.escape();
    expect(surface.signal.reason).toMatchObject({ kind: 'cancelled' });
    expect(said()).toEqual([]);
  });

  test('says after the browser was opened that its page can be closed: the port is gone with the sign-in', async () => {
    begin();
    const { choice } = await turn(loopback);
    screen.pick.choose('Cancel');
    expect(await rejectionOf(choice)).toMatchObject({ details: { reason: 'browserOpened' } });
    expect(said()).toEqual(['Sign-in canceled. You can close the page in your browser.']);
  });

  test('cancels where the code is shown and the browser was not opened', async () => {
    begin();
    const { choice } = await turn(device);
    screen.pick.escape();
    expect(await rejectionOf(choice)).toMatchObject({ kind: 'cancelled' });
    expect(said()).toEqual([]);
  });

  test('cancels if the user did not let the browser open', async () => {
    begin(false);
    await turn(loopback);
    screen.pick.escape();
    expect(surface.signal.aborted).toBe(true);
  });

  test('hides the list once the browser was opened, and says so in one message', async () => {
    begin();
    await turn(device);
    screen.pick.choose('Copy Code and Proceed');
    await pause(1000);
    screen.pick.escape();
    expect(surface.signal.aborted).toBe(false);
    expect(surface.isAbandoned).toBe(true);
    expect(screen.statusMessages).toEqual([{ text: background, milliseconds: 5000 }]);
    expect([...screen.statusBar]).toEqual([background]);
    surface.show();
    expect(screen.pick.labels).toContain('Open Browser Again');
    expect(surface.isAbandoned).toBe(false);
    expect([...screen.statusBar]).toEqual([]);
  });

  test('what ended meanwhile was said to continue in the background', async () => {
    begin();
    await turn(loopback);
    screen.pick.escape();
    expect([...screen.statusBar]).toEqual([background]);
    surface[Symbol.dispose]();
    expect([...screen.statusBar]).toEqual([]);
  });

  test('what was left at the other ways came back there, without the row that copies the code', async () => {
    begin();
    await turn(device);
    screen.pick.choose('Trouble signing in?');
    await pause(1000);
    expect(screen.pick.labels).not.toContain('Copy Code and Proceed');
    surface.hideForOtherList();
    surface.show();
    expect(screen.pick.labels).toContain('Copy Code and Proceed');
  });

  test('hides the list if the browser opened automatically', async () => {
    begin();
    await turn(loopback);
    screen.pick.escape();
    expect(surface.signal.aborted).toBe(false);
    expect(said()).toEqual([background]);
  });

  test('hides the list if the link was copied for another browser', async () => {
    begin();
    await turn(device);
    screen.pick.choose('Copy Link');
    await pause(1000);
    screen.pick.escape();
    expect(surface.signal.aborted).toBe(false);
  });

  test('cancels the next prompt, whose page was not opened either', async () => {
    begin();
    const { choice, over } = await turn(loopback);
    await chooseInTrouble('Use a Device Code');
    expect(await choice).toBe('deviceCode');
    over.abort(new SignInError('cancelled'));
    await turn(device);
    screen.pick.escape();
    expect(surface.signal.aborted).toBe(true);
  });

  test('cancels after the code has expired', async () => {
    begin();
    const { over } = await turn(device);
    over.abort(new SignInError('codeExpired'));
    const wanted = surface.confirmRetry(surface.signal);
    screen.pick.escape();
    expect(await rejectionOf(wanted)).toMatchObject({ kind: 'cancelled' });
  });

  test('cancels in the input for the callback URL, as its text says; Back returns', async () => {
    begin();
    await turn(loopback);
    await chooseInTrouble('Paste Callback URL…');
    screen.field.press('Back');
    expect(surface.signal.aborted).toBe(false);
    await pause(1000);
    // To the list where it was selected, not the first one.
    expect(screen.pick.labels).toContain('Paste Callback URL…');
    screen.pick.choose('Paste Callback URL…');
    expect(said()).toEqual([]); // Opening the input does not count as Escape.
    screen.field.escape();
    expect(surface.signal.reason).toMatchObject({ kind: 'cancelled' });
  });

  test('differs from opening another list of this product', async () => {
    begin();
    await turn(device);
    surface.hideForOtherList();
    expect(surface.signal.aborted).toBe(false);
    expect(said()).toEqual([]);
    surface.show();
    screen.pick.escape();
    expect(surface.signal.aborted).toBe(true);
  });

  test('differs from the end of a sign-in', async () => {
    begin();
    await turn(loopback);
    surface[Symbol.dispose]();
    expect(surface.signal.aborted).toBe(false);
    expect(said()).toEqual([]);
  });
});

describe('SignInPrompt: a pasted URL', () => {
  test('that is accepted reopens the list', async () => {
    begin();
    await turn(loopback);
    await chooseInTrouble('Paste Callback URL…');
    screen.field.submit('http://localhost:8008/oauth/callback?code=1&state=2');
    expect(surface.signal.aborted).toBe(false);
    expect(screen.pick.title).toContain('Sign In with Okta: Example');
  });

  test('that is rejected is reported in place', async () => {
    begin();
    await turn({ ...loopback, takeCallback: () => false });
    await chooseInTrouble('Paste Callback URL…');
    screen.field.submit('http://localhost:8008/oauth/callback?code=1&state=3');
    expect(screen.field.validationMessage).toMatch(/another sign-in/);
  });

  test('that is late finds the list of the expired prompt', async () => {
    begin();
    const { over } = await turn(loopback);
    await chooseInTrouble('Paste Callback URL…');
    over.abort(new SignInError('codeExpired'));
    expect(surface.signal.aborted).toBe(false);
    const wanted = surface.confirmRetry(surface.signal);
    await pause(1000);
    screen.pick.choose('Open a New Sign-In Page');
    expect(await wanted).toBe(true);
  });
});

describe('SignInPrompt: 2: a hint about trouble', () => {
  test('appears after ninety seconds, and not before', async () => {
    begin();
    await turn(loopback);
    await pause(88_000);
    expect(screen.pick.row('Trouble signing in?').detail).toBeUndefined();
    await pause(2000);
    expect(screen.pick.row('Trouble signing in?').detail).toMatch(/^Error page\? /);
  });

  test('appears at once for a known problem, even if the list is hidden', async () => {
    const redirectStatus = Promise.withResolvers<RedirectUriStatus>();
    begin();
    await turn({ ...loopback, redirectStatus: redirectStatus.promise });
    screen.pick.escape();
    redirectStatus.resolve({ redirectUri, registration: 'notRegistered' });
    await pause(0);
    expect(screen.pick.labels[0]).toBe('Port 8008 isn’t registered with this Okta application');
  });
});

describe('SignInPrompt: a redirect URI that is known to be unregistered', () => {
  const known: RedirectUriStatus = { redirectUri, registration: 'notRegistered' };

  test('is said before the browser opens, which it then does only when the person says so', async () => {
    begin();
    await turn({ ...loopback, knownRedirectStatus: known });
    expect(opened).toEqual([]);
    expect(screen.pick.labels.slice(0, 2)).toEqual([
      'Port 8008 isn’t registered with this Okta application',
      'Open Browser',
    ]);
    expect(screen.pick.placeholder).toMatch(/^Select another way to sign in/);
    await pause(1000);
    screen.pick.choose('Open Browser');
    await pause(0);
    expect(opened).toEqual([loopback.url]);
    expect(screen.pick.labels).toContain('Open Browser Again');
  });

  test('is given up by Escape, because no page goes on', async () => {
    begin();
    const { choice } = await turn({ ...loopback, knownRedirectStatus: known });
    screen.pick.escape();
    await pause(0);
    expect(surface.signal.reason).toMatchObject({ kind: 'cancelled', details: {} });
    choice.catch(() => undefined);
  });
});

describe('SignInPrompt: 13: a client ID that Okta does not know', () => {
  const redirectStatus: RedirectUriStatus = {
    redirectUri,
    registration: 'notRegistered',
    wrongParameter: 'client_id',
  };

  test('can be edited from the list', async () => {
    begin();
    const { choice } = await turn({ ...loopback, redirectStatus: Promise.resolve(redirectStatus) });
    screen.pick.choose('Edit Client ID…');
    const details = { code: 'invalid_client', reason: 'editClientId' };
    expect(await rejectionOf(choice)).toMatchObject({ kind: 'registrationRefused', details });
  });

  test('is copied for the administrator, and the sign-in continues', async () => {
    begin();
    await turn({ ...loopback, redirectStatus: Promise.resolve(redirectStatus) });
    screen.pick.choose('Copy for Administrator');
    await pause(0);
    expect(screen.clipboard).toMatch(/recognize this client ID\n.*\nClient ID: 0oa1\n/);
    expect(surface.signal.aborted).toBe(false);
  });
});

describe('SignInPrompt: 3: the title', () => {
  test('is the code alone, with its purpose below it', async () => {
    begin();
    vi.setSystemTime(device.expiresAt - 600_000);
    await turn(device);
    expect(screen.pick.title).toBe('ABCD-EFGH');
    expect(screen.pick.placeholder).toBe('9 min left · Example');
    expect(surface.userCode).toBe('ABCD-EFGH');
    await pause(60_000);
    expect(screen.pick.placeholder).toContain('8 min left');
  });

  test('is the sign-in without a code, and has no countdown', async () => {
    begin();
    await turn(loopback);
    expect(screen.pick.title).toBe('Sign In with Okta: Example');
    expect(surface.userCode).toBeUndefined();
  });
});

test('10: Back returns from the alternatives to the first list', async () => {
  begin();
  await turn(loopback);
  screen.pick.choose('Trouble signing in?');
  await pause(1000);
  expect(screen.pick.labels).not.toContain('Open Browser Again');
  screen.pick.press('Back');
  expect(screen.pick.labels).toEqual(['Open Browser Again', 'Copy Link', 'Cancel', 'Trouble signing in?']);
  expect(screen.pick.activeItems[0]?.label).toBe('Trouble signing in?');
  await pause(60_000);
  expect(screen.pick.activeItems[0]?.label).toBe('Trouble signing in?');
  expect(surface.signal.aborted).toBe(false);
});

test('the browser shows an error: lists its possible meanings, a copy of the diagnostics, and the setup check', async () => {
  begin();
  const { choice } = await turn(loopback);
  await chooseInTrouble('The Browser Shows an Error…');
  await pause(1000);
  expect(screen.pick.placeholder).toBe('What does the browser show?');
  expect(screen.pick.labels).toEqual(['Not assigned', 'Copy Diagnostics', 'Check SSO Setup']);
  screen.pick.choose('Not assigned');
  screen.pick.choose('Copy Diagnostics');
  expect(screen.executed).toEqual([['developerSignIn.copyDiagnostics']]);
  screen.pick.press('Back');
  await pause(1000);
  expect(screen.pick.labels).toContain('Use a Device Code');
  // The row that led there, not the first one.
  expect(screen.pick.activeItems[0]?.label).toBe('The Browser Shows an Error…');
  screen.pick.choose('The Browser Shows an Error…');
  await pause(1000);
  screen.pick.choose('Check SSO Setup');
  expect(screen.executed.at(-1)).toEqual(['developerSignIn.checkSetup', { connection: 'Example' }]);
  expect([surface.isAbandoned, surface.signal.aborted]).toEqual([true, false]);
  expect(said()).toEqual(['Copied']);
  surface.show();
  expect(screen.pick.labels).toContain('Open Browser Again');
  choice.catch(() => undefined);
});

test('9: a different account ends this sign-in with that reason', async () => {
  begin(true, { canUseOtherAccount: true });
  const { choice } = await turn(loopback);
  await chooseInTrouble('Use a Different Account');
  expect(await rejectionOf(choice)).toMatchObject({
    kind: 'cancelled',
    details: { reason: 'otherAccount' },
  });
});

test('16: the only connection has a different one a row away', async () => {
  begin(true, { canChooseAnother: true });
  const { choice } = await turn(device);
  await chooseInTrouble('Use a Different Connection…');
  expect(await rejectionOf(choice)).toMatchObject({
    kind: 'cancelled',
    details: { reason: 'chooseAnother' },
  });
});

test('04.22: scopes beyond the connection are shown from the beginning', async () => {
  begin(true, { beyond: ['okta.users.manage'] });
  const words = 'This sign-in also requests: okta.users.manage';
  expect(screen.pick.labels).toContain(words);
  await turn(device);
  expect(screen.pick.labels[0]).toBe(words);
});

test('6.4: a prompt that ends before it starts shows nothing and leaves no timer', async () => {
  begin();
  const timers = vi.getTimerCount();
  const over = AbortSignal.abort(new SignInError('cancelled'));
  expect(await rejectionOf(surface.prompt(device, over))).toMatchObject({ kind: 'cancelled' });
  expect(vi.getTimerCount()).toBe(timers);
  expect(screen.pick.labels).toContain('Connecting…');
});

test('Cancel ends the sign-in', async () => {
  begin();
  const { choice } = await turn(loopback);
  screen.pick.choose('Cancel');
  expect(await rejectionOf(choice)).toMatchObject({ kind: 'cancelled' });
});
