import { describe, expect, test } from 'vitest';
import { kiroApplication } from '../../../../src/setup/checks/provisioningApplication.ts';
import { foundWith, oidcInputs, type OktaAnswers } from '../../fakes/oktaAnswers.ts';

const scim = (id: string, label: string, more: object = {}) => ({
  ...{ id, label, signOnMode: 'SAML_2_0', features: ['SCIM_PROVISIONING'], status: 'ACTIVE' },
  ...more,
});

/** The label of the application found in the organization, or the reason for a refusal. */
async function foundAmong(apps: readonly object[], more: OktaAnswers = {}) {
  let found: string | undefined;
  const run = async (context: Parameters<typeof kiroApplication>[0]) => {
    const answer = await kiroApplication(context);
    if ('refusal' in answer) return answer.refusal;
    found = answer.value.label ?? undefined;
    return { state: 'pass' as const, evidence: [] };
  };
  const result = await foundWith({ run }, { '/api/v1/apps': apps, ...more }, oidcInputs);
  return found ?? result.reason;
}

describe('kiroApplication', () => {
  test.each<[what: string, apps: readonly object[], found: string]>([
    ['the only one that provisions', [scim('1', 'Kiro'), scim('2', 'Wiki', { features: [] })], 'Kiro'],
    ['AWS’s own application without SCIM named', [{ id: '1', name: 'amazon_aws_sso', label: 'AWS' }], 'AWS'],
    ['the only active one', [scim('1', 'Old', { status: 'INACTIVE' }), scim('2', 'New')], 'New'],
    ['a deactivated one without another', [scim('1', 'Old', { status: 'INACTIVE' })], 'Old'],
    [
      'the only one with its name',
      [scim('1', 'Payroll'), scim('2', 'Amazon Q Developer')],
      'Amazon Q Developer',
    ],
    ['none that provisions', [scim('1', 'Wiki', { features: [] })], 'noScimApplication'],
    ['two without its name', [scim('1', 'Payroll'), scim('2', 'Travel')], 'severalScimApplications'],
    ['two with its name', [scim('1', 'Kiro'), scim('2', 'Kiro (test)')], 'severalScimApplications'],
  ])('%s', async (_, apps, found) => {
    expect(await foundAmong(apps)).toBe(found);
  });

  test('a token that may not read applications', async () => {
    expect(await foundAmong([], { '/api/v1/apps': 403 })).toBe('apiTokenForbidden');
  });
});
