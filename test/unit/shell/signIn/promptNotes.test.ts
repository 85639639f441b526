import { describe, expect, test, vi } from 'vitest';
import {
  forAdministrator,
  notesOf,
  shortRegisteredText,
  noResponseHint,
} from '../../../../src/shell/signIn/promptNotes.ts';
import type { InteractionView } from '../../../../src/shell/signIn/prompt.ts';
import { oktaConnection } from '../../fakes/examples.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

const redirectUri = 'http://localhost:8008/oauth/callback';
const url = `${oktaConnection.issuer}/v1/authorize?client_id=0oa1&state=secret`;
const subject = { mistypable: 'nothing', beyond: [], canEdit: true, canChooseAnother: false } as const;

const view = (changed: object, interaction: object = {}): InteractionView =>
  ({
    interaction: { url, alternatives: [], ...interaction },
    subject,
    isProceeding: true,
    isSilent: false,
    ...changed,
  }) as never;

describe('notesOf', () => {
  test('are empty while everything works', () => {
    expect(notesOf(view({}))).toEqual([]);
  });

  test('say why a code is shown instead of a redirect, and vice versa', () => {
    const labels = (fallbackFrom: string) => notesOf(view({}, { fallbackFrom })).map(({ label }) => label);
    expect(labels('authorizationCode')).toEqual([
      'Uses a code, because your browser can’t redirect to this editor',
    ]);
    expect(labels('deviceCode')).toEqual([
      'Uses a browser redirect, because this server doesn’t offer codes',
    ]);
  });

  test.each([
    ['startUrl', ['deviceCode'], 'Error page? Check the start URL, or use a device code instead.'],
    ['startUrl', [], 'Error page? Check the start URL, or ask your administrator.'],
    ['startUrlAndRegion', [], 'Error page? Check the start URL and Region, or ask your administrator.'],
    ['nothing', ['deviceCode'], 'If the browser shows an error page, use a device code instead.'],
  ])('after a long wait, name only possible causes: %s %o', (mistypable, alternatives, detail) => {
    const silent = view(
      { isSilent: true, subject: { ...subject, mistypable } },
      { redirectUri, alternatives },
    );
    expect(noResponseHint(silent)).toBe(detail);
    expect(noResponseHint({ ...silent, isSilent: false })).toBeUndefined();
    expect(notesOf(silent)).toEqual([]);
  });
});

describe('notesOf: any OpenID Connect provider', () => {
  const other = { ...subject, isGeneric: true as const };

  test.each([
    [{}, { missingGrant: 'deviceCode' }, 'This application doesn’t allow device codes'],
    [
      { redirectStatus: { wrongParameter: 'client_id' } },
      {},
      'The provider doesn’t recognize this client ID',
    ],
    [
      { redirectStatus: { registration: 'notRegistered', redirectUri, registered: 1 } },
      {},
      'Port 8008 isn’t registered with this application',
    ],
  ])('name neither Okta nor its console: %#', (changed, turn, label) => {
    const notes = notesOf(view({ ...changed, subject: other }, turn));
    expect(notes).toMatchObject([{ label }]);
    expect(JSON.stringify(notes)).not.toMatch(/Okta|General/);
  });
});

test('a redirect URI with a path of its own was cut off before “is not registered”: a row names its port', () => {
  const own = 'http://localhost:3128/oauth/callback/0a0d8e0fa9ee36b7';
  const [note] = notesOf(view({ redirectStatus: { registration: 'notRegistered', redirectUri: own } }, {}));
  expect(note?.label).toBe('Port 3128 isn’t registered with this Okta application');
  expect(shortRegisteredText(own)).toBe('Port 3128 is registered');
  expect(shortRegisteredText('http://localhost/callback')).toBe('http://localhost/callback is registered');
});

describe('forAdministrator', () => {
  test('for any OpenID Connect provider does not name Okta', () => {
    const text = forAdministrator({ url } as never, { redirectUri } as never, 'app-1', { isGeneric: true });
    expect(text).toContain(`${redirectUri} isn’t registered with this application`);
    expect(text).not.toContain('Okta application');
  });

  test('has what to compare, and nothing specific to this sign-in', () => {
    const text = forAdministrator({ url } as never, { redirectUri } as never, '0oa1');
    expect(text.split('\n')).toEqual([
      `${redirectUri} isn’t registered with this Okta application`,
      `Authorization endpoint: ${oktaConnection.issuer}/v1/authorize`,
      'Client ID: 0oa1',
      `Redirect URI: ${redirectUri}`,
    ]);
  });
});
