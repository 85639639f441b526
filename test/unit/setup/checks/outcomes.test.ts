import { describe, expect, test } from 'vitest';
import { fail, inconclusive, pass } from '../../../../src/setup/checkResult.ts';
import type { CheckResult } from '../../../../src/setup/checkResult.ts';
import type { CheckId } from '../../../../src/setup/checks/index.ts';
import { outcomesOf } from '../../../../src/setup/checks/outcomes.ts';
import { oktaConnection } from '../../fakes/examples.ts';

const english = { t: (message: string) => message };

/** The result of a checklist line, given these check results. */
function stateOf(id: CheckId, results: readonly (readonly [CheckId, CheckResult])[]) {
  const all = new Map([...results, [id, inconclusive('byEye')] as const]);
  return outcomesOf('kiro', all, {}, english).find((one) => one.id === id)?.state;
}

describe('outcomesOf: a checklist line', () => {
  test('must be verified manually, unless every check for it passed', () => {
    const right = ['oktaApi.scimFeatures', pass()] as const;
    const effect = ['oktaApi.scimEffect', pass()] as const;
    expect(stateOf('manual.provisioning', [])).toBe('manual');
    expect(stateOf('manual.provisioning', [right])).toBe('manual');
    expect(stateOf('manual.provisioning', [right, effect])).toBe('passed');
    expect(stateOf('manual.subscriptions', [right, effect])).toBe('manual');
  });
});

describe('outcomesOf: the console page', () => {
  const inputs = { oktaClient: { ...oktaConnection, issuer: 'https://example.okta.com/oauth2/aus1' } };
  const consoleOf = (id: CheckId, reason: string) =>
    outcomesOf('kiro', new Map([[id, fail(reason)]]), inputs, english)[0]?.console;

  test.each<[id: CheckId, reason: string, url: RegExp, path: RegExp]>([
    ['oktaApi.personPolicy', 'policyDenies', /\/authentication-policies$/, /> Authentication Policies$/],
    ['oktaApi.personPolicy', 'rulesExclude', /\/admin\/oauth2\/as\/aus1$/, /> Authorization Servers >/],
    ['oktaApi.group', 'groupEmpty', /\/admin\/groups$/, /> Groups$/],
    ['oktaApi.group', 'membersNotAssigned', /\/admin\/apps\/active$/, /SAML application > Assignments$/],
    ['oktaApi.group', 'membersNotProvisioned', /\/admin\/apps\/active$/, /SAML application > Assignments$/],
  ])('a result was fixed on another page than the one that it linked to: %s, %s', (id, reason, url, path) => {
    const shown = consoleOf(id, reason);
    expect(shown?.url).toMatch(url);
    expect(shown?.path).toMatch(path);
  });
});
