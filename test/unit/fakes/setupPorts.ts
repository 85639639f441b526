import { isSameOrganization } from '../../../src/adapters/node/publicSuffixes.ts';
import type { SetupPorts } from '../../../src/setup/setupPorts.ts';
import { fakeClock } from './fakeClock.ts';

/** Ports of the setup checks that throw unless given by the test. */
export function setupPorts(given: Partial<SetupPorts> = {}): SetupPorts {
  const unexpected = (name: string) => () => {
    throw new Error(`The test did not expect to be asked for ${name}.`);
  };
  return {
    clock: fakeClock(),
    http: unexpected('http'),
    isSameOrganization,
    ssoOidcAt: unexpected('SSO-OIDC'),
    endpoints: { oidc: '', portal: '' },
    beginsWithDeviceCode: false,
    redirectPorts: [2128, 4649],
    loopbackPorts: unexpected('ports'),
    txtLookups: { txt: unexpected('TXT records'), zoneTxt: unexpected('TXT records of a zone') },
    readSamlMetadata: unexpected('SAML metadata'),
    readSamlResponse: unexpected('a SAML response'),
    signJwt: unexpected('a signature'),
    openAws: unexpected('AWS credentials'),
    ...given,
  };
}
