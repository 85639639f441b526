import { describe, expect, test } from 'vitest';
import { parseTerminalRequest } from '../../../src/features/terminalRequest.ts';

describe('parseTerminalRequest', () => {
  test('accepts exactly what sso-token sends', () => {
    const request = { ask: 'token', connection: 'My Okta', scopes: ['api.read'], signIn: true };
    expect(parseTerminalRequest({ ...request, refreshToken: true })).toEqual(request);
    expect(parseTerminalRequest({ ask: 'list' })).toEqual({ ask: 'list' });
  });

  test.each([
    undefined,
    null,
    'token',
    [],
    {},
    { ask: 'refreshToken' },
    { ask: 'token', connection: 1 },
    { ask: 'token', connection: 'x'.repeat(301) },
    { ask: 'token', scopes: 'api.read' },
    { ask: 'token', scopes: ['api.read other'] },
    { ask: 'token', scopes: Array.from({ length: 1000 }, (_, index) => `scope${index}`) },
    { ask: 'token', signIn: 'yes' },
  ])('%j is not a request', (sent) => {
    expect(parseTerminalRequest(sent)).toBeUndefined();
  });
});
