import { describe, expect, test, vi } from 'vitest';
import { l10n } from 'vscode';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { ErrorDetails, SignInErrorKind } from '../../../../src/core/oauth/errors.ts';
import { builderIdConnection } from '../../../../src/shell/providers/builderId.ts';
import { identityCenter } from '../../../../src/shell/providers/identityCenter.ts';
import { identityCenterConnection, identityCenterSession } from '../../fakes/examples.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

describe('identityCenter: signInTitleAt', () => {
  test('names the connection, and AWS Builder ID by its own name', () => {
    expect(identityCenter.signInTitleAt(identityCenterConnection, 'Work')).toBe(
      'Sign In with IAM Identity Center: Work',
    );
    expect(identityCenter.signInTitleAt(identityCenterConnection, 'IAM Identity Center (d-1234567890)')).toBe(
      'Sign In with IAM Identity Center (d-1234567890)',
    );
    expect(identityCenter.signInTitleAt(builderIdConnection, 'Work')).toBe('Sign In with AWS Builder ID');
  });
});

describe('identityCenter: options', () => {
  test('omits a sign-in if no start URL is allowed', () => {
    expect(identityCenter.options({ allowedStartUrls: [] }).map(({ command }) => command)).toEqual([
      'builderId',
    ]);
  });
});

describe('identityCenter: mistypable', () => {
  test.each([
    ['a start URL that does not name its region', identityCenterConnection, 'startUrlAndRegion'],
    [
      'a start URL that names its region',
      {
        ...identityCenterConnection,
        startUrl: 'https://ssoins-1234567890abcdef.eu-central-1.portal.amazonaws.com',
      },
      'startUrl',
    ],
    ['AWS Builder ID', builderIdConnection, 'nothing'],
  ] as const)('%s', (_name, connection, mistypable) => {
    expect(identityCenter.mistypable(connection)).toBe(mistypable);
  });
});

describe('identityCenter: mistypedOf', () => {
  test.each<[SignInErrorKind, ErrorDetails, string | undefined]>([
    ['invalidStartUrl', {}, 'startUrl'],
    ['network', { code: 'ENOTFOUND', host: 'oidc.eu-xentral-1.amazonaws.com' }, 'region'],
    ['network', { code: 'ENOTFOUND', host: 'start.example.com' }, 'startUrl'],
    ['network', { code: 'ECONNREFUSED', host: 'oidc.eu-central-1.amazonaws.com' }, undefined],
    ['invalidResponse', { reason: 'foreignPage' }, 'region'],
    ['requestRefused', { code: 'invalid_request_region' }, 'region'],
    ['denied', {}, undefined],
  ])('%s %o is about %s', (kind, details, input) => {
    expect(identityCenter.mistypedOf(new SignInError(kind, details))).toBe(input);
  });
});

test('browserErrors: AWS’s page of a device code from a wrong Region leads to the Region', () => {
  const [first] = identityCenter.browserErrors(identityCenterConnection);
  expect(first?.label).toContain('Invalid grant provided');
  expect(first?.detail).toContain('Region');
  expect(JSON.stringify(identityCenter.browserErrors(builderIdConnection))).not.toContain('Region');
});

test('browserErrors: the titles of pages had English quotation marks in every language', () => {
  const translate = vi.spyOn(l10n, 't');
  translate.mockImplementation((text) => `[${typeof text === 'string' ? text : text.message}]`);
  const labels = identityCenter.browserErrors(identityCenterConnection).map(({ label }) => label);
  translate.mockRestore();
  expect(labels.filter((label) => !/^\[.*\]$/.test(label))).toEqual([]);
});

test('browserErrors: in German, what a row does was cut off in a window of 900 pixels', () => {
  const lengths = identityCenter
    .browserErrors(identityCenterConnection)
    .map(({ label }) => `${label}Für Administrator kopieren`.length);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(77);
});

describe('identityCenter: foreignHosts', () => {
  test.each([
    ['AWS’s own', '', '', []],
    ['loopback', 'http://localhost:8080', 'http://127.0.0.1:8080', []],
    ['one host of two', 'https://proxy.example.com/oidc', '', ['proxy.example.com']],
    [
      'one host for both',
      'https://proxy.example.com/a',
      'https://proxy.example.com/b',
      ['proxy.example.com'],
    ],
  ])('%s', async (_name, oidc, portal, hosts) => {
    const { context, changeSettings } = await shellWorld();
    changeSettings({ endpoints: { oidc, portal } });
    expect(await identityCenter.foreignHosts(context, identityCenterConnection)).toEqual(hosts);
  });
});

describe('identityCenter: detailsOf', () => {
  test.each([
    [undefined, 'Not shared'],
    [{ name: 'work' }, 'Shared as work'],
    [{ name: 'work', paused: 'removed' }, 'Shared as work (paused)'],
  ] as const)('says how it is shared with the AWS CLI: %o', (awsCli, said) => {
    const session = awsCli === undefined ? identityCenterSession : { ...identityCenterSession, awsCli };
    const rows = Object.fromEntries(identityCenter.detailsOf(session, String));
    expect(rows['AWS CLI']).toBe(said);
  });
});
