import { describe, expect, test, vi } from 'vitest';
import { clientDemandMessage } from '../../../src/shell/clientDemandMessage.ts';
import { refusalMessage } from '../../../src/shell/refusalMessages.ts';

vi.mock('vscode', async () => import('../fakes/vscode.ts'));

const host = 'login.example.com';

describe('clientDemandMessage', () => {
  const confidential = ['clientSecret', 'privateKeyJwt', 'clientCertificate'];
  test.each([
    ['clientSecret', /requires a client secret/],
    ['privateKeyJwt', /private_key_jwt/],
    ['clientCertificate', /requires a client certificate/],
    ['dpop', /requires DPoP/],
    ['par', /pushed authorization requests/],
    ['jar', /signed authorization requests/],
  ])('%s is named, with the host and the administrator', (reason, title) => {
    const message = clientDemandMessage(host, { reason });
    expect(message?.title).toMatch(title);
    expect(message?.title).toContain(host);
    expect(message?.next).toMatch(/administrator/);
    expect(message?.setting !== undefined).toBe(confidential.includes(reason));
  });

  test.each(['unknownClient', 'deviceGrant', 'constructor', undefined])('%s has no message', (reason) => {
    expect(clientDemandMessage(host, reason === undefined ? {} : { reason })).toBeUndefined();
  });

  test.each(['registrationRefused', 'requestRefused', 'grantRevoked', 'noFlow'] as const)(
    'takes precedence over the message for %s',
    (kind) => {
      const details = { host, reason: 'dpop', isGeneric: true } as const;
      expect(refusalMessage(kind, details)).toEqual(clientDemandMessage(host, details));
    },
  );

  test('of a confidential client includes the request ID', () => {
    expect(clientDemandMessage(host, { reason: 'clientSecret', requestId: 'r-1' })?.cause).toContain('r-1');
  });
});
