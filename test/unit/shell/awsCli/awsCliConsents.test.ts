import { describe, expect, test } from 'vitest';
import { connectionKey } from '../../../../src/core/connection/connection.ts';
import { awsCliConsents, rememberConsent } from '../../../../src/shell/awsCli/awsCliConsents.ts';
import { identityCenterConnection } from '../../fakes/examples.ts';
import { fakeMemento } from '../../fakes/fakeMemento.ts';

const elsewhere = { ...identityCenterConnection, region: 'us-east-1' };

describe('rememberConsent', () => {
  test('stores consent for a name, only for this connection', async () => {
    const memento = fakeMemento();
    await rememberConsent(memento, identityCenterConnection, 'work');
    expect(awsCliConsents(memento)).toEqual({ [connectionKey(identityCenterConnection)]: 'work' });
    await rememberConsent(memento, elsewhere, 'other');
    expect(awsCliConsents(memento)).toEqual({
      [connectionKey(identityCenterConnection)]: 'work',
      [connectionKey(elsewhere)]: 'other',
    });
  });

  test('a later consent to another name replaces the first', async () => {
    const memento = fakeMemento();
    await rememberConsent(memento, identityCenterConnection, 'work');
    await rememberConsent(memento, { ...identityCenterConnection, name: 'Renamed' }, 'play');
    expect(Object.values(awsCliConsents(memento))).toEqual(['play']);
  });

  test('withdraws consent without a trace, and keeps those of others', async () => {
    const memento = fakeMemento();
    await rememberConsent(memento, identityCenterConnection, 'work');
    await rememberConsent(memento, elsewhere, 'other');
    await rememberConsent(memento, identityCenterConnection, undefined);
    expect(Object.entries(awsCliConsents(memento))).toEqual([[connectionKey(elsewhere), 'other']]);
  });
});

describe('awsCliConsents', () => {
  test('is empty if no one was ever asked', () => {
    expect(awsCliConsents(fakeMemento())).toEqual({});
  });
});
