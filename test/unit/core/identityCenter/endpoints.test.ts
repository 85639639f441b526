import { describe, expect, test } from 'vitest';
import {
  checkVerificationPage,
  endpointsOf,
  isAwsEndpoint,
  isSameService,
} from '../../../../src/core/identityCenter/endpoints.ts';
import { thrownBy } from '../../fakes/thrownBy.ts';

const none = { oidc: '', portal: '' };

describe("endpointsOf: a region's endpoints", () => {
  test.each([
    ['eu-central-1', 'amazonaws.com'],
    ['us-gov-west-1', 'amazonaws.com'],
    ['cn-north-1', 'amazonaws.com.cn'],
    ['eusc-de-east-1', 'amazonaws.eu'],
    ['us-iso-east-1', 'c2s.ic.gov'],
    ['us-isob-east-1', 'sc2s.sgov.gov'],
    ['eu-isoe-west-1', 'cloud.adc-e.uk'],
    ['us-isof-south-1', 'csp.hci.ic.gov'],
  ])("of %s are AWS's own under %s", (region, suffix) => {
    expect(endpointsOf(region, none)).toEqual({
      oidc: `https://oidc.${region}.${suffix}`,
      portal: `https://portal.sso.${region}.${suffix}`,
    });
  });

  test.each([
    ['https://oidc.example.com', 'https://oidc.example.com'],
    ['https://oidc.example.com/', 'https://oidc.example.com'],
    ['https://example.com/sso-oidc//', 'https://example.com/sso-oidc'],
    ['https://oidc.{region}.example.com', 'https://oidc.eu-west-1.example.com'],
    ['https://example.com/{region}/of/{region}', 'https://example.com/eu-west-1/of/eu-west-1'],
    [' https://oidc.example.com\n', 'https://oidc.example.com'],
    ['http://localhost:4000', 'http://localhost:4000'],
    ['http://127.0.0.1:4000/{region}', 'http://127.0.0.1:4000/eu-west-1'],
    ['http://[::1]:4000', 'http://[::1]:4000'],
  ])('may be configured: %s', (template, url) => {
    expect(endpointsOf('eu-west-1', { oidc: template, portal: '' }).oidc).toBe(url);
    expect(endpointsOf('eu-west-1', { oidc: '', portal: template }).portal).toBe(url);
  });

  test('are configured individually', () => {
    const { oidc, portal } = endpointsOf('eu-west-1', { oidc: 'https://oidc.example.com', portal: '' });
    expect(oidc).toBe('https://oidc.example.com');
    expect(portal).toBe('https://portal.sso.eu-west-1.amazonaws.com');
  });

  const portalOf = 'https://ssoins-7223f0a1b2c3d4e5.portal';
  test.each([
    ['us-east-2', `${portalOf}.us-east-2.app.aws`, 'api.aws'],
    ['us-gov-west-1', `${portalOf}.us-gov-west-1.app.aws`, 'api.aws'],
    ['cn-north-1', `${portalOf}.cn-north-1.app.amazonwebservices.com.cn`, 'api.amazonwebservices.com.cn'],
    ['eusc-de-east-1', `${portalOf}.eusc-de-east-1.api.amazonwebservices.eu`, 'api.amazonwebservices.eu'],
    ['us-iso-west-1', `${portalOf}.us-iso-west-1.app.aws.ic.gov`, 'api.aws.ic.gov'],
    ['us-isob-east-1', `${portalOf}.us-isob-east-1.app.aws.scloud`, 'api.aws.scloud'],
    ['eu-isoe-west-1', `${portalOf}.eu-isoe-west-1.app.cloud-aws.adc-e.uk`, 'api.cloud-aws.adc-e.uk'],
    ['us-isof-east-1', `${portalOf}.us-isof-east-1.app.aws.hci.ic.gov`, 'api.aws.hci.ic.gov'],
    ['us-iso-east-1', 'https://identitycenter.c2s.ic.gov/ssoins-7223f0a1b2c3d4e5', 'c2s.ic.gov'],
    ['us-east-2', 'https://ssoins-7223f0a1b2c3d4e5.us-east-2.portal.amazonaws.com', 'amazonaws.com'],
    ['us-gov-west-1', 'https://ssoins-7223f0a1b2c3d4e5.us-gov-west-1.portal.amazonaws.com', 'amazonaws.com'],
    ['us-east-2', 'https://d-1234567890.awsapps.com/start', 'amazonaws.com'],
    ['us-east-2', 'https://app.aws.example/', 'amazonaws.com'],
  ])('F2: of %s match the start URL %s', (region, startUrl, suffix) => {
    expect(endpointsOf(region, none, startUrl)).toEqual({
      oidc: `https://oidc.${region}.${suffix}`,
      portal: `https://portal.sso.${region}.${suffix}`,
    });
  });

  test('F2: settings take precedence over the start URL', () => {
    const templates = { oidc: 'https://oidc.{region}.example.com', portal: '' };
    expect(endpointsOf('us-east-2', templates, `${portalOf}.us-east-2.app.aws`)).toEqual({
      oidc: 'https://oidc.us-east-2.example.com',
      portal: 'https://portal.sso.us-east-2.api.aws',
    });
  });

  test.each([
    ['user information', 'https://user:secret@oidc.example.com', 'userInfo'],
    ['a user name', 'https://user@oidc.example.com', 'userInfo'],
    ['a query', 'https://oidc.example.com/?key=secret', 'queryOrFragment'],
    ['a fragment', 'https://oidc.example.com/#secret', 'queryOrFragment'],
    ['a query on this machine', 'http://127.0.0.1:4000/?key=secret', 'queryOrFragment'],
  ])('03.08: are rejected with %s, which is not stored', (_, template, reason) => {
    for (const templates of [
      { ...none, oidc: template },
      { ...none, portal: template },
    ]) {
      const { kind, details } = thrownBy(() => endpointsOf('eu-west-1', templates));
      expect({ kind, details }).toMatchObject({
        kind: 'invalidInput',
        details: { operation: 'endpoint', reason },
      });
      expect(JSON.stringify(details)).not.toContain('secret');
    }
  });

  test.each([
    ['https://oidc.eu-west-1.example.com', ['https://oidc.{region}.example.com/']],
    ['https://oidc.eu-west-1.example.com', ['https://oidc.eu-west-1.example.com']],
  ])('06.08: %s is used if the organization allows %j', (oidc, allowed) => {
    const templates = { oidc: 'https://oidc.{region}.example.com', portal: '', allowed };
    expect(endpointsOf('eu-west-1', templates).oidc).toBe(oidc);
  });

  test.each([[[]], [['https://oidc.us-east-1.example.com']], [['https://oidc.example.com']]])(
    '06.08: a setting is ignored if the organization allows only %j',
    (allowed) => {
      const templates = { oidc: 'https://oidc.{region}.example.com', portal: 'http://127.0.0.1:1', allowed };
      expect(endpointsOf('eu-west-1', templates)).toEqual(endpointsOf('eu-west-1', none));
    },
  );

  test.each([
    'http://oidc.example.com',
    'http://localhost.example.com',
    'ftp://localhost',
    'oidc.example.com',
    'https://',
    'javascript:alert(1)',
  ])('are never plain HTTP to another machine, or an invalid address: %s', (template) => {
    const configured = () => endpointsOf('eu-west-1', { oidc: template, portal: '' });
    expect(thrownBy(configured)).toMatchObject({
      kind: 'invalidInput',
      details: { operation: 'endpoint', input: template },
    });
  });
});

describe("isAwsEndpoint: 04.12: AWS's own sign-in hosts", () => {
  test.each([
    'https://oidc.us-east-1.amazonaws.com',
    'https://oidc-fips.us-east-1.amazonaws.com',
    'https://oidc.us-east-1.api.aws',
    'https://oidc-fips.us-gov-west-1.api.aws',
    'https://portal.sso.eu-west-1.amazonaws.com',
    'https://portal.sso-fips.us-east-1.amazonaws.com',
    'https://portal.sso.us-gov-east-1.api.aws',
    'https://oidc.cn-north-1.amazonaws.com.cn',
    'https://oidc.cn-north-1.api.amazonwebservices.com.cn',
    'https://portal.sso.eusc-de-east-1.amazonaws.eu',
    'https://oidc.eusc-de-east-1.api.amazonwebservices.eu',
    'https://oidc.us-iso-east-1.c2s.ic.gov',
    'https://portal.sso.eu-isoe-west-1.cloud.adc-e.uk',
    'https://oidc-fips.eu-isoe-west-1.api.cloud-aws.adc-e.uk',
    'https://oidc.us-isof-south-1.api.aws.hci.ic.gov',
  ])('%s is one', (endpoint) => {
    expect(isAwsEndpoint(new URL(endpoint))).toBe(true);
  });

  test.each([
    'https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com',
    'https://evil.s3.amazonaws.com',
    'https://ec2-203-0-113-7.compute-1.amazonaws.com',
    'https://evil-1234.us-east-1.elb.amazonaws.com',
    'https://oidc.us-east-1.elb.amazonaws.com',
    'https://oidc.s3.amazonaws.com',
    'https://oidc.amazonaws.com',
    'https://oidc.evil.amazonaws.com',
    'https://x.oidc.us-east-1.amazonaws.com',
    'https://oidc-evil.us-east-1.amazonaws.com',
    'https://portal.us-east-1.amazonaws.com',
    'https://oidc.us-east-1.amazonaws.com.cn',
    'https://oidc.cn-north-1.amazonaws.com',
    'https://oidc.us-east-1.amazonaws.com.evil.example',
    'https://oidc.us-east-1.on.aws',
    'https://oidc.us-iso-east-1.amazonaws.com',
    'https://oidc.us-east-1.c2s.ic.gov',
    'https://oidc.us-isob-east-1.c2s.ic.gov',
    'https://oidc.us-iso-east-1.ic.gov',
    'https://oidc.us-east-1.amazonaws.com:8443',
    'http://oidc.us-east-1.amazonaws.com',
    'https://vpce-1-oidc.us-east-1.vpce.amazonaws.com',
  ])('%s does not belong to AWS', (endpoint) => {
    expect(isAwsEndpoint(new URL(endpoint))).toBe(false);
  });
});

test.each([
  ['https://oidc.us-east-2.api.aws', 'https://oidc.us-east-2.amazonaws.com', true],
  ['https://oidc.us-east-2.api.aws', 'https://oidc.us-east-1.amazonaws.com', false],
  ['https://oidc.example.com', 'https://oidc.example.com', true],
  ['https://oidc.example.com', 'https://oidc.us-east-2.amazonaws.com', false],
  ['https://oidc.us-east-2.amazonaws.com', 'https://evil-1.us-east-2.elb.amazonaws.com', false],
])('F2: %s and %s are one service: %s', (one, other, is) => {
  expect(isSameService(one, other)).toBe(is);
});

describe('checkVerificationPage: a verification page', () => {
  const awsEndpoint = (region: string) => endpointsOf(region, none).oidc;
  const check = (page: string, region: string, endpoint = awsEndpoint(region)) =>
    checkVerificationPage(page, region, endpoint);

  test.each([
    ['eu-central-1', 'https://device.sso.eu-central-1.amazonaws.com/?user_code=ABCD-EFGH'],
    ['eu-central-1', 'https://d-1234567890.awsapps.com/start/#/device?user_code=ABCD-EFGH'],
    ['us-east-1', 'https://view.awsapps.com/start/#/device?user_code=ABCD-EFGH'],
    ['us-east-1', 'https://identitycenter.amazonaws.com/ssoins-7223f0a1b2c3d4e5/#/device?user_code=A%2BB'],
    ['eu-west-1', 'https://ssoins-7223f0a1b2c3d4e5.portal.eu-west-1.app.aws/#/device?user_code=ABCD'],
    ['us-east-2', 'https://ssoins-7223f0a1b2c3d4e5.us-east-2.portal.amazonaws.com/#/device'],
    ['us-gov-west-1', 'https://start.us-gov-home.awsapps.com/directory/d-1234567890#/device'],
    ['us-gov-west-1', 'https://device.sso.us-gov-west-1.amazonaws.com/'],
    ['cn-north-1', 'https://device.sso.cn-north-1.amazonaws.com.cn/?user_code=ABCD-EFGH'],
    ['cn-north-1', 'https://start.cn-north-1.home.awsapps.cn/directory/d-1234567890#/device'],
    ['eusc-de-east-1', 'https://ssoins-7223f0a1b2c3d4e5.eusc-de-east-1.portal.amazonaws.eu/#/device'],
    ['us-gov-west-1', 'https://ssoins-7223f0a1b2c3d4e5.us-gov-west-1.portal.amazonaws.com/#/device'],
    ['us-gov-west-1', 'https://ssoins-7223f0a1b2c3d4e5.portal.us-gov-west-1.app.aws/#/device'],
    ['us-gov-west-1', 'https://identitycenter.us-gov.amazonaws.com/ssoins-7223f0a1b2c3d4e5/#/device'],
    ['us-east-2', 'https://device.sso.us-east-2.api.aws/?user_code=ABCD-EFGH'],
    ['us-iso-east-1', 'https://device.sso.us-iso-east-1.c2s.ic.gov/?user_code=ABCD-EFGH'],
    [
      'eu-isoe-west-1',
      'https://ssoins-7223f0a1b2c3d4e5.portal.eu-isoe-west-1.app.cloud-aws.adc-e.uk/#/device',
    ],
    ['us-isob-east-1', 'https://ssoins-7223f0a1b2c3d4e5.us-isob-east-1.portal.sc2s.sgov.gov/#/device'],
    ['us-gov-west-1', 'https://device.sso.us-gov-west-1.api.aws/?user_code=ABCD-EFGH'],
    ['cn-north-1', 'https://device.sso.cn-north-1.api.amazonwebservices.com.cn/?user_code=ABCD-EFGH'],
    ['cn-north-1', 'https://ssoins-7223f0a1b2c3d4e5.cn-north-1.portal.amazonaws.com.cn/#/device'],
    ['cn-north-1', 'https://ssoins-7223f0a1b2c3d4e5.portal.cn-north-1.app.amazonwebservices.com.cn/#/device'],
    [
      'eusc-de-east-1',
      'https://ssoins-7223f0a1b2c3d4e5.portal.eusc-de-east-1.api.amazonwebservices.eu/#/device',
    ],
  ])("of %s is on AWS's domains and returned unchanged: %s", (region, page) => {
    expect(check(page, region)).toBe(page);
  });

  test.each([
    ['another domain', 'https://evil.example/device', 'us-east-1'],
    ['a domain with AWS in front', 'https://awsapps.com.evil.example/start', 'us-east-1'],
    ['a domain with AWS at its end', 'https://evilawsapps.com/start', 'us-east-1'],
    ['user information', 'https://d-1234567890.awsapps.com@evil.example/start', 'us-east-1'],
    ['user information before AWS', 'https://evil.example@d-1234567890.awsapps.com/start', 'us-east-1'],
    ['a password before AWS', 'https://:evil@d-1234567890.awsapps.com/start', 'us-east-1'],
    ['plain http', 'http://d-1234567890.awsapps.com/start', 'us-east-1'],
    ['plain http to this machine', 'http://127.0.0.1:4000/device', 'us-east-1'],
    ['no web address', 'javascript:alert(1)//d-1234567890.awsapps.com', 'us-east-1'],
    ['a file', 'file://d-1234567890.awsapps.com/start', 'us-east-1'],
    ['no address', 'device', 'us-east-1'],
    ['nothing', '', 'us-east-1'],
    ["China's pages for another partition", 'https://start.home.awsapps.cn/directory/d-1', 'us-east-1'],
    ['a region of another partition', 'https://x.portal.us-gov-west-1.app.aws/#/device', 'us-east-1'],
    ['a region of no government', 'https://x.us-east-1.portal.amazonaws.com/#/device', 'us-gov-west-1'],
    ["the world's pages for China", 'https://d-1234567890.awsapps.com/start', 'cn-north-1'],
    ["the world's pages for the government", 'https://d-1234567890.awsapps.com/start', 'us-gov-west-1'],
    [
      "the government's pages for the world",
      'https://start.us-gov-home.awsapps.com/directory/d-1',
      'us-east-1',
    ],
  ])('is rejected: %s', (_, page, region) => {
    expect(thrownBy(() => check(page, region))).toMatchObject({
      kind: 'invalidResponse',
      details: { operation: 'verificationUri', reason: 'foreignPage' },
    });
  });

  test.each([
    'https://evil.s3.amazonaws.com/device',
    'https://abcdef123.execute-api.us-east-1.amazonaws.com/device',
    'https://ec2-203-0-113-1.compute-1.amazonaws.com/device',
  ])('is rejected on a machine that any AWS customer can rent: %s', (page) => {
    expect(thrownBy(() => check(page, 'us-east-1')).kind).toBe('invalidResponse');
  });

  test.each([
    ['a backslash', 'https://d-1234567890.awsapps.com\\@evil.example/'],
    ['a tab', 'https://d-1234567890.awsapps.com/\tstart'],
    ['a line break', 'https://d-1234567890.awsapps.com/start\r\n'],
    ['a space in front', ' https://d-1234567890.awsapps.com/start'],
  ])('is never returned with %s in it, which programs parse differently', (_, page) => {
    const handedOn = () => check(page, 'us-east-1');
    let out = 'https://refused.example/';
    try {
      out = handedOn();
    } catch {
      expect(thrownBy(handedOn).kind).toBe('invalidResponse');
    }
    expect(out).not.toMatch(/[\\\s]/);
  });

  test('names the rejected host', () => {
    const { details } = thrownBy(() => check('https://evil.example:8443/device?user_code=A', 'us-east-1'));
    expect(details.host).toBe('evil.example:8443');
  });

  describe('of a configured endpoint', () => {
    const loopback = 'http://127.0.0.1:4000/{region}';

    test('may be on its host if that is this machine', () => {
      const page = 'http://127.0.0.1:4000/device?user_code=ABCD-EFGH';
      expect(check(page, 'us-east-1', loopback)).toBe(page);
    });

    test("may be on AWS's domains", () => {
      const page = 'https://d-1234567890.awsapps.com/start/#/device';
      expect(check(page, 'us-east-1', loopback)).toBe(page);
    });

    test.each([
      ['http://localhost:4000/device', loopback],
      ['http://evil.example/device', loopback],
      ['https://oidc.example.com/device', 'https://oidc.example.com'],
    ])('is rejected elsewhere: %s for %s', (page, endpoint) => {
      expect(thrownBy(() => check(page, 'us-east-1', endpoint)).details.reason).toBe('foreignPage');
    });
  });
});
