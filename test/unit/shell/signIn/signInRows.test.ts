import { describe, expect, test, vi } from 'vitest';
import type { BrowserTurn, RedirectFinding } from '../../../../src/core/ports.ts';
import { contactingList, expiredList, turnList } from '../../../../src/shell/signIn/signInRows.ts';
import type { SurfaceActions, SurfaceList, TurnView } from '../../../../src/shell/signIn/signInRows.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

const redirectUri = 'http://localhost:49153/oauth/callback';
const other = 'http://localhost:50153/oauth/callback';
const loopback: BrowserTurn = {
  connectionName: 'Example',
  url: 'https://example.okta.com/oauth2/aus1/v1/authorize?x=1',
  redirectUri,
  expiresAt: 0,
  ways: ['nextPort', 'deviceCode'],
  comesBack: 'works',
  paste: () => undefined,
  finding: Promise.resolve({ redirectUri, registration: 'notKnown' }),
};
const { finding: _asked, ...notAsked } = loopback;
const atIdentityCenter: BrowserTurn = { ...notAsked, ways: ['deviceCode'] };
const device: BrowserTurn = {
  connectionName: 'Example',
  url: 'https://example.awsapps.com/start/#/device?user_code=ABCD-EFGH',
  userCode: 'ABCD-EFGH',
  expiresAt: 0,
  ways: ['authorizationCode'],
  comesBack: 'works',
};

function viewOf(turn: BrowserTurn, more: Partial<TurnView> = {}): TurnView {
  return { turn, isProceeding: true, isSilent: false, finding: undefined, ...more };
}

function actionsThat(record: (done: string) => void): SurfaceActions {
  return {
    proceed: () => record('proceed'),
    open: () => record('open'),
    copy: (text) => record(`copy ${text}`),
    showQrCode: () => record('showQrCode'),
    paste: () => record('paste'),
    take: (way) => record(way),
    another: () => record('another'),
    cancel: () => record('cancel'),
  };
}

const still = actionsThat(() => undefined);
const keysOf = ({ rows }: SurfaceList): string => rows.map(({ key }) => key ?? '-').join(' ');
const missing: RedirectFinding = { redirectUri, registration: 'notRegistered' };

describe('the rows', () => {
  test.each<readonly [string, SurfaceList, string, string]>([
    ['while a server is asked', contactingList(still), 'progress - cancel', 'progress'],
    ['when a code ran out', expiredList(still, true), 'another - cancel', 'another'],
    ['when a link ran out', expiredList(still, false), 'another - cancel', 'another'],
    [
      'of a code',
      turnList(viewOf(device, { isProceeding: false }), still),
      'proceed link qrCode authorizationCode - cancel',
      'proceed',
    ],
    [
      'of a code whose page is open',
      turnList(viewOf(device), still),
      'open code link qrCode authorizationCode - cancel',
      'open',
    ],
    [
      'of a browser that comes back',
      turnList(viewOf(loopback), still),
      'open link qrCode paste nextPort deviceCode - cancel',
      'open',
    ],
    [
      'of a browser that never comes back, before it goes',
      turnList(viewOf({ ...loopback, comesBack: 'never' }, { isProceeding: false }), still),
      'proceed link qrCode paste nextPort deviceCode - cancel',
      'proceed',
    ],
    [
      'of a browser that never comes back, when it has gone',
      turnList(viewOf({ ...loopback, comesBack: 'never' }, { isSilent: true }), still),
      'paste open link qrCode nextPort deviceCode - cancel',
      'paste',
    ],
    [
      'with a port that is not registered, and one that is',
      turnList(viewOf(loopback, { finding: { ...missing, registered: other } }), still),
      'finding nextPort open link qrCode paste deviceCode - cancel',
      'nextPort',
    ],
    [
      'with no port that is registered',
      turnList(viewOf(loopback, { finding: missing, isSilent: true }), still),
      'finding open link qrCode paste nextPort deviceCode - cancel',
      'open',
    ],
    [
      'after twenty silent seconds',
      turnList(viewOf(loopback, { isSilent: true }), still),
      'silence open link qrCode paste nextPort deviceCode - cancel',
      'open',
    ],
    [
      'of a flow that was not the wanted one',
      turnList(viewOf({ ...device, insteadOf: 'authorizationCode' }, { isProceeding: false }), still),
      'instead proceed link qrCode authorizationCode - cancel',
      'proceed',
    ],
  ])('%s', (_, list, keys, preferred) => {
    expect(keysOf(list)).toBe(keys);
    expect(list.preferred).toBe(preferred);
    expect(list.rows.find(({ key }) => key === preferred)?.label).toBeDefined();
    expect(list.placeholder).not.toBe('');
  });

  test('do what they say', () => {
    const done: string[] = [];
    const actions = actionsThat((one) => done.push(one));
    for (const list of [turnList(viewOf(loopback), actions), turnList(viewOf(device), actions)])
      for (const row of list.rows) row.choose?.();
    expect(done).toEqual([
      'open',
      `copy ${loopback.url}`,
      'showQrCode',
      'paste',
      'nextPort',
      'deviceCode',
      'cancel',
      'open',
      'copy ABCD-EFGH',
      `copy ${device.url}`,
      'showQrCode',
      'authorizationCode',
      'cancel',
    ]);
  });
});

describe('what an error page means is said in a line, with the exact redirect URI', () => {
  const silent = (turn: BrowserTurn, finding?: RedirectFinding): string =>
    turnList(viewOf(turn, { isSilent: true, finding }), still).rows[0]?.detail ?? '';

  test.each([
    ['not registered, where nothing is known', silent(loopback), 'try the next port'],
    ['not registered, of the only port', silent({ ...loopback, ways: [] }), 'ask your administrator'],
    [
      "the server's own, of a registered one",
      silent(loopback, { redirectUri, registration: 'registered' }),
      'show the page to your administrator',
    ],
    ['a wrong start URL or region at Identity Center', silent(atIdentityCenter), 'start URL and region'],
  ])('%s', (_, detail, words) => {
    expect(detail).toContain(redirectUri);
    expect(detail).toContain(words);
    expect(detail.length).toBeLessThanOrEqual(90); // What fits into the list, see the pictures.
  });
});
