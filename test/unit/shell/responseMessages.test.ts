import { describe, expect, test, vi } from 'vitest';
import { invalidResponse, metadataMismatch, metadataMissing } from '../../../src/shell/responseMessages.ts';

vi.mock('vscode', async () => import('../fakes/vscode.ts'));

const host = 'id.example.com';

describe('invalidResponse', () => {
  test.each([
    [{ reason: 'foreignPage' }, 'isn’t its own (id.example.com)'],
    [{ host, reason: 'idTokenTimes' }, 'The clocks of this computer and id.example.com don’t match.'],
    [{ reason: 'idToken', code: 'nonce' }, 'sent an invalid ID token (nonce).'],
    [{ reason: 'otherSubject' }, 'sent tokens for a different account.'],
    [{ reason: 'mixUp' }, 'another server answered'],
    [{}, 'returned an unexpected response.'],
  ])('%j: %s', (details, title) => {
    expect(invalidResponse(details, host).title).toContain(title);
  });

  test('names the issuer that responded in a mix-up', () => {
    const evil = 'https://evil.example';
    expect(invalidResponse({ reason: 'mixUp', input: evil }, host).cause).toContain(evil);
    expect(invalidResponse({ reason: 'mixUp' }, host).cause).not.toContain('The response is from');
  });

  test('includes the server’s own message, and the ID that its support asks for', () => {
    const { cause } = invalidResponse({ description: 'Try later', requestId: 'r-1' }, host);
    expect(cause).toContain('Try later');
    expect(cause).toContain('r-1');
  });
});

describe('metadataMissing', () => {
  test('names Okta’s console for Okta, and no console for another provider', () => {
    expect(metadataMissing({}, host).next).toContain('Okta Admin Console');
    expect(metadataMissing({ isGeneric: true }, host).next).not.toContain('Okta');
  });
});

describe('metadataMismatch', () => {
  test.each([
    [{ reason: 'noS256' }, 'title', 'PKCE with S256'],
    [{ reason: 'foreignEndpoint', host }, 'title', '(id.example.com)'],
    [{ reason: 'plainHttp', host }, 'title', 'without HTTPS'],
    [{ reason: 'noEndpoint' }, 'title', 'missing an endpoint'],
    [{ reason: 'issuer', namedIssuer: 'https://other.example' }, 'cause', 'https://other.example'],
  ] as const)('%j', (details, part, words) => {
    expect(metadataMismatch(details)[part]).toContain(words);
  });

  test('names Okta’s console for Okta, and no console for another provider', () => {
    expect(metadataMismatch({}).next).toContain('Okta Admin Console');
    expect(metadataMismatch({ isGeneric: true }).next).not.toContain('Okta');
  });

  test('a placeholder of Microsoft Entra ID was to be copied as the issuer', () => {
    const namedIssuer = 'https://login.microsoftonline.com/{tenantid}/v2.0';
    const { next } = metadataMismatch({ reason: 'issuer', namedIssuer, isGeneric: true });
    expect(next).toContain('your tenant ID');
    expect(next).not.toContain('Copy the issuer');
  });
});
