import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { providerOf } from '../../../../src/core/providers/index.ts';
import { identityCenterConnection } from '../../fakes/examples.ts';
import { fakePorts } from '../../fakes/sessionsWorld.ts';
import { fakePerson } from '../../fakes/fakePerson.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';
import { fakeSsoOidc } from '../../fakes/fakeSsoOidc.ts';

describe('providerOf', () => {
  test('opens SSO-OIDC in the Region of the connection', async () => {
    const opened: unknown[] = [];
    const ports = {
      ...fakePorts().ports,
      endpoints: async () => ({ oidc: '', portal: '' }),
      ssoOidcAt: (endpoint: unknown) => {
        opened.push(endpoint);
        return fakeSsoOidc().willAnswer('registerClient', new SignInError('network'));
      },
    };
    const request = { scopes: ['a'], redirectPorts: [] };
    const { signal } = new AbortController();
    const provider = providerOf(identityCenterConnection);
    const attempt = await provider.begin(ports, identityCenterConnection, request, signal);
    expect(opened).toEqual([]);
    const interaction = { user: fakePerson(), otherFlow: undefined };
    await rejectionOf(attempt.run('deviceCode', interaction, signal));
    expect(opened).toEqual([{ region: 'eu-central-1', url: 'https://oidc.eu-central-1.amazonaws.com' }]);
  });
});
