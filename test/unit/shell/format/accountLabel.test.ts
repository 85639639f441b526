import { describe, expect, test } from 'vitest';
import { accountLabel } from '../../../../src/shell/format/accountLabel.ts';
import { identityCenterSession, oktaSession } from '../../fakes/examples.ts';

const { account, connection } = identityCenterSession;
const called = (name: string) => ({ ...identityCenterSession, connection: { ...connection, name } });

describe('accountLabel', () => {
  test('is the person where the tokens say who it is, and the address behind it, without a second pair of parentheses', () => {
    expect(oktaSession.account.label).toMatch(/^ada@example\.com \(.*\)$/);
    expect(accountLabel(oktaSession)).toMatch(/^ada@example\.com · [^()]+$/);
  });

  test('has the name of the connection where they do not, and the address behind it', () => {
    expect(accountLabel(identityCenterSession)).toBe('Example · d-1234567890.awsapps.com');
  });

  test('does not say the address twice', () => {
    expect(accountLabel(called(account.label))).toBe(account.label);
  });

  test('never becomes the one of another address, whatever its connection is called', () => {
    const other = { ...account, label: 'd-9067642ac7.awsapps.com' };
    const named = accountLabel({ ...called(accountLabel(identityCenterSession)), account: other });
    expect(named).not.toBe(accountLabel(identityCenterSession));
    expect(named.endsWith(' · d-9067642ac7.awsapps.com')).toBe(true);
  });

  test.each(['Admin', `Admin (${account.label})`, `Admin · ${account.label}`, `x · ${account.label}`])(
    'never becomes that of a person at the same address: a connection that is called %s',
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
