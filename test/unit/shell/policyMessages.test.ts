import { describe, expect, test, vi } from 'vitest';
import type {
  OrganizationPolicy,
  OrganizationRules,
  PolicyProblem,
} from '../../../src/features/organizationPolicy.ts';
import {
  organizationRow,
  organizationRows,
  policyWarnings,
  problemMessage,
} from '../../../src/shell/policyMessages.ts';
import { oktaConnection } from '../fakes/examples.ts';

vi.mock('vscode', async () => import('../fakes/vscode.ts'));

const file = '/etc/developer-sign-in/policy.json';
const rules = (policy: OrganizationPolicy, problem?: PolicyProblem): OrganizationRules => ({
  file,
  state: problem === undefined ? 'inForce' : 'broken',
  policy,
  files: [{ file, policy, unknownRules: [], ...(problem === undefined ? {} : { problem }) }],
});

describe('organizationRow: policies in the status', () => {
  test('have no row without policies', () => {
    expect(organizationRow({ ...rules({}), state: 'none' })).toBeUndefined();
    expect(organizationRows({ ...rules({}), state: 'none' }, oktaConnection)).toEqual([]);
  });

  test('are listed with what is allowed, and their file', () => {
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

  test('mark a sign-in that is no longer allowed', () => {
    const names = (policy: OrganizationPolicy) =>
      organizationRows(rules(policy), oktaConnection).map(([name]) => name);
    expect(names({ allowedIssuers: [] })).toContain('This sign-in');
    expect(names({ allowedIssuers: [oktaConnection.issuer] })).not.toContain('This sign-in');
  });
});

describe('policyWarnings: policies in several files', () => {
  const team = '/etc/developer-sign-in/policy.d/team.json';
  const two = (problem: PolicyProblem): OrganizationRules => ({
    file,
    state: 'broken',
    policy: { allowCliCache: false },
    files: [
      { file, policy: { allowCliCache: false }, unknownRules: [] },
      { file: team, policy: {}, problem, unknownRules: [] },
    ],
  });

  test('report the invalid file by name, and the others apply', () => {
    const rules = two({ kind: 'tooLarge' });
    expect(organizationRow(rules)).toMatchObject({
      label: 'Organization policy is only partly enforced',
      detail: `${team}: it’s larger than 256 KB.`,
    });
    expect(organizationRows(rules, oktaConnection)).toEqual([
      ['Not enforced', `${team}: it’s larger than 256 KB.`],
      ['Sharing with the AWS CLI', 'not allowed'],
      ['Policy file', file],
      ['Policy file', team],
    ]);
  });

  test('are reported with the file concerned', () => {
    const rules = two({ kind: 'notJson', detail: 'x' });
    const [first, second, ...others] = policyWarnings({
      ...rules,
      files: rules.files.map((one) =>
        one.problem === undefined ? { ...one, unknownRules: ['laterRule'] } : one,
      ),
    });
    expect(first).toMatchObject({
      file,
      message: expect.stringContaining(`${file} contains unknown rules: laterRule`) as unknown,
    });
    expect(second).toMatchObject({
      file: team,
      message: expect.stringContaining(`${team} isn’t being enforced`) as unknown,
    });
    expect(others).toEqual([]);
    expect(policyWarnings({ ...rules, isRequired: true })).toMatchObject([
      { file: team, message: expect.stringMatching(/^Sign-in is blocked/) as unknown },
    ]);
  });
});

test.each<PolicyProblem>([
  { kind: 'unreadable', code: 'EACCES' },
  { kind: 'tooManyFiles' },
  { kind: 'tooLarge' },
  { kind: 'notAdministrators', path: '/etc/developer-sign-in' },
  { kind: 'notJson', detail: 'Unexpected end of JSON input' },
  { kind: 'wrongValue', where: '' },
])('$kind is reported in a sentence with its subject', (problem) => {
  const words = problemMessage(problem);
  expect(words).toMatch(/^[a-z/].*\.$/);
  for (const [name, fact] of Object.entries(problem)) if (name !== 'kind') expect(words).toContain(fact);
});
