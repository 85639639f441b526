import { describe, expect, test, vi } from 'vitest';
import type { InteractionRequest, RedirectUriStatus } from '../../../../src/core/oauth/userInteraction.ts';
import { contactingList, expiredList, turnList } from '../../../../src/shell/signIn/signInRows.ts';
import type {
  SurfaceActions,
  SurfaceList,
  SurfaceSubject,
  TurnView,
} from '../../../../src/shell/signIn/signInRows.ts';

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
  paste: () => undefined,
  finding: Promise.resolve({ redirectUri, registration: 'notKnown' }),
};
const { finding: _asked, ...notAsked } = loopback;
const atIdentityCenter: InteractionRequest = { ...notAsked, alternatives: ['deviceCode'] };
const device: InteractionRequest = {
  connectionName: 'Example',
  url: 'https://example.awsapps.com/start/#/device?user_code=ABCD-EFGH',
  userCode: 'ABCD-EFGH',
  expiresAt: 0,
  alternatives: ['authorizationCode'],
  loopbackSupport: 'works',
};

const subject: SurfaceSubject = {
  mistypable: 'startUrlAndRegion',
  beyond: [],
  canEdit: true,
  canChooseAnother: false,
};
const atOkta: SurfaceSubject = { ...subject, clientId: '0oa1' };

function viewOf(turn: InteractionRequest, more: Partial<TurnView> = {}): TurnView {
  return { turn, subject, isProceeding: true, isSilent: false, finding: undefined, ...more };
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
    editClientId: () => record('editClientId'),
    chooseAnother: () => record('chooseAnother'),
    cancel: () => record('cancel'),
  };
}

const still = actionsThat(() => undefined);
const keysOf = ({ rows }: SurfaceList): string => rows.map(({ key }) => key ?? '-').join(' ');
const missing: RedirectUriStatus = { redirectUri, registration: 'notRegistered' };
const unknownClient: RedirectUriStatus = { ...missing, wrongParameter: 'client_id' };

describe('the rows', () => {
  test.each<readonly [string, SurfaceList, string, string]>([
    ['while a server is asked', contactingList(subject, still), 'progress - cancel', 'progress'],
    ['when a code ran out', expiredList(subject, still, true), 'another - cancel', 'another'],
    ['when a link ran out', expiredList(subject, still, false), 'another - cancel', 'another'],
    [
      'of a code',
      turnList(viewOf(device, { isProceeding: false }), still),
      'proceed link qrCode authorizationCode - cancel',
      'proceed',
    ],
    [
      'A08: of a code whose page is too long for a QR code',
      turnList(viewOf({ ...device, url: `https://evil.example/${'a'.repeat(2400)}` }), still),
      'open code link authorizationCode - cancel',
      'open',
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
      turnList(viewOf({ ...loopback, loopbackSupport: 'never' }, { isProceeding: false }), still),
      'proceed link qrCode paste nextPort deviceCode - cancel',
      'proceed',
    ],
    [
      'of a browser that never comes back, when it has gone',
      turnList(viewOf({ ...loopback, loopbackSupport: 'never' }, { isSilent: true }), still),
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
      'after ninety silent seconds',
      turnList(viewOf(loopback, { isSilent: true }), still),
      'silence open link qrCode paste nextPort deviceCode - cancel',
      'open',
    ],
    [
      'of a code whose page is open for ninety seconds',
      turnList(viewOf(device, { isSilent: true }), still),
      'silence open code link qrCode authorizationCode - cancel',
      'open',
    ],
    [
      'with no port that is registered, at Okta',
      turnList(viewOf(loopback, { finding: missing, subject: atOkta }), still),
      'finding open link qrCode paste nextPort deviceCode editClientId copyForAdministrator - cancel',
      'open',
    ],
    [
      '13: with a client ID that is not known',
      turnList(viewOf(loopback, { finding: unknownClient, subject: atOkta }), still),
      'finding editClientId copyForAdministrator open link qrCode paste nextPort deviceCode - cancel',
      'editClientId',
    ],
    [
      '13: with a client ID that is not known and belongs to arguments',
      turnList(viewOf(loopback, { finding: unknownClient, subject: { ...atOkta, canEdit: false } }), still),
      'finding copyForAdministrator open link qrCode paste nextPort deviceCode - cancel',
      'copyForAdministrator',
    ],
    [
      '04.22: of a request that goes beyond its connection',
      turnList(viewOf(device, { subject: { ...subject, beyond: ['okta.users.manage'] } }), still),
      'beyond open code link qrCode authorizationCode - cancel',
      'open',
    ],
    [
      '16: of the only connection',
      turnList(viewOf(device, { subject: { ...subject, canChooseAnother: true } }), still),
      'open code link qrCode authorizationCode - chooseAnother cancel',
      'open',
    ],
    [
      'of a flow that was not the wanted one',
      turnList(viewOf({ ...device, fallbackFrom: 'authorizationCode' }, { isProceeding: false }), still),
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

describe('2: a hint after a long wait', () => {
  const proven: Partial<SurfaceSubject> = { mistypable: 'nothing' };
  const hint = (
    turn: InteractionRequest,
    finding?: RedirectUriStatus,
    more: Partial<SurfaceSubject> = {},
  ): string =>
    turnList(viewOf(turn, { isSilent: true, finding, subject: { ...subject, ...more } }), still).rows[0]
      ?.detail ?? '';

  test.each([
    ['not known, with another port', hint(loopback), ['next port', redirectUri]],
    [
      'not known, of the only port',
      hint({ ...loopback, alternatives: [] }),
      ['your administrator', redirectUri],
    ],
    ['registered', hint(loopback, { redirectUri, registration: 'registered' }), ['your administrator']],
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
      ['administrator'],
    ],
    ['of a device code', hint(device), ['closed the page']],
  ])('fits into a line and names what can be wrong: %s', (_, detail, words) => {
    for (const word of words) expect(detail).toContain(word);
    expect(detail.length).toBeLessThanOrEqual(90); // What fits into the list, see the pictures.
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

  test('is not there before', () => {
    const labels = turnList(viewOf(loopback), still).rows.map(({ label }) => label);
    expect(labels).not.toContain('Having trouble signing in?');
  });
});

describe('13: a client ID that Okta does not know', () => {
  const list = turnList(viewOf(loopback, { finding: unknownClient, subject: atOkta }), still);

  test('is said to be that', () => {
    expect(list.rows[0]).toMatchObject({
      label: 'Okta doesn’t recognize this client ID',
      detail: 'Client ID: 0oa1',
    });
  });

  test('is copied for the administrator with what has to be compared', () => {
    const done: string[] = [];
    const actions = actionsThat((one) => done.push(one));
    const view = viewOf(loopback, { finding: unknownClient, subject: atOkta });
    turnList(view, actions)
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
