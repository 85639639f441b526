import { describe, expect, test } from 'vitest';
import { checkAcsUrl, checkSamlIssuer } from '../../../../src/setup/checks/samlAddresses.ts';
import { checkContext } from '../../fakes/checkContext.ts';

describe('checkAcsUrl: the addresses of the other side', () => {
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
