import { describe, expect, test } from 'vitest';
import { checksOf } from '../../../../src/setup/checks/index.ts';
import { createLookups } from '../../../../src/setup/lookups.ts';
import { identityCenterConnection } from '../../fakes/examples.ts';
import { setupPorts } from '../../fakes/setupPorts.ts';

const never = new AbortController().signal;

/** The result of a check of the start URL. */
async function found(startUrl: string, region: string, id = 'identityCenter.startUrl', ports = setupPorts()) {
  const inputs = { accessPortal: { ...identityCenterConnection, startUrl, region } };
  const check = checksOf.identityCenter.find((one) => one.id === id);
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

describe('checksOf: the access portal', () => {
  const startUrl = 'https://d-1234567890.awsapps.com/start';
  const at = async (portal: string, response: Response) => {
    const ports = { ...setupPorts(), endpoints: { oidc: '', portal }, http: async () => response };
    return found(startUrl, 'eu-central-1', 'identityCenter.portal', ports);
  };

  test("a firewall's 403 at AWS's own host failed the portal", async () => {
    const blocked = Response.json({ error: 'blocked' }, { status: 403 });
    expect(await at('', blocked)).toMatchObject({ state: 'inconclusive', reason: 'notPortal' });
  });

  test('another server at a configured endpoint fails', async () => {
    const other = Response.json({});
    expect(await at('https://portal.example.com', other)).toMatchObject({
      state: 'fail',
      reason: 'notPortal',
    });
  });

  test('that refuses as AWS does passes', async () => {
    const refused = Response.json({}, { status: 401, headers: { 'x-amzn-requestid': 'one' } });
    expect(await at('', refused)).toMatchObject({ state: 'pass' });
  });
});
