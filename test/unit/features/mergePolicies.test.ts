import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergePolicies } from '../../../src/features/mergePolicies.ts';
import {
  allowedFlows,
  canShareWithCli,
  canUseInTerminal,
  isAllowed,
  templatesUnder,
} from '../../../src/features/organizationPolicy.ts';
import type { OrganizationPolicy, OrganizationRules } from '../../../src/features/organizationPolicy.ts';
import { identityCenterConnection, oktaConnection } from '../fakes/examples.ts';

const rulesOf = (policy: OrganizationPolicy): OrganizationRules => ({
  file: 'policy.json',
  state: 'inForce',
  policy,
  files: [],
});

describe('mergePolicies: the rules of several files', () => {
  test('equal those of a single file', () => {
    const policy = { allowedStartUrls: ['a'], connections: [], offerSignIn: true };
    expect(mergePolicies([])).toEqual({});
    expect(mergePolicies([policy])).toBe(policy);
    expect(mergePolicies([{ allowTerminal: false }, {}])).toEqual({ allowTerminal: false });
  });

  test('a list allows what all files with that list allow', () => {
    expect(mergePolicies([{ allowedIssuers: ['a', 'b'] }, {}, { allowedIssuers: ['b', 'c'] }])).toEqual({
      allowedIssuers: ['b'],
    });
    expect(
      mergePolicies([{ allowedFlows: ['deviceCode'] }, { allowedFlows: ['authorizationCode'] }]),
    ).toEqual({
      allowedFlows: [],
    });
  });

  test.each(['allowCliCache', 'allowTerminal', 'offerSignIn'] as const)(
    '%s: false wins, in any order',
    (rule) => {
      expect(mergePolicies([{ [rule]: false }, { [rule]: true }])).toEqual({ [rule]: false });
      expect(mergePolicies([{ [rule]: true }, {}, { [rule]: false }])).toEqual({ [rule]: false });
      expect(mergePolicies([{}, { [rule]: true }])).toEqual({ [rule]: true });
    },
  );

  test('include all connections in order; of two for the same address, the first', () => {
    const other = { ...oktaConnection, name: 'The same' };
    expect(
      mergePolicies([{ connections: [oktaConnection] }, { connections: [other, identityCenterConnection] }]),
    ).toEqual({ connections: [oktaConnection, identityCenterConnection] });
  });

  test('endpoints come from the file that lists start URLs, and from no other', () => {
    const endpoint = 'https://oidc.example.com';
    expect(mergePolicies([{ allowedStartUrls: ['a'] }, { allowedEndpoints: [endpoint] }])).toEqual({
      allowedStartUrls: ['a'],
      allowedEndpoints: [],
    });
  });
});

test('the merged rules allow exactly what each file allows', () => {
  const { issuer } = oktaConnection;
  const { startUrl } = identityCenterConnection;
  const optional = <T>(values: readonly T[]) => fc.option(fc.subarray([...values]), { nil: undefined });
  const maybe = fc.option(fc.boolean(), { nil: undefined });
  const policies = fc.array(
    fc
      .record({
        allowedIssuers: optional([issuer, 'https://other.example']),
        allowedStartUrls: optional([startUrl, 'https://view.awsapps.com/start']),
        allowedEndpoints: optional(['https://oidc.example.com', 'https://x.example.com']),
        allowedFlows: optional(['deviceCode', 'authorizationCode'] as const),
        allowCliCache: maybe,
        allowTerminal: maybe,
      })
      .map(
        (rules) =>
          Object.fromEntries(
            Object.entries(rules).filter(([, value]) => value !== undefined),
          ) as OrganizationPolicy,
      ),
    { maxLength: 4 },
  );
  const templates = { oidc: 'https://oidc.example.com', portal: '' };
  const questions: readonly ((policy: OrganizationPolicy) => boolean)[] = [
    (policy) => isAllowed(policy, oktaConnection),
    (policy) => isAllowed(policy, identityCenterConnection),
    ({ allowedFlows: flows }) => flows?.includes('deviceCode') ?? true,
    (policy) => templatesUnder(rulesOf(policy), templates).allowed?.includes(templates.oidc) ?? true,
    (policy) => canShareWithCli(rulesOf(policy)),
    (policy) => canUseInTerminal(rulesOf(policy)),
  ];
  fc.assert(
    fc.property(policies, (files) => {
      const merged = mergePolicies(files);
      return questions.every((allows) => allows(merged) === files.every((policy) => allows(policy)));
    }),
    { numRuns: 2000 },
  );
  expect(() => allowedFlows(rulesOf(mergePolicies([{ allowedFlows: [] }, {}])), ['deviceCode'])).toThrow();
});
