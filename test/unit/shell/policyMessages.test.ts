import { describe, expect, test, vi } from 'vitest';
import type {
  OrganizationPolicy,
  OrganizationRules,
  PolicyProblem,
} from '../../../src/features/organizationPolicy.ts';
import { organizationRow, organizationRows, problemWords } from '../../../src/shell/policyMessages.ts';
import { oktaConnection } from '../fakes/examples.ts';

vi.mock('vscode', async () => import('../fakes/vscode.ts'));

const file = '/etc/developer-sign-in/policy.json';
const rules = (policy: OrganizationPolicy, problem?: PolicyProblem): OrganizationRules => ({
  file,
  state: problem === undefined ? 'inForce' : 'broken',
  policy,
  unknownRules: [],
  ...(problem === undefined ? {} : { problem }),
});

describe('the rules in the status', () => {
  test('have no row without rules', () => {
    expect(organizationRow({ ...rules({}), state: 'none' })).toBeUndefined();
    expect(organizationRows({ ...rules({}), state: 'none' }, oktaConnection)).toEqual([]);
  });

  test('are each named with what is allowed, and their file', () => {
    const policy = { allowedIssuers: ['https://a.example', 'https://b.example'], allowedStartUrls: [] };
    expect(
      organizationRow(rules({ ...policy, allowedFlows: ['deviceCode'], allowCliCache: false }))?.detail,
    ).toBe(
      `Allowed start URLs: none · Allowed issuers: https://a.example, https://b.example · Allowed sign-in methods: device code · Sharing with the AWS CLI: not allowed · Policy file: ${file}`,
    );
  });

  test('that allow everything say so', () => {
    expect(organizationRow(rules({ allowCliCache: true }))?.detail).toMatch(/^Allowed: everything/);
  });

  test('that are not enforced say why', () => {
    const row = organizationRow(rules({}, { kind: 'wrongValue', where: 'allowedFlows.0' }));
    expect(row).toMatchObject({ label: expect.stringContaining('isn’t being enforced') as unknown });
    expect(row?.detail).toBe('the value of allowedFlows.0 is invalid.');
  });

  test('tell a sign-in that it would not be allowed any more', () => {
    const names = (policy: OrganizationPolicy) =>
      organizationRows(rules(policy), oktaConnection).map(([name]) => name);
    expect(names({ allowedIssuers: [] })).toContain('This sign-in');
    expect(names({ allowedIssuers: [oktaConnection.issuer] })).not.toContain('This sign-in');
  });
});

test.each<PolicyProblem>([
  { kind: 'unreadable', code: 'EACCES' },
  { kind: 'tooLarge' },
  { kind: 'notAdministrators', path: '/etc/developer-sign-in' },
  { kind: 'notJson', detail: 'Unexpected end of JSON input' },
  { kind: 'wrongValue', where: '' },
])('$kind is said in a sentence with what it is about', (problem) => {
  const words = problemWords(problem);
  expect(words).toMatch(/^[a-z/].*\.$/);
  for (const [name, fact] of Object.entries(problem)) if (name !== 'kind') expect(words).toContain(fact);
});
