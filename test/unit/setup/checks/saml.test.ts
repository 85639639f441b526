import { describe, expect, test } from 'vitest';
import {
  checkAcsUrl,
  checkCertificates,
  checkSamlIssuer,
  checkSamlMetadata,
  checkSignOn,
} from '../../../../src/setup/checks/saml.ts';
import type { SamlCertificate, SamlMetadata } from '../../../../src/setup/setupPorts.ts';
import { checkContext } from '../../fakes/checkContext.ts';
import { day, january } from '../../fakes/examples.ts';

const post = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST';
const metadata: SamlMetadata = {
  entityId: 'http://www.okta.com/exk1',
  isIdentityProvider: true,
  signOn: [{ binding: post, url: 'https://example.okta.com/app/exk1/sso/saml' }],
  certificates: [],
};
const given = (change: Partial<SamlMetadata>) =>
  checkContext({
    inputs: { metadataXml: '<x/>' },
    ports: { readSamlMetadata: () => ({ ...metadata, ...change }) },
  });
const certificate = (from: number, to: number): SamlCertificate => ({
  state: 'read',
  startsAt: january + from,
  endsAt: january + to,
  fingerprint: 'AA:BB',
});

describe('the signing certificate', () => {
  test.each<[string, readonly SamlCertificate[], string, string | undefined]>([
    ['for years', [certificate(-day, 900 * day)], 'pass', undefined],
    [
      'of which the newest counts',
      [certificate(-90 * day, -day), certificate(-day, 900 * day)],
      'pass',
      undefined,
    ],
    ['for a month and a day', [certificate(-day, 31 * day)], 'pass', undefined],
    ['for less than a month', [certificate(-day, 29 * day)], 'warning', 'certificateEndsSoon'],
    ['that ended', [certificate(-90 * day, -1)], 'fail', 'certificateExpired'],
    ['that has not begun', [certificate(day, 90 * day)], 'fail', 'certificateNotYet'],
    ['that cannot be read', [{ state: 'unreadable' }], 'fail', 'certificateUnreadable'],
    [
      'beside one that cannot be read',
      [{ state: 'unreadable' }, certificate(-day, 90 * day)],
      'pass',
      undefined,
    ],
    ['that is not there', [], 'fail', 'noCertificate'],
    [
      'F14: beside the next one, not valid yet',
      [certificate(-day, 60 * day), certificate(7 * day, 900 * day)],
      'pass',
      undefined,
    ],
    [
      'F14: followed in time',
      [certificate(-day, 9 * day), certificate(7 * day, 900 * day)],
      'pass',
      undefined,
    ],
    [
      'F14: followed too late',
      [certificate(-day, 9 * day), certificate(20 * day, 900 * day)],
      'warning',
      'certificateEndsSoon',
    ],
    [
      'F14: beside an expired one that ended last of all',
      [certificate(-9 * day, -1), certificate(-day, 60 * day)],
      'pass',
      undefined,
    ],
    [
      'F14: expired, the next one not valid yet',
      [certificate(-9 * day, -1), certificate(day, 90 * day)],
      'fail',
      'certificateExpired',
    ],
    [
      'F14: of which none has begun',
      [certificate(day, 60 * day), certificate(7 * day, 900 * day)],
      'fail',
      'certificateNotYet',
    ],
  ])('%s', async (_, certificates, state, reason) => {
    const finding = await checkCertificates(given({ certificates }));
    expect([finding.state, finding.reason]).toEqual([state, reason]);
  });
});

test('F14: the others are notes: when the next begins, when the earlier ended', async () => {
  const certificates = [
    certificate(-90 * day, -day),
    certificate(-day, 60 * day),
    certificate(7 * day, 900 * day),
  ];
  const { state, evidence } = await checkCertificates(given({ certificates }));
  expect(state).toBe('pass');
  expect(Object.fromEntries(evidence.map(({ name, value }) => [name, value]))).toMatchObject({
    certificateEndsAt: january + 60 * day,
    nextCertificateStartsAt: january + 7 * day,
    expiredCertificateEndedAt: january - day,
  });
});

test.each([
  [january - 1, 'metadataExpired'],
  [january + day, undefined],
  [undefined, undefined],
])('F14: metadata that is valid until %s: %s', async (validUntil, reason) => {
  const finding = await checkSamlMetadata(given(validUntil === undefined ? {} : { validUntil }));
  expect([finding.state, finding.reason]).toEqual([reason === undefined ? 'pass' : 'warning', reason]);
});

describe('the sign-on URL', () => {
  const at = (url: string, binding = post) => checkSignOn(given({ signOn: [{ binding, url }] }));

  test.each([
    ['https://example.okta.com/sso', undefined],
    ['http://example.okta.com/sso', 'signOnNotHttps'],
    ['javascript:alert(1)', 'signOnNotHttps'],
    ['not an address', 'signOnNotHttps'],
  ])('%s: %s', async (url, reason) => {
    expect((await at(url)).reason).toBe(reason);
  });

  test('with a binding of no use, or missing', async () => {
    const soap = 'urn:oasis:names:tc:SAML:2.0:bindings:SOAP';
    expect((await at('https://example.okta.com/sso', soap)).reason).toBe('signOnBinding');
    expect((await checkSignOn(given({ signOn: [] }))).reason).toBe('noSignOnUrl');
  });
});

describe('the addresses of the other side', () => {
  const acs = 'https://eu-central-1.signin.aws.amazon.com/platform/saml/acs/85f2a8f3-9efd';
  const issuer = 'https://eu-central-1.signin.aws.amazon.com/platform/saml/d-996719544f';

  test('have each their form', async () => {
    expect((await checkAcsUrl(checkContext({ inputs: { acsUrl: acs } }))).state).toBe('pass');
    expect((await checkAcsUrl(checkContext({ inputs: { acsUrl: issuer } }))).reason).toBe('notAcsUrl');
    expect((await checkSamlIssuer(checkContext({ inputs: { samlIssuerUrl: issuer } }))).state).toBe('pass');
    expect((await checkSamlIssuer(checkContext({ inputs: { samlIssuerUrl: acs } }))).reason).toBe(
      'notSamlIssuer',
    );
  });

  test('at a host that names no region are not known', async () => {
    const acsUrl = 'https://sso.example.com/saml/acs/1';
    expect(await checkAcsUrl(checkContext({ inputs: { acsUrl } }))).toMatchObject({
      state: 'inconclusive',
      reason: 'unknownForm',
    });
  });
});
