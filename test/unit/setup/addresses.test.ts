import { describe, expect, test } from 'vitest';
import { readAddress, regionProblem } from '../../../src/setup/addresses.ts';
import { isResult } from '../../../src/setup/checkResult.ts';

describe('readAddress: a copied address', () => {
  test.each([
    ['https://scim.us-east-2.amazonaws.com/Hw5-1/scim/v2', 'us-east-2'],
    ['https://scim.us-east-2.api.aws/Hw5-1/scim/v2', 'us-east-2'],
    ['https://scim.us-gov-west-1.api.aws/Hw5-1/scim/v2', 'us-gov-west-1'],
    ['https://scim.cn-north-1.api.amazonwebservices.com.cn/Hw5-1/scim/v2', 'cn-north-1'],
    ['https://scim.cn-north-1.amazonaws.com.cn/Hw5-1/scim/v2', 'cn-north-1'],
    ['https://scim.eusc-de-east-1.amazonaws.eu/Hw5-1/scim/v2', 'eusc-de-east-1'],
    ['https://scim.us-iso-east-1.c2s.ic.gov/Hw5-1/scim/v2', 'us-iso-east-1'],
    ['https://scim.eu-isoe-west-1.api.cloud-aws.adc-e.uk/Hw5-1/scim/v2', 'eu-isoe-west-1'],
    ['https://scim.us-iso-east-1.amazonaws.com/Hw5-1/scim/v2', undefined],
    ['https://eu-central-1.signin.aws.amazon.com/platform/saml/acs/85f2', 'eu-central-1'],
    ['https://us-east-1.sso.signin.aws/platform/saml/acs/85f2', 'us-east-1'],
    ['https://us-east-1.signin.aws/platform/saml/d-1', 'us-east-1'],
    ['https://us-gov-west-1.signin.amazonaws-us-gov.com/platform/saml/d-1', 'us-gov-west-1'],
    // A Failed said that this host doesn’t belong to AWS.
    ['https://eusc-de-east-1.signin.amazonaws-eusc.eu/platform/saml/acs/85f2', 'eusc-de-east-1'],
    ['https://us-gov-west-1.signin.amazonaws-us-gov.eu/platform/saml/d-1', undefined],
    ['http://[::1]:4000/scim/eu-central-1/1/scim/v2', 'eu-central-1'],
    ['https://scim.example.com/scim/v2', undefined],
    ['https://scim.somewhere.amazonaws.com/scim/v2', undefined],
  ])('%s contains the Region %s', (given, region) => {
    const address = readAddress(given);
    expect(isResult(address) ? address : address.region).toBe(region);
  });

  test.each([
    ['', 'notAddress'],
    ['scim.us-east-1.amazonaws.com', 'notAddress'],
    ['https://scim.us-east-1.amazonaws.com/ x', 'notAddress'],
    ['https://ana:secret@scim.us-east-1.amazonaws.com/1/scim/v2', 'notAddress'],
    ['http://scim.us-east-1.amazonaws.com/1/scim/v2', 'notHttps'],
    ['ftp://scim.us-east-1.amazonaws.com/1/scim/v2', 'notHttps'],
  ])('%j is %s', (given, reason) => {
    expect(readAddress(given)).toMatchObject({ state: 'fail', reason });
  });

  test('does not repeat a token in the wrong field', () => {
    const token = '4f6d1c0b-9a7e-4c55-8d21-0e1f2a3b4c5d:ZmFrZVRva2VuMDEyMzQ1Njc4OQ';
    expect(JSON.stringify(readAddress(token))).not.toContain('ZmFrZVRva2VuMDEyMzQ1Njc4OQ');
  });

  test.each([
    ['eu-central-1', undefined],
    [undefined, 'regionNotCompared'],
    ['us-east-1', 'otherRegion'],
    ['cn-north-1', 'partitionDiffers'],
  ])('in eu-central-1 next to an Identity Center in %s: %s', (expected, reason) => {
    const address = readAddress('https://scim.eu-central-1.amazonaws.com/1/scim/v2');
    if (isResult(address)) throw new Error('It is one.');
    const identityCenter = {
      type: 'identityCenter',
      name: 'x',
      startUrl: 'd-1',
      region: 'eu-central-1',
    } as const;
    expect(regionProblem(address, expected, { accessPortal: identityCenter })?.reason).toBe(reason);
    // Without an Identity Center, there is nothing to compare.
    if (expected === undefined) expect(regionProblem(address, expected, {})).toBeUndefined();
  });
});
