import { describe, expect, test } from 'vitest';
import { accountLabel } from '../../../../src/shell/format/accountLabel.ts';
import { identityCenterSession, oktaSession } from '../../fakes/examples.ts';

const { account, connection } = identityCenterSession;

describe('accountLabel', () => {
  test('is that of the account where the tokens say who it is', () => {
    expect(accountLabel(oktaSession)).toBe(oktaSession.account.label);
  });

  test('has the name of the connection where they do not, and the address behind it', () => {
    expect(accountLabel(identityCenterSession)).toBe('Example · d-1234567890.awsapps.com');
  });

  test('does not say the address twice', () => {
    expect(accountLabel({ account, connection: { ...connection, name: account.label } })).toBe(account.label);
  });

  test('never becomes the one of another address, whatever its connection is called', () => {
    const other = { ...account, label: 'd-9067642ac7.awsapps.com' };
    const named = accountLabel({
      account: other,
      connection: { ...connection, name: accountLabel(identityCenterSession) },
    });
    expect(named).not.toBe(accountLabel(identityCenterSession));
    expect(named.endsWith(' · d-9067642ac7.awsapps.com')).toBe(true);
  });

  test.each(['Admin', `Admin (${account.label})`, `x · ${account.label}`])(
    'never becomes that of a person at the same address: a connection that is called %s',
    (name) => {
      const people = ['Admin', `Admin · ${account.label}`, 'x'].map((person) =>
        accountLabel({
          account: { ...account, label: `${person} (${account.label})`, name: person },
          connection,
        }),
      );
      expect(people).not.toContain(accountLabel({ account, connection: { ...connection, name } }));
    },
  );
});
