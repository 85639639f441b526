import { describe, expect, test } from 'vitest';
import { checkAcsUrl, checkSamlIssuer } from '../../../../src/setup/checks/samlAddresses.ts';
import type { CheckContext } from '../../../../src/setup/check.ts';
import type { SetupInputs } from '../../../../src/setup/setupPorts.ts';
import { checkContext } from '../../fakes/checkContext.ts';

function inItsRegion(inputs: SetupInputs, region = 'eu-central-1'): CheckContext {
  const context = checkContext({ inputs });
  return { ...context, lookups: { ...context.lookups, region: async () => region || undefined } };
}

describe('checkAcsUrl: addresses of the other side', () => {
  const acs = 'https://eu-central-1.signin.aws.amazon.com/platform/saml/acs/85f2a8f3-9efd';
  const issuer = 'https://eu-central-1.signin.aws.amazon.com/platform/saml/d-996719544f';

  test('each have their own format', async () => {
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
  ])('B10: with a host without a Region, %s', async (acsUrl, state, reason) => {
    expect(await checkAcsUrl(checkContext({ inputs: { acsUrl } }))).toMatchObject({ state, reason });
  });

  test('an ACS URL of the European Sovereign Cloud was said not to belong to AWS', async () => {
    const acsUrl = 'https://eusc-de-east-1.signin.amazonaws-eusc.eu/platform/saml/acs/85f2a8f3-9efd';
    expect(await checkAcsUrl(checkContext({ inputs: { acsUrl } }))).toMatchObject({ state: 'pass' });
  });

  test('with a port, which AWS’s addresses never have, passed', async () => {
    const withPort = acs.replace('.com/', '.com:8443/');
    expect(await checkAcsUrl(checkContext({ inputs: { acsUrl: withPort } }))).toMatchObject({
      state: 'fail',
      reason: 'notAws',
    });
  });

  test('an issuer URL without a directory passed, although the start URL names one', async () => {
    const samlIssuerUrl = issuer.replace('d-996719544f', '996719544f');
    expect(await checkSamlIssuer(inItsRegion({ samlIssuerUrl }))).toMatchObject({
      state: 'inconclusive',
      reason: 'noDirectory',
    });
  });

  test('B10: report a trailing slash, not swapped fields', async () => {
    const found = [
      await checkAcsUrl(checkContext({ inputs: { acsUrl: `${acs}/` } })),
      await checkSamlIssuer(checkContext({ inputs: { samlIssuerUrl: `${issuer}/` } })),
    ];
    expect(found.map(({ reason }) => reason)).toEqual(['slashAtEnd', 'slashAtEnd']);
    expect(found[0]?.evidence).toContainEqual({ name: 'suggestedAddress', value: acs });
  });

  test('A9: an ACS URL does not end with a directory', async () => {
    const acsUrl = acs.replace(/[^/]+$/, 'd-996719544f');
    expect((await checkAcsUrl(checkContext({ inputs: { acsUrl } }))).reason).toBe('notAcsUrl');
  });

  test('the issuer URL that passes shows what it was compared with', async () => {
    const startUrl = 'https://d-996719544f.awsapps.com/start';
    const identityCenter = { type: 'identityCenter', name: 'x', startUrl, region: 'eu-central-1' } as const;
    const { evidence } = await checkSamlIssuer(
      inItsRegion({ samlIssuerUrl: issuer, accessPortal: identityCenter }),
    );
    expect(evidence).toContainEqual({ name: 'directory', value: 'd-996719544f' });
  });

  test.each([
    ['https://d-996719544f.awsapps.com/start', 'pass', undefined],
    ['d-996719544f', 'pass', undefined],
    ['https://d-1234567890.awsapps.com/start', 'fail', 'directoryDiffers'],
    ['https://D-1234567890.awsapps.com/start/#/', 'fail', 'directoryDiffers'],
    ['https://acme.awsapps.com/start', 'inconclusive', 'directoryNotCompared'],
    ['https://ssoins-7223f0a1b2c3d4e5.portal.eu-central-1.app.aws', 'inconclusive', 'directoryNotCompared'],
  ])('A9: the issuer URL of d-996719544f next to the start URL %s', async (startUrl, state, reason) => {
    const inputs = {
      samlIssuerUrl: issuer,
      accessPortal: { type: 'identityCenter', name: 'x', startUrl, region: 'eu-central-1' },
    } as const;
    const result = await checkSamlIssuer(inItsRegion(inputs));
    expect([result.state, result.reason]).toEqual([state, reason]);
  });

  test.each([
    ['is there', { value: { InstanceArn: 'arn' } }, 'pass'],
    ['is not there', { value: undefined }, 'inconclusive'],
    ['is not to be seen', { refusal: { state: 'inconclusive', evidence: [] } }, 'inconclusive'],
  ] as const)('the directory of the issuer URL %s for the AWS profile', async (_what, instance, state) => {
    const startUrl = 'https://acme.awsapps.com/start';
    const identityCenter = { type: 'identityCenter', name: 'x', startUrl, region: 'eu-central-1' } as const;
    const context = inItsRegion({ samlIssuerUrl: issuer, accessPortal: identityCenter, awsProfile: 'admin' });
    const aws = { ...context.lookups.aws, instance: async () => instance };
    expect((await checkSamlIssuer({ ...context, lookups: { ...context.lookups, aws } })).state).toBe(state);
  });

  test.each([
    [checkAcsUrl, { acsUrl: `${acs}?client=1` }, 'fail', 'queryInUrl', acs],
    [checkSamlIssuer, { samlIssuerUrl: `${issuer}#top` }, 'fail', 'queryInUrl', issuer],
    [
      checkSamlIssuer,
      { samlIssuerUrl: issuer.replace('d-996719544f', 'D-996719544F') },
      'warning',
      'capitalLetters',
      issuer,
    ],
  ] as const)(
    'an address that is nearly right passed: %#',
    async (check, inputs, state, reason, suggested) => {
      const result = await check(inItsRegion(inputs));
      expect([result.state, result.reason]).toEqual([state, reason]);
      expect(result.evidence).toContainEqual({ name: 'suggestedAddress', value: suggested });
    },
  );

  test('an address passed beside a Region that was not shown to be right', async () => {
    const accessPortal = {
      type: 'identityCenter',
      name: 'x',
      startUrl: 'd-996719544f',
      region: 'us-east-1',
    } as const;
    const inputs = { acsUrl: acs, samlIssuerUrl: issuer, accessPortal };
    const context = inItsRegion(inputs, '');
    for (const check of [checkAcsUrl, checkSamlIssuer])
      expect(await check(context)).toMatchObject({ state: 'inconclusive', reason: 'regionNotCompared' });
  });
});
