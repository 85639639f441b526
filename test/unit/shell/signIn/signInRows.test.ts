import { describe, expect, test, vi } from 'vitest';
import type { InteractionRequest, RedirectUriStatus } from '../../../../src/core/oauth/userInteraction.ts';
import { contactingList, expiredList, waitingList } from '../../../../src/shell/signIn/signInRows.ts';
import type {
  PromptActions,
  PromptList,
  PromptSubject,
  InteractionView,
} from '../../../../src/shell/signIn/prompt.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

const redirectUri = 'http://localhost:49153/oauth/callback';
const other = 'http://localhost:50153/oauth/callback';
const loopback: InteractionRequest = {
  connectionName: 'Example',
  url: 'https://example.okta.com/oauth2/aus1/v1/authorize?x=1',
  redirectUri,
  expiresAt: 0,
  alternatives: ['nextPort', 'deviceCode'],
  loopbackSupport: 'works',
  takeCallback: () => true,
  redirectStatus: Promise.resolve({ redirectUri, registration: 'notKnown' }),
};
const { redirectStatus: _asked, ...notAsked } = loopback;
const atIdentityCenter: InteractionRequest = { ...notAsked, alternatives: ['deviceCode'] };
const device: InteractionRequest = {
  connectionName: 'Example',
  url: 'https://example.awsapps.com/start/#/device?user_code=ABCD-EFGH',
  userCode: 'ABCD-EFGH',
  expiresAt: 0,
  alternatives: ['authorizationCode'],
  loopbackSupport: 'works',
};

const subject: PromptSubject = {
  mistypable: 'startUrlAndRegion',
  beyond: [],
  browserErrors: [],
  canEdit: true,
  canChooseAnother: false,
  canUseOtherAccount: false,
  where: 'Example',
  isScreenReaderOn: false,
};
const atOkta: PromptSubject = { ...subject, clientId: '0oa1' };

function viewOf(turn: InteractionRequest, more: Partial<InteractionView> = {}): InteractionView {
  return {
    interaction: turn,
    subject,
    isProceeding: true,
    isSilent: false,
    list: 'main',
    left: '10 min',
    redirectStatus: undefined,
    ...more,
  };
}

function actionsThat(record: (done: string) => void): PromptActions {
  return {
    proceed: () => record('proceed'),
    open: () => record('open'),
    copy: (text) => record(`copy ${text}`),
    showQrCode: () => record('showQrCode'),
    paste: () => record('paste'),
    chooseAlternative: (way) => record(way),
    retry: () => record('another'),
    showList: (list) => record(list === 'errorPages' ? 'errorPage' : 'trouble'),
    copyDiagnostics: () => record('copyDiagnostics'),
    checkSetup: (name) => record(`check ${name}`),
    useOtherAccount: () => record('useOtherAccount'),
    editClientId: () => record('editClientId'),
    chooseAnother: () => record('chooseAnother'),
    cancel: () => record('cancel'),
  };
}

const still = actionsThat(() => undefined);
const keysOf = ({ rows }: PromptList): string => rows.map(({ key }) => key ?? '-').join(' ');
const missing: RedirectUriStatus = { redirectUri, registration: 'notRegistered' };
const unknownClient: RedirectUriStatus = { ...missing, wrongParameter: 'client_id' };

test('contactingList: a spinner wobbled in a row: the icon stands still, and the bar of the list moves', () => {
  const icons = contactingList(subject, still).rows.map(({ icon = '' }) => icon);
  expect(icons.filter((icon) => /loading|spin/.test(icon))).toEqual([]);
});

describe('waitingList: the rows', () => {
  test.each<readonly [string, PromptList, string, string]>([
    ['while a server is asked', contactingList(subject, still), 'progress - cancel', 'progress'],
    ['when a code ran out', expiredList(subject, still, true), 'another - cancel', 'another'],
    ['when a link ran out', expiredList(subject, still, false), 'another - cancel', 'another'],
    [
      '3: of a code',
      waitingList(viewOf(device, { isProceeding: false }), still),
      'proceed link cancel trouble',
      'proceed',
    ],
    [
      '10: of a code whose page is open',
      waitingList(viewOf(device), still),
      'open link cancel trouble',
      'open',
    ],
    [
      '10: of a browser that comes back',
      waitingList(viewOf(loopback), still),
      'open link cancel trouble',
      'open',
    ],
    [
      'of a browser that comes back, without another way',
      waitingList(viewOf({ ...notAsked, takeCallback: undefined, alternatives: [] } as never), still),
      'open link cancel trouble',
      'open',
    ],
    [
      'of a browser that never comes back, before it goes',
      waitingList(viewOf({ ...loopback, loopbackSupport: 'never' }, { isProceeding: false }), still),
      'proceed link cancel trouble',
      'proceed',
    ],
    [
      'of a browser that never comes back, when it has gone',
      waitingList(viewOf({ ...loopback, loopbackSupport: 'never' }, { isSilent: true }), still),
      'paste open link cancel trouble',
      'paste',
    ],
    [
      'with a port that is not registered, and one that is',
      waitingList(viewOf(loopback, { redirectStatus: { ...missing, registered: other } }), still),
      'redirectStatus nextPort open link cancel trouble',
      'nextPort',
    ],
    [
      'with no port that is registered',
      waitingList(viewOf(loopback, { redirectStatus: missing, isSilent: true }), still),
      'redirectStatus open link cancel trouble',
      'open',
    ],
    [
      'after ninety silent seconds',
      waitingList(viewOf(loopback, { isSilent: true }), still),
      'open link cancel trouble',
      'open',
    ],
    [
      'with no port that is registered, at Okta',
      waitingList(viewOf(loopback, { redirectStatus: missing, subject: atOkta }), still),
      'redirectStatus open link editClientId copyForAdministrator cancel trouble',
      'open',
    ],
    [
      '13: with a client ID that is not known',
      waitingList(viewOf(loopback, { redirectStatus: unknownClient, subject: atOkta }), still),
      'redirectStatus editClientId copyForAdministrator open link cancel trouble',
      'editClientId',
    ],
    [
      '13: with a client ID that is not known and belongs to arguments',
      waitingList(
        viewOf(loopback, { redirectStatus: unknownClient, subject: { ...atOkta, canEdit: false } }),
        still,
      ),
      'redirectStatus copyForAdministrator open link cancel trouble',
      'copyForAdministrator',
    ],
    [
      '04.22: of a request that goes beyond its connection',
      waitingList(viewOf(device, { subject: { ...subject, beyond: ['okta.users.manage'] } }), still),
      'beyond open link cancel trouble',
      'open',
    ],
    [
      'of a flow that was not the wanted one',
      waitingList(viewOf({ ...device, fallbackFrom: 'authorizationCode' }, { isProceeding: false }), still),
      'instead proceed link cancel trouble',
      'proceed',
    ],
  ])('%s', (_, list, keys, preferred) => {
    expect(keysOf(list)).toBe(keys);
    expect(list.preferred).toBe(preferred);
    expect(list.rows.find(({ key }) => key === preferred)?.label).toBeDefined();
    expect(list.placeholder).not.toBe('');
  });

  test.each<readonly [string, InteractionView, string]>([
    ['of a code', viewOf(device), 'code qrCode authorizationCode errorPage cancel'],
    [
      'A08: of a code whose page is too long for a QR code',
      viewOf({ ...device, url: `https://evil.example/${'a'.repeat(2400)}` }),
      'code authorizationCode errorPage cancel',
    ],
    [
      '10: of a browser that comes back, which a phone cannot finish',
      viewOf(loopback),
      'paste nextPort deviceCode errorPage cancel',
    ],
    [
      'of a browser that never comes back, without what stands on the first list',
      viewOf({ ...loopback, loopbackSupport: 'never' }),
      'nextPort deviceCode errorPage cancel',
    ],
    [
      'with a port that is registered, which stands on the first list',
      viewOf(loopback, { redirectStatus: { ...missing, registered: other } }),
      'paste deviceCode errorPage cancel',
    ],
    [
      '9, 16: where the account or the connection may be another one',
      viewOf(device, { subject: { ...subject, canChooseAnother: true, canUseOtherAccount: true } }),
      'code qrCode authorizationCode errorPage otherAccount chooseAnother cancel',
    ],
  ])('for a problem, %s', (_, view, keys) => {
    expect(keysOf(waitingList({ ...view, list: 'otherActions' }, still))).toBe(keys);
  });

  test('do what they say', () => {
    const done: string[] = [];
    const actions = actionsThat((one) => done.push(one));
    const all = { ...subject, canChooseAnother: true, canUseOtherAccount: true };
    for (const turn of [loopback, device])
      for (const list of ['main', 'otherActions'] as const)
        for (const row of waitingList(viewOf(turn, { list, subject: all }), actions).rows) row.choose?.();
    expect(done).toEqual([
      ...['open', `copy ${loopback.url}`, 'cancel', 'trouble'],
      ...['paste', 'nextPort', 'deviceCode', 'errorPage', 'useOtherAccount', 'chooseAnother', 'cancel'],
      ...['open', `copy ${device.url}`, 'cancel', 'trouble'],
      ...[
        'copy ABCD-EFGH',
        'showQrCode',
        'authorizationCode',
        'errorPage',
        'useOtherAccount',
        'chooseAnother',
        'cancel',
      ],
    ]);
  });
});

describe('waitingList: 3: the code', () => {
  const described = (isScreenReaderOn: boolean) =>
    waitingList(viewOf(device, { isProceeding: false, subject: { ...subject, isScreenReaderOn } }), still)
      .rows[0]?.description;

  test('is spelled out only for screen readers', () => {
    expect(described(false)).toBe('ABCD-EFGH');
    expect(described(true)).toBe('A B C D dash E F G H');
  });

  test('has the time and the connection next to it, and the action in its first row, so that a long name fits at 900 pixels', () => {
    const ofCode = (isProceeding: boolean) => waitingList(viewOf(device, { isProceeding }), still);
    expect(ofCode(false).placeholder).toBe('10 min left · Example');
    expect(ofCode(false).rows[0]).toMatchObject({
      label: 'Copy Code and Proceed',
      detail: expect.stringMatching(/It must show the same code\.$/) as unknown,
    });
    expect(ofCode(true).placeholder).toBe('10 min left · Example');
    expect(ofCode(true).rows[0]).toMatchObject({
      label: 'Open Browser Again',
      detail: 'Make sure your browser shows this code',
    });
  });
});

describe('waitingList: V4: a sign-in without a code', () => {
  const described = (loopbackSupport: 'works' | 'perhaps' | 'never') =>
    waitingList(viewOf({ ...device, loopbackSupport }, { list: 'otherActions' }), still).rows.find(
      ({ key }) => key === 'authorizationCode',
    )?.description;

  test.each([
    ['works', 'The browser redirects to VS Code'],
    ['perhaps', 'The browser redirects to VS Code'],
    ['never', 'You paste the URL from your browser’s address bar'],
  ] as const)('promises no redirect that the flow table rules out: %s', (loopbackSupport, words) => {
    expect(described(loopbackSupport)).toBe(words);
  });
});

describe('waitingList: 2: a hint after a long wait', () => {
  const proven: Partial<PromptSubject> = { mistypable: 'nothing' };
  const hint = (
    turn: InteractionRequest,
    redirectStatus?: RedirectUriStatus,
    more: Partial<PromptSubject> = {},
  ): string =>
    waitingList(
      viewOf(turn, { isSilent: true, redirectStatus, subject: { ...subject, ...more } }),
      still,
    ).rows.at(-1)?.detail ?? '';

  test.each([
    ['not known, with another port', hint(loopback), ['next port', redirectUri]],
    [
      'not known, of the only port',
      hint({ ...loopback, alternatives: [] }),
      ['your administrator', redirectUri],
    ],
    ['registered', hint(loopback, { redirectUri, registration: 'registered' }), ['Find out what it means']],
    ['at Identity Center', hint(atIdentityCenter), ['start URL and Region', 'device code']],
    [
      'B23: with its region in the start URL',
      hint(atIdentityCenter, undefined, { mistypable: 'startUrl' }),
      ['URL,'],
    ],
    [
      'B23: without a device code',
      hint({ ...atIdentityCenter, alternatives: [] }),
      ['start URL and Region', 'administrator'],
    ],
    ['B23: of an address that has worked', hint(atIdentityCenter, undefined, proven), ['device code']],
    [
      'B23: the same without a code',
      hint({ ...atIdentityCenter, alternatives: [] }, undefined, proven),
      ['Find out what it means'],
    ],
    ['of a device code that a wrong Region may have given', hint(device), ['start URL and Region']],
    ['of a device code', hint(device, undefined, proven), ['closed the page']],
  ])('fits on one line and names a possible cause: %s', (_, detail, words) => {
    for (const word of words) expect(detail).toContain(word);
    expect(detail.length).toBeLessThanOrEqual(90); // As much as fits in the list; see the pictures.
  });

  test.each([
    [
      'B23: neither URL nor Region at AWS Builder ID, or of an address that has worked',
      hint(atIdentityCenter, undefined, proven) +
        hint({ ...atIdentityCenter, alternatives: [] }, undefined, proven),
      /URL|region/i,
    ],
    [
      'B23: no Region that stands in the start URL',
      hint(atIdentityCenter, undefined, { mistypable: 'startUrl' }),
      /region/i,
    ],
    [
      'B23: no device code that is not offered',
      hint({ ...atIdentityCenter, alternatives: [] }),
      /device code/,
    ],
    ['no redirect URI of a device code', hint(device), /redirect|localhost|callback/],
    ['no URI that is registered', hint(loopback, { redirectUri, registration: 'registered' }), /localhost/],
  ])('names %s', (_, detail, never) => {
    expect(detail).not.toBe('');
    expect(detail).not.toMatch(never);
  });

  test('does not appear earlier', () => {
    expect(waitingList(viewOf(loopback), still).rows.at(-1)).not.toHaveProperty('detail');
  });
});

describe('waitingList: 13: a client ID unknown to Okta', () => {
  const list = waitingList(viewOf(loopback, { redirectStatus: unknownClient, subject: atOkta }), still);

  test('is reported as such', () => {
    expect(list.rows[0]).toMatchObject({
      label: 'Okta doesn’t recognize this client ID',
      detail: 'Client ID: 0oa1',
    });
  });

  test('is copied for the administrator with what to compare', () => {
    const done: string[] = [];
    const actions = actionsThat((one) => done.push(one));
    const view = viewOf(loopback, { redirectStatus: unknownClient, subject: atOkta });
    waitingList(view, actions)
      .rows.find(({ key }) => key === 'copyForAdministrator')
      ?.choose?.();
    expect(done[0]?.split('\n')).toEqual([
      'copy Okta doesn’t recognize this client ID',
      'Authorization endpoint: https://example.okta.com/oauth2/aus1/v1/authorize',
      'Client ID: 0oa1',
      `Redirect URI: ${redirectUri}`,
    ]);
  });
});
