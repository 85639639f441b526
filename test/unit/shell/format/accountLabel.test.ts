import { expect, test } from 'vitest';
import type { Account } from '../../../../src/core/session/session.ts';
import { accountLabel } from '../../../../src/shell/format/accountLabel.ts';
import { identityCenterConnection } from '../../fakes/examples.ts';

const address = 'd-1234567890.awsapps.com';
const labelOf = (account: Omit<Account, 'id'>, connection = 'Work'): string =>
  accountLabel({
    account: { id: 'x', ...account },
    connection: { ...identityCenterConnection, name: connection },
  });

test('accountLabel: the person, or the connection with its address', () => {
  expect(labelOf({ label: `ada (${address})`, name: 'ada' })).toBe(`ada (${address})`);
  expect(labelOf({ label: address })).toBe(`Work · ${address}`);
  expect(labelOf({ label: 'AWS Builder ID' }, 'AWS Builder ID')).toBe('AWS Builder ID');
});

test.each(['Admin', `Admin (${address})`, `x · ${address}`])(
  'accountLabel: a connection that is called %s does not take the label of a person at the same address',
  (name) => {
    const people = ['Admin', `Admin · ${address}`, 'x'].map((one) =>
      labelOf({ label: `${one} (${address})`, name: one }),
    );
    expect(people).not.toContain(labelOf({ label: address }, name));
  },
);
