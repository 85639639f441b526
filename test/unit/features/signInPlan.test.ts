import { describe, expect, test } from 'vitest';
import { planOf } from '../../../src/core/session/acquireTokens.ts';
import type { SignInRequest } from '../../../src/core/session/acquireTokens.ts';
import { goesBeyond, scopesBeyond } from '../../../src/features/signInPlan.ts';
import { oktaConnection, signInSettings } from '../fakes/examples.ts';

const settings = { ...signInSettings, redirectPorts: [2128, 4649] };
const usual = planOf(oktaConnection, {}, settings);
const { scopes, redirectPorts, flow } = usual;
const own = { scopes, redirectPorts, flow };

describe('goesBeyond: 04.08: a request that exceeds its connection', () => {
  test.each([
    ['with another scope', { scopes: ['okta.users.manage'] }, true],
    ['with another port', { redirectPorts: [2128, 12345] }, true],
    ['with another flow', { flow: 'deviceCode' }, true],
    ['with a new prompt', { prompt: 'login' }, true],
    ['with a login hint', { loginHint: 'ana@example.com' }, true],
    ['not with nothing', {}, false],
    ['not with its own scopes, ports and flow', own, false],
    ['not with fewer', { scopes: ['offline_access'], redirectPorts: [4649] }, false],
  ] satisfies readonly (readonly [string, SignInRequest, boolean])[])('%s', (_, request, isBeyond) => {
    expect(goesBeyond(planOf(oktaConnection, request, settings), usual)).toBe(isBeyond);
  });
});

describe('scopesBeyond', () => {
  test('are the requested scopes that the connection does not have', () => {
    const request = { scopes: ['offline_access', 'email', 'issuer:https://example.okta.com', 'email'] };
    expect(scopesBeyond(oktaConnection, request)).toEqual(['email']);
  });
});
