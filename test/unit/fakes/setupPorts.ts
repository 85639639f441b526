import { isSameOrganization } from '../../../src/adapters/node/publicSuffixes.ts';
import type { SetupPorts } from '../../../src/setup/setupPorts.ts';
import { fakeClock } from './fakeClock.ts';

/** Ports of the set-up checks that nobody may use but those that a test gives. */
export function setupPorts(given: Partial<SetupPorts> = {}): SetupPorts {
  const nobody = (name: string) => () => {
    throw new Error(`The test did not expect to be asked for ${name}.`);
  };
  return {
    clock: fakeClock(),
    http: nobody('http'),
    isSameOrganization,
    ssoOidcAt: nobody('SSO-OIDC'),
    endpoints: { oidc: '', portal: '' },
    beginsWithDeviceCode: false,
    redirectPorts: [2128, 4649],
    loopbackPorts: nobody('ports'),
    txtRecords: nobody('TXT records'),
    readSamlMetadata: nobody('SAML metadata'),
    ...given,
  };
}
