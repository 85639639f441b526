import { describe, expect, test } from 'vitest';
import { checksOf } from '../../../src/setup/checks/index.ts';
import { english } from '../../../src/setup/translator.ts';
import { txtRecordLines } from '../../sandbox/tour.ts';

describe('txtRecordLines', () => {
  const row = checksOf.kiro.find(({ id }) => id === 'domain.txt');

  test('npm start says of the TXT record, by the name it has in the results, that it stays not verified there', () => {
    const text = txtRecordLines().join(' ');
    expect(text).toContain(`The check “${row?.texts(english).title}” stays Not verified here`);
    expect(text).toMatch(/the DNS of this\s+computer/);
    expect(txtRecordLines('kiro')).toEqual(txtRecordLines());
  });

  test.each(['identityCenter', 'openIdConnect'] as const)('says nothing of a TXT record to %s', (guide) => {
    expect(txtRecordLines(guide)).toEqual([]);
  });
});
