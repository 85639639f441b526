import { describe, expect, test } from 'vitest';
import { accountLabel } from '../../../../src/shell/format/accountLabel.ts';
import { identityCenterSession, oktaSession } from '../../fakes/examples.ts';

const { account, connection } = identityCenterSession;
const called = (name: string) => ({ ...identityCenterSession, connection: { ...connection, name } });

describe('accountLabel', () => {
  test('is the user in the token and the address, without a second pair of parentheses', () => {
    expect(oktaSession.account.label).toMatch(/^ada@example\.com \(.*\)$/);
    expect(accountLabel(oktaSession)).toMatch(/^ada@example\.com · [^()]+$/);
  });

  test("is the connection's name and the address if the token names no user", () => {
    expect(accountLabel(identityCenterSession)).toBe('Example · d-1234567890.awsapps.com');
  });

  test('does not repeat the address', () => {
    expect(accountLabel(called(account.label))).toBe(account.label);
  });

  test("never equals a label of another address, whatever the connection's name", () => {
    const other = { ...account, label: 'd-9067642ac7.awsapps.com' };
    const named = accountLabel({ ...called(accountLabel(identityCenterSession)), account: other });
    expect(named).not.toBe(accountLabel(identityCenterSession));
    expect(named.endsWith(' · d-9067642ac7.awsapps.com')).toBe(true);
  });

  test.each(['Admin', `Admin (${account.label})`, `Admin · ${account.label}`, `x · ${account.label}`])(
    "never equals a user's label at the same address: with a connection named %s",
    (name) => {
      for (const type of ['identityCenter', 'okta', 'oidc'] as const) {
        const people = ['Admin', `Admin · ${account.label}`, `Admin (${account.label})`, 'x'].map((person) =>
          accountLabel({
            ...identityCenterSession,
            type,
            account: { ...account, label: `${person} (${account.label})`, name: person },
          }),
        );
        expect(people).not.toContain(accountLabel({ ...called(name), type }));
      }
    },
  );
});
