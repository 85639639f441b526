import { describe, expect, test } from 'vitest';
import type { OidcConnection } from '../../../../src/core/connection/connection.ts';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { normalConnection } from '../../../../src/input/addresses.ts';
import { plainOpenId } from '../../../../src/core/providers/oidc.ts';
import type { ProviderPorts } from '../../../../src/core/providers/provider.ts';
import { rejectionOf, thrownBy } from '../../fakes/thrownBy.ts';

const oidc = plainOpenId<OidcConnection>();
const connection = { type: 'oidc', name: 'A', issuer: 'https://id.example.com', clientId: 'app' } as const;
const request = { scopes: ['openid'], redirectPorts: [8008] };
const never = new AbortController().signal;

const failing = (error: Error): ProviderPorts => ({ http: () => Promise.reject(error) }) as never;

describe('plainOpenId', () => {
  test('marks its errors as those of any OpenID Connect provider', async () => {
    const ports = failing(new SignInError('network', { host: 'id.example.com' }));
    const error = await rejectionOf(oidc.begin(ports, connection, request, never));
    expect(error).toMatchObject({ kind: 'network', details: { host: 'id.example.com', isGeneric: true } });
  });

  test('leaves a cancellation unchanged', async () => {
    const error = await rejectionOf(
      oidc.begin(failing(new SignInError('cancelled')), connection, request, never),
    );
    expect(error).toMatchObject({ kind: 'cancelled' });
    expect(error).not.toHaveProperty('details.isGeneric');
  });
});

describe('normalConnection', () => {
  test('reports an invalid entry, but not for Okta', () => {
    const wrong = { ...connection, clientId: 'a b' };
    expect(thrownBy(() => normalConnection(wrong))).toMatchObject({
      details: { operation: 'clientId', isGeneric: true },
    });
    expect(thrownBy(() => normalConnection({ ...wrong, type: 'okta' }))).not.toHaveProperty(
      'details.isGeneric',
    );
  });
});
