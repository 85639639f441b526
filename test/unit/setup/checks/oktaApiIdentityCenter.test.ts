import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { oktaApiIdentityCenterChecks } from '../../../../src/setup/checks/oktaApiIdentityCenter.ts';
import type { SamlCertificate } from '../../../../src/setup/setupPorts.ts';
import { day, january } from '../../fakes/examples.ts';
import { foundWith, type OktaAnswers, samlApplication } from '../../fakes/oktaAnswers.ts';

const signingKey = oktaApiIdentityCenterChecks.find(({ id }) => id === 'oktaApi.signingKey');
const bytes = Buffer.from('a certificate');
const fingerprint =
  createHash('sha256').update(bytes).digest('hex').toUpperCase().match(/../g)?.join(':') ?? '';
const saved = (print: string): SamlCertificate => ({
  state: 'read',
  startsAt: january - day,
  endsAt: january + 900 * day,
  fingerprint: print,
  keyType: 'rsa',
  hasWeakHash: false,
});
const key = { kid: 'key-1', x5c: [bytes.toString('base64')], expiresAt: '2035-01-01T00:00:00.000Z' };

async function found(
  keys: readonly object[] | number,
  certificates: readonly SamlCertificate[] = [saved(fingerprint)],
  more: OktaAnswers = {},
) {
  const metadata = { entityId: 'x', isIdentityProvider: true, isSaml2: true, signOn: [], certificates };
  return foundWith(signingKey, { '/api/v1/apps/0oa1saml/credentials/keys': keys, ...more }, undefined, {
    readSamlMetadata: () => ({ metadata }),
  });
}

describe('oktaApiIdentityCenterChecks: oktaApi.signingKey', () => {
  test('passes for the active key whose certificate was saved, among others', async () => {
    const result = await found(
      [{ ...key, kid: 'key-0', x5c: ['AAAA'] }, key],
      [saved('other'), saved(fingerprint)],
    );
    expect(result.state).toBe('pass');
    expect(result.evidence).toContainEqual({ name: 'fingerprint', value: fingerprint });
    expect(result.evidence).toContainEqual({ name: 'keys', value: 2 });
  });

  test('a certificate in lines is the same one', async () => {
    const inLines = key.x5c[0]?.replace(/(.{6})/g, '$1\r\n') ?? '';
    expect((await found([{ ...key, x5c: [inLines] }])).state).toBe('pass');
  });

  test('fails where the active key is not the one in the file, and says what is', async () => {
    const result = await found([key], [saved('AA:BB'), { state: 'unreadable' }]);
    expect(result).toMatchObject({ state: 'fail', reason: 'activeKeyNotSaved' });
    expect(result.evidence).toContainEqual({ name: 'savedFingerprints', value: ['AA:BB'] });
  });

  test.each([
    ['in 29 days', january + 29 * day, 'warning', 'activeKeyEndsSoon'],
    ['in 31 days', january + 31 * day, 'pass', undefined],
    ['yesterday, which is not within 30 days', january - day, 'warning', 'activeKeyEnded'],
  ])('that ends %s', async (_when, endsAt, state, reason) => {
    const result = await found([{ ...key, expiresAt: new Date(endsAt).toISOString() }]);
    expect([result.state, result.reason]).toEqual([state, reason]);
  });

  test.each<[string, readonly object[] | number, OktaAnswers, string]>([
    ['no key of that ID', [{ ...key, kid: 'key-9' }], {}, 'activeKeyNotTold'],
    ['a key without a certificate', [{ ...key, x5c: [] }], {}, 'activeKeyNotTold'],
    [
      'an application that names no key',
      [key],
      { '/api/v1/apps': [{ ...samlApplication, credentials: {} }] },
      'activeKeyNotTold',
    ],
    ['keys that may not be read', 403, {}, 'apiTokenForbidden'],
    [
      'several applications',
      [key],
      { '/api/v1/apps': [samlApplication, { ...samlApplication, id: '0oa2' }] },
      'severalApplications',
    ],
  ])('%s shows nothing', async (_what, keys, more, reason) => {
    expect(await found(keys, undefined, more)).toMatchObject({ state: 'inconclusive', reason });
  });

  test('a key without an end is not about to end', async () => {
    const { expiresAt: _end, ...endless } = key;
    expect((await found([endless])).state).toBe('pass');
  });
});
