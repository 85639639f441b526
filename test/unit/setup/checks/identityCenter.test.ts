import { describe, expect, test } from 'vitest';
import { checksOf } from '../../../../src/setup/checks/index.ts';
import { createLookups } from '../../../../src/setup/lookups.ts';
import { identityCenterConnection } from '../../fakes/examples.ts';
import { setupPorts } from '../../fakes/setupPorts.ts';

const never = new AbortController().signal;

/** The result of the start URL check. */
async function found(startUrl: string, region: string) {
  const ports = setupPorts();
  const inputs = { accessPortal: { ...identityCenterConnection, startUrl, region } };
  const check = checksOf.identityCenter.find(({ id }) => id === 'identityCenter.startUrl');
  return check?.run?.({ ports, inputs, lookups: createLookups(ports, inputs, never), signal: never });
}

describe('checksOf: the start URL', () => {
  const portal = 'https://ssoins-7223f0a1b2c3d4e5.portal.eu-west-1.app.aws';

  test('in the given Region passes', async () => {
    expect(await found(portal, 'eu-west-1')).toMatchObject({ state: 'pass' });
  });

  test('B10: in another Region of the partition may be that of an additional Region', async () => {
    expect(await found(portal, 'eu-central-1')).toMatchObject({
      state: 'inconclusive',
      reason: 'otherRegion',
    });
  });

  test('of AWS Builder ID passed as an organization’s', async () => {
    expect(await found('https://view.awsapps.com/start', 'us-east-1')).toMatchObject({
      state: 'fail',
      reason: 'notStartUrl',
    });
  });

  test('in another partition fails', async () => {
    expect(await found(portal, 'us-gov-west-1')).toMatchObject({ state: 'fail' });
  });
});
