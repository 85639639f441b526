import { describe, expect, test } from 'vitest';
import {
  checkAcsUrl,
  checkCertificates,
  checkSamlApplication,
  checkSamlIssuer,
  checkSamlMetadata,
  checkSamlPublished,
  checkSignOn,
} from '../../../../src/setup/checks/saml.ts';
import type { SamlCertificate, SamlMetadata } from '../../../../src/setup/setupPorts.ts';
import { answeringHttp } from '../../fakes/answeringHttp.ts';
import { checkContext } from '../../fakes/checkContext.ts';
import { day, january } from '../../fakes/examples.ts';

const post = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST';
const metadata: SamlMetadata = {
  entityId: 'http://www.okta.com/exk1',
  isIdentityProvider: true,
  isSaml2: true,
  signOn: [{ binding: post, url: 'https://example.okta.com/app/exk1/sso/saml' }],
  certificates: [],
};
const given = (change: Partial<SamlMetadata>) =>
  checkContext({
    inputs: { metadataXml: '<x/>' },
    ports: { readSamlMetadata: () => ({ metadata: { ...metadata, ...change } }) },
  });
const certificate = (from: number, to: number): SamlCertificate => ({
  state: 'read',
  startsAt: january + from,
  endsAt: january + to,
  fingerprint: 'AA:BB',
  keyType: 'rsa',
  keyBits: 2048,
  hasWeakHash: false,
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

  test.each([
    ['https://signin.aws.amazon.com/saml/acs/1', 'inconclusive', 'unknownForm'],
    ['https://sso.example.com/saml/acs/1', 'fail', 'notAws'],
    ['https://elsewhere.example/platform/saml/acs/1', 'fail', 'notAws'],
    ['https://eu-west-1.signin.aws.evil.example/platform/saml/acs/1', 'fail', 'notAws'],
  ])('B10: at a host that names no region, %s', async (acsUrl, state, reason) => {
    expect(await checkAcsUrl(checkContext({ inputs: { acsUrl } }))).toMatchObject({ state, reason });
  });

  test('B10: with a slash at their end say so, and not that the fields are swapped', async () => {
    const found = [
      await checkAcsUrl(checkContext({ inputs: { acsUrl: `${acs}/` } })),
      await checkSamlIssuer(checkContext({ inputs: { samlIssuerUrl: `${issuer}/` } })),
    ];
    expect(found.map(({ reason }) => reason)).toEqual(['slashAtEnd', 'slashAtEnd']);
    expect(found[0]?.evidence).toContainEqual({ name: 'suggestedAddress', value: acs });
  });

  test('A9: an ACS URL does not end in a directory', async () => {
    const acsUrl = acs.replace(/[^/]+$/, 'd-996719544f');
    expect((await checkAcsUrl(checkContext({ inputs: { acsUrl } }))).reason).toBe('notAcsUrl');
  });

  test.each([
    ['https://d-996719544f.awsapps.com/start', 'pass', undefined],
    ['d-996719544f', 'pass', undefined],
    ['https://d-1234567890.awsapps.com/start', 'fail', 'directoryDiffers'],
    ['https://D-1234567890.awsapps.com/start/#/', 'fail', 'directoryDiffers'],
    ['https://acme.awsapps.com/start', 'pass', undefined],
    ['https://ssoins-7223f0a1b2c3d4e5.portal.eu-central-1.app.aws', 'pass', undefined],
  ])('A9: the issuer URL of d-996719544f beside the start URL %s', async (startUrl, state, reason) => {
    const inputs = {
      samlIssuerUrl: issuer,
      identityCenter: { type: 'identityCenter', name: 'x', startUrl, region: 'eu-central-1' },
    } as const;
    const finding = await checkSamlIssuer(checkContext({ inputs }));
    expect([finding.state, finding.reason]).toEqual([state, reason]);
  });
});

describe('A2: the metadata is of the AWS IAM Identity Center application', () => {
  const signOnAt = (path: string, entityId = 'http://www.okta.com/exkAbc1', host = 'example.okta.com') =>
    checkSamlApplication(given({ entityId, signOn: [{ binding: post, url: `https://${host}${path}` }] }));

  test.each([
    ['/app/amazon_aws_sso/exkAbc1/sso/saml', 'pass', undefined],
    ['/app/amazon_aws/exkAbc1/sso/saml', 'fail', 'mistakenApplication'],
    ['/app/example_kirosaml_1/exkAbc1/sso/saml', 'fail', 'otherApplication'],
    ['/app/amazon_aws_sso/exkAbc2/sso/saml', 'fail', 'applicationIdDiffers'],
    ['/app/exkAbc1/sso/saml', 'inconclusive', 'applicationUnknown'],
    ['/sso/saml2/0oa1', 'inconclusive', 'applicationUnknown'],
  ])('%s is %s: %s', async (path, state, reason) => {
    const finding = await signOnAt(path);
    expect([finding.state, finding.reason]).toEqual([state, reason]);
  });

  test('the other application is named', async () => {
    const { evidence } = await signOnAt('/app/amazon_aws/exkAbc1/sso/saml');
    expect(evidence).toContainEqual({ name: 'application', value: 'AWS Account Federation' });
  });

  test('a domain of the organization’s own is as good as Okta’s', async () => {
    const path = '/app/amazon_aws_sso/exkAbc1/sso/saml';
    expect((await signOnAt(path, undefined, 'login.example.com')).state).toBe('pass');
  });

  test.each([
    [
      'https://accounts.google.com/o/saml2/idp?idpid=C01',
      'https://accounts.google.com/o/saml2?idpid=C01',
      'Google Workspace',
    ],
    [
      'https://app.onelogin.com/saml/metadata/1',
      'https://example.onelogin.com/trust/saml2/http-post/sso/1',
      'OneLogin',
    ],
    ['https://sts.windows.net/1/', 'https://login.microsoftonline.com/1/saml2', 'Microsoft Entra ID'],
  ])('%s is not Okta', async (entityId, url, provider) => {
    const finding = await checkSamlApplication(given({ entityId, signOn: [{ binding: post, url }] }));
    expect(finding).toMatchObject({ state: 'fail', reason: 'otherProvider' });
    expect(finding.evidence).toContainEqual({ name: 'provider', value: provider });
  });

  test('one that is not known is not Okta either', async () => {
    const signOn = [{ binding: post, url: 'https://idp.example.edu/idp/profile/SAML2/POST/SSO' }];
    const finding = await checkSamlApplication(
      given({ entityId: 'https://idp.example.edu/shibboleth', signOn }),
    );
    expect(finding).toMatchObject({ state: 'fail', reason: 'notOkta' });
  });
});

describe('A8: a weak certificate is a warning, and what is not known is not verified', () => {
  const judged = async (...changes: readonly Partial<SamlCertificate>[]) => {
    const certificates = changes.map((one) => ({ ...certificate(-day, 900 * day), ...one }));
    const { state, reason } = await checkCertificates(
      given({ certificates: certificates as SamlCertificate[] }),
    );
    return [state, reason];
  };

  test.each([
    [{ keyBits: 512 }, 'warning', 'certificateShortKey'],
    [{ keyBits: 1024 }, 'warning', 'certificateShortKey'],
    [{ keyBits: 4096 }, 'pass', undefined],
    [{ hasWeakHash: true }, 'warning', 'certificateWeakHash'],
    [{ keyType: 'ec' }, 'inconclusive', 'certificateNotRsa'],
    [{ keyType: 'rsa-pss' }, 'inconclusive', 'certificateNotRsa'],
  ])('%j', async (change, state, reason) => {
    expect(await judged(change)).toEqual([state, reason]);
  });

  test('beside a good one it is enough that one is good', async () => {
    expect(await judged({ keyBits: 1024 }, {})).toEqual(['pass', undefined]);
  });

  test('SAML 1.1 only is wrong', async () => {
    expect((await checkSamlMetadata(given({ isSaml2: false }))).reason).toBe('olderSaml');
  });
});

describe('A2: the saved file is compared with what Okta publishes', () => {
  const url = 'https://example.okta.com/app/amazon_aws_sso/exkAbc1/sso/saml';
  const saved: SamlMetadata = {
    ...metadata,
    entityId: 'http://www.okta.com/exkAbc1',
    signOn: [{ binding: post, url }],
    certificates: [{ ...certificate(-day, day), fingerprint: 'AA' } as SamlCertificate],
  };
  async function compared(published: Partial<SamlMetadata> | undefined, answer?: Response) {
    const { http, asked } = answeringHttp(() => answer ?? new Response('published'));
    const finding = await checkSamlPublished(
      checkContext({
        inputs: { metadataXml: 'saved' },
        ports: {
          http,
          readSamlMetadata: (xml) =>
            xml === 'saved'
              ? { metadata: saved }
              : published === undefined
                ? { problem: 'webPage' }
                : { metadata: { ...saved, ...published } },
        },
      }),
    );
    return { ...finding, asked };
  }
  const withPrint = (...prints: readonly string[]): Partial<SamlMetadata> => ({
    certificates: prints.map(
      (fingerprint) => ({ ...certificate(-day, day), fingerprint }) as SamlCertificate,
    ),
  });

  test('at the address that needs no credential, and it sends none', async () => {
    const { state, asked } = await compared({});
    expect(state).toBe('pass');
    expect(asked.map(([address, { headers }]) => [address.href, Object.keys(headers)])).toEqual([
      ['https://example.okta.com/app/exkAbc1/sso/saml/metadata', ['accept']],
    ]);
  });

  test.each<[string, Partial<SamlMetadata> | undefined, string, string | undefined]>([
    ['another certificate', withPrint('BB'), 'fail', 'certificateReplaced'],
    ['a certificate more', withPrint('AA', 'BB'), 'warning', 'certificateAdded'],
    ['another entity ID', { entityId: 'http://www.okta.com/exkAbc2' }, 'fail', 'publishedEntityDiffers'],
    [
      'another sign-on URL',
      { signOn: [{ binding: post, url: url.replace('example', 'other') }] },
      'fail',
      'publishedSignOnDiffers',
    ],
    ['a page', undefined, 'inconclusive', 'unclearAnswer'],
  ])('%s', async (_, published, state, reason) => {
    const finding = await compared(published);
    expect([finding.state, finding.reason]).toEqual([state, reason]);
  });

  test.each([
    [404, 'notPublished'],
    [302, 'unclearAnswer'],
    [403, 'unclearAnswer'],
  ])('HTTP %i says neither right nor wrong', async (status, reason) => {
    const finding = await compared({}, new Response(null, { status }));
    expect([finding.state, finding.reason]).toEqual(['inconclusive', reason]);
  });
});
