import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSsoOidcAt } from '../../../src/adapters/node/awsSsoOidc.ts';
import { normalConnection } from '../../../src/input/addresses.ts';
import { createLookups } from '../../../src/setup/lookups.ts';
import type { IdentityCenterConnection } from '../../../src/core/connection/connection.ts';
import { identityCenterConnection, january } from '../fakes/examples.ts';
import { fakeClock } from '../fakes/fakeClock.ts';
import { setupPorts } from '../fakes/setupPorts.ts';

const never = new AbortController().signal;

/** The requests of a device authorization with this connection: address and body of each. */
async function requestsOf(startUrl: string, region: string): Promise<readonly (readonly [string, string])[]> {
  const sent: (readonly [string, string])[] = [];
  const ssoOidcAt = createSsoOidcAt(async (url, { body = '' }) => {
    sent.push([url, body]);
    return Response.json({
      ...{
        clientId: 'client-1',
        clientSecret: 'secret-1',
        deviceCode: 'device-code-1',
        userCode: 'ABCD-EFGH',
      },
      verificationUri: 'https://d-1234567890.awsapps.com/start/#/device',
    });
  });
  const connection = normalConnection({ ...identityCenterConnection, startUrl, region });
  const ports = {
    ...setupPorts(),
    clock: fakeClock(january),
    ssoOidcAt,
    endpoints: { oidc: '', portal: '' },
  };
  const identityCenter = connection as IdentityCenterConnection;
  await createLookups(ports, { accessPortal: identityCenter }, never).deviceAuthorization();
  return sent;
}

const instance = 'ssoins-7223f0a1b2c3d4e5';
/** A normal form with its Region, and other addresses of the same instance. */
const forms: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'https://d-1234567890.awsapps.com/start',
    'eu-central-1',
    [
      ...['d-1234567890', 'd-1234567890.awsapps.com', 'http://d-1234567890.awsapps.com/'],
      'https://eu-central-1.signin.aws/platform/d-1234567890/login',
    ],
  ],
  [
    `https://identitycenter.amazonaws.com/${instance}`,
    'us-east-1',
    [instance, `arn:aws:sso:::instance/${instance}`],
  ],
  [
    `https://${instance}.portal.us-east-2.app.aws`,
    'us-east-2',
    [`${instance}.portal.us-east-2.app.aws/start`],
  ],
  [
    `https://${instance}.portal.us-gov-west-1.app.aws`,
    'us-gov-west-1',
    [`http://${instance}.PORTAL.us-gov-west-1.app.aws.`],
  ],
  [
    'https://start.us-gov-home.awsapps.com/directory/d-1234567890',
    'us-gov-west-1',
    ['d-1234567890', 'https://us-gov-west-1.signin.amazonaws-us-gov.com/platform/d-1234567890/login'],
  ],
  [
    `https://${instance}.portal.cn-north-1.app.amazonwebservices.com.cn`,
    'cn-north-1',
    [`${instance}.portal.cn-north-1.app.amazonwebservices.com.cn/#/device?user_code=ABCD-EFGH`],
  ],
];

const wrapping = fc.constantFrom(
  ...(['%', ' % ', '"%"', '“%”,', '<%>', '`%`', '(%).', '\u200b%\u200b', '\ufeff%\u00a0\r\n'] as const),
  ...(['[Acme](%)', 'AWS access portal URL: %', 'sso_start_url = %', '**%**', '「%」。', '‚%‘'] as const),
);

test('F16: every accepted form and its normal form lead to the same requests', async () => {
  const any = fc.tuple(
    fc.constantFrom(...forms),
    fc.nat(),
    wrapping,
    fc.constantFrom('%', '"%"', ' %\u200b'),
  );
  await fc.assert(
    fc.asyncProperty(any, async ([[normal, region, others], index, wrap, wrapRegion]) => {
      const spellings = [normal, `${normal}/`, `${normal}#/`, normal.replace('https:', 'http:'), ...others];
      const written = wrap.replace('%', spellings[index % spellings.length] ?? normal);
      const expected = await requestsOf(normal, region);
      expect(expected).toHaveLength(2);
      expect(await requestsOf(written, wrapRegion.replace('%', region.toUpperCase()))).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});
