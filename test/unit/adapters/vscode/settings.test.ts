import { describe, expect, test, vi } from 'vitest';
import { readSignInSettings } from '../../../../src/adapters/vscode/settings.ts';

const values: Record<string, unknown> = {};
vi.mock('vscode', () => ({
  workspace: {
    getConfiguration: () => ({
      get: (name: string) => values[name],
      inspect: () => ({ defaultValue: [2128] }),
    }),
  },
}));

const endpoints = (env: NodeJS.ProcessEnv) => readSignInSettings(env, 'local').endpoints;
const env = {
  AWS_ENDPOINT_URL_SSO_OIDC: 'https://oidc.example.com',
  AWS_ENDPOINT_URL_SSO: 'https://sso.example.com',
};

describe('readSignInSettings: F1: endpoints of the environment', () => {
  test("come from the AWS CLI's variables", () => {
    expect(endpoints(env)).toEqual({ oidc: 'https://oidc.example.com', portal: 'https://sso.example.com' });
  });

  test.each(['true', 'TRUE'])('are ignored if the AWS CLI ignores them: %s', (given) => {
    const ignoring = { ...env, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: given };
    expect(endpoints(ignoring)).toEqual({ oidc: '', portal: '' });
    expect(endpoints({ ...env, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false' })).toEqual(endpoints(env));
  });

  test('have lower priority than the settings, which only the organization overrides', () => {
    values['identityCenter.endpoint'] = ' https://own.example.com ';
    const ignoring = { ...env, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' };
    expect(endpoints(ignoring)).toEqual({ oidc: 'https://own.example.com', portal: '' });
    delete values['identityCenter.endpoint'];
  });

  test('are without what a copy brings along, and keep {region} also at their end', () => {
    const pasted = { ...env, AWS_ENDPOINT_URL_SSO: '“https://sso.example.com/{region}”,' };
    expect(endpoints(pasted).portal).toBe('https://sso.example.com/{region}');
  });
});
