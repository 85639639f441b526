import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { oktaApiIdentityCenterChecks } from '../../../../src/setup/checks/oktaApiIdentityCenter.ts';
import type { SamlCertificate } from '../../../../src/setup/samlCertificate.ts';
import type { SetupInputs } from '../../../../src/setup/setupPorts.ts';
import { answeringHttp } from '../../fakes/answeringHttp.ts';
import { checkContext } from '../../fakes/checkContext.ts';
import { day, identityCenterConnection, january } from '../../fakes/examples.ts';
import { firstPage, foundWith, type OktaAnswers, samlApplication } from '../../fakes/oktaAnswers.ts';

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
  test('passes if the certificate of the active key was saved, among others', async () => {
    const result = await found(
      [{ ...key, kid: 'key-0', x5c: ['AAAA'] }, key],
      [saved('other'), saved(fingerprint)],
    );
    expect(result.state).toBe('pass');
    expect(result.evidence).toContainEqual({ name: 'fingerprint', value: fingerprint });
    expect(result.evidence).toContainEqual({ name: 'keys', value: 2 });
  });

  test('a certificate with line breaks is the same', async () => {
    const inLines = key.x5c[0]?.replace(/(.{6})/g, '$1\r\n') ?? '';
    expect((await found([{ ...key, x5c: [inLines] }])).state).toBe('pass');
  });

  test('fails if the file lacks the active key, and shows the active one', async () => {
    const result = await found([key], [saved('AA:BB'), { state: 'unreadable' }]);
    expect(result).toMatchObject({ state: 'fail', reason: 'activeKeyNotSaved' });
    expect(result.evidence).toContainEqual({ name: 'savedFingerprints', value: ['AA:BB'] });
  });

  test.each([
    ['in 29 days', january + 29 * day, 'warning', 'activeKeyEndsSoon'],
    ['in 31 days', january + 31 * day, 'pass', undefined],
    ['yesterday, which is not within 30 days', january - day, 'warning', 'activeKeyEnded'],
  ])('that expires %s', async (_when, endsAt, state, reason) => {
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
  ])('%s proves nothing', async (_what, keys, more, reason) => {
    expect(await found(keys, undefined, more)).toMatchObject({ state: 'inconclusive', reason });
  });

  test('a key without expiry is not about to expire', async () => {
    const { expiresAt: _end, ...endless } = key;
    expect((await found([endless])).state).toBe('pass');
  });
});

const acsUrl = 'https://us-east-1.signin.aws.amazon.com/platform/saml/acs/1a2b3c4d';
const samlIssuerUrl = 'https://us-east-1.signin.aws.amazon.com/platform/saml/d-1234567890';
const set = { ...samlApplication, settings: { app: { acsURL: acsUrl, entityID: samlIssuerUrl } } };
const rowOf = (id: string) => oktaApiIdentityCenterChecks.find((one) => one.id === id);
const given: SetupInputs = {
  metadataXml: 'Location="https://example.okta.com/app/amazon_aws_sso/exk1b2c3d4/sso/saml"',
  oktaApiToken: '00example',
  acsUrl,
  samlIssuerUrl,
};

describe('oktaApiIdentityCenterChecks: oktaApi.signOnDetails', () => {
  const details = async (answers: OktaAnswers, changes: Partial<SetupInputs> = {}) =>
    foundWith(rowOf('oktaApi.signOnDetails'), answers, { ...given, ...changes });

  test.each([
    [`ACS URL: ${acsUrl}`, `“${samlIssuerUrl}”`],
    [` ${acsUrl}\n`, samlIssuerUrl.replace('https://us', 'HTTPS://US')],
    [acsUrl, `IAM Identity Center issuer URL: ${samlIssuerUrl}`],
  ])('ignores characters that a copy adds: %j', async (acs, issuer) => {
    const found = await details({ '/api/v1/apps': [set] }, { acsUrl: acs, samlIssuerUrl: issuer });
    expect(found).toMatchObject({ state: 'pass' });
  });

  test.each([
    ['acsURL', `${acsUrl}/`, 'acsUrlDiffers'],
    ['entityID', samlIssuerUrl.toUpperCase(), 'issuerUrlDiffers'],
  ])('an address in another form in Okta differs: %s', async (name, value, reason) => {
    const app = { ...set.settings.app, [name]: value };
    const found = await details({ '/api/v1/apps': [{ ...set, settings: { app } }] });
    expect(found).toMatchObject({ state: 'fail', reason });
  });

  test('a deactivated application with the same name and addresses does not match', async () => {
    const old = { ...set, id: '0oa0', status: 'INACTIVE' };
    expect(await details({ '/api/v1/apps': [old, { ...set, status: 'ACTIVE' }] })).toMatchObject({
      state: 'pass',
    });
    expect(await details({ '/api/v1/apps': [old] })).toMatchObject({ reason: 'applicationInactive' });
  });

  test('wrong addresses that were entered hid that Okta has another directory', async () => {
    const { http } = answeringHttp(() => Response.json([set]));
    const before = async (id: string, region?: string) => {
      const startUrl = `https://${id}.awsapps.com/start`;
      const accessPortal = { ...identityCenterConnection, startUrl };
      const context = checkContext({ inputs: { ...given, accessPortal }, ports: { http } });
      return rowOf('oktaApi.signOnDetails')?.beforehand?.({
        ...context,
        lookups: { ...context.lookups, region: async () => region },
      });
    };
    const own = /d-\w{10}/.exec(samlIssuerUrl)?.[0] ?? '';
    expect(await before('d-9999999999', 'us-east-1')).toMatchObject({ reason: 'issuerUrlDiffers' });
    // No Region has this start URL, or it has an alias.
    expect(await before('d-9999999999')).toBeUndefined();
    expect(await before('my-company', 'us-east-1')).toBeUndefined();
    expect(await before(own, 'us-east-1')).toBeUndefined();
  });

  test('without an issuer URL, an application without one does not match', async () => {
    const found = await foundWith(
      rowOf('oktaApi.provisioning'),
      { '/api/v1/apps': [samlApplication, { ...set, id: '0oa2', features: [] }] },
      { ...given, samlIssuerUrl: '' },
    );
    expect(found).toMatchObject({ state: 'inconclusive', reason: 'severalApplications' });
  });

  test('an incomplete list does not prove that the application is missing', async () => {
    expect(await details({ '/api/v1/apps': firstPage() })).toMatchObject({
      state: 'inconclusive',
      reason: 'oktaListNotWhole',
    });
  });
});

describe('oktaApiIdentityCenterChecks: oktaApi.provisioning', () => {
  test('features that Okta does not return do not count as missing', async () => {
    const found = await foundWith(rowOf('oktaApi.provisioning'), {}, given);
    expect(found).toMatchObject({ state: 'inconclusive', reason: 'settingsNotTold' });
    const none = await foundWith(
      rowOf('oktaApi.provisioning'),
      { '/api/v1/apps': [{ ...samlApplication, features: [] }] },
      given,
    );
    expect(none).toMatchObject({ state: 'fail', reason: 'featuresMissing' });
  });
});

describe('oktaApiIdentityCenterChecks: oktaApi.groupPush', () => {
  const push = async (groups: object, mappings: object) =>
    foundWith(
      rowOf('oktaApi.groupPush'),
      {
        '/api/v1/apps/0oa1saml/groups': groups,
        '/api/v1/apps/0oa1saml/group-push/mappings': mappings,
      },
      given,
    );
  const active = { sourceGroupId: 'g1', status: 'ACTIVE' };

  test.each([
    ['of a group that is not assigned', { sourceGroupId: 'g2', status: 'INACTIVE' }],
    ['beside one that goes on', { sourceGroupId: 'g1', status: 'ERROR', errorSummary: 'Old.' }],
  ])('a push that stopped %s does not fail', async (_which, stopped) => {
    expect(await push([{ id: 'g1' }], [stopped, active])).toMatchObject({ state: 'pass' });
  });

  test('a stopped push of an assigned group fails with Okta’s message', async () => {
    const found = await push(
      [{ id: 'g1' }],
      [{ ...active, status: 'ERROR', errorSummary: 'Duplicate name.' }],
    );
    expect(found).toMatchObject({ state: 'fail', reason: 'pushNotActive' });
    expect(found.evidence).toContainEqual({ name: 'words', value: 'Duplicate name.' });
  });

  test.each([
    [
      'pushed groups that go on at another page',
      [{ id: 'g1' }, { id: 'g2' }],
      firstPage(active),
      'oktaListNotWhole',
    ],
    ['groups that go on at another page', firstPage({ id: 'g1' }), [active], 'oktaListNotWhole'],
    ['a push that names no group', [{ id: 'g1' }], [{ status: 'ACTIVE' }], 'settingsNotTold'],
  ])('%s: nothing is proven missing', async (_what, groups, mappings, reason) => {
    expect(await push(groups, mappings)).toMatchObject({ state: 'inconclusive', reason });
  });
});
