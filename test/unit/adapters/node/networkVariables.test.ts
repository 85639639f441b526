import { describe, expect, test } from 'vitest';
import { addressOf, describeVariables } from '../../../../src/adapters/node/networkVariables.ts';

describe('describeVariables and addressOf', () => {
  test.each([
    ['http://ana:MARKED@proxy.example:8080/MARKED?MARKED', 'http://proxy.example:8080'],
    ['proxy.example:8080', 'http://proxy.example:8080'],
    ['ana:MARKED@proxy.example:8080', 'http://proxy.example:8080'],
    ['socks5://ana:MARKED@proxy.example', 'socks5://proxy.example'],
    [' ', undefined],
    ['http://', 'set, but no address'],
  ])('shows only the host and port of an address: %s', (text, shown) => {
    expect(addressOf(text)).toBe(shown);
  });

  test('omits unset variables', () => {
    expect(describeVariables({ PATH: '/bin', HTTP_PROXY: '' })).toEqual({});
  });

  test('shows that a variable is set without its content', () => {
    const variables = {
      HTTPS_PROXY: 'http://ana:MARKED@proxy.example:8080',
      NO_PROXY: 'MARKED.example,b.example',
      NODE_EXTRA_CA_CERTS: '/home/MARKED/there.pem',
      SSL_CERT_FILE: '/home/MARKED/gone.pem',
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      AWS_ENDPOINT_URL_SSO_OIDC: 'https://oidc.example/MARKED',
    };
    const details = describeVariables(variables, (path) => path.endsWith('there.pem'));
    expect(details).toEqual({
      HTTPS_PROXY: 'http://proxy.example:8080',
      AWS_ENDPOINT_URL_SSO_OIDC: 'https://oidc.example',
      NO_PROXY: '2 hosts',
      NODE_EXTRA_CA_CERTS: 'set',
      SSL_CERT_FILE: 'set, but the file is missing',
      NODE_TLS_REJECT_UNAUTHORIZED: '0: certificates are not checked',
    });
  });
});
