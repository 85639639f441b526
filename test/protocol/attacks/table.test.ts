import { describe, expect, test } from 'vitest';
import { callbacks } from './callbacks.rows.ts';
import { crowdRows } from './crowds.rows.ts';
import { deviceRows } from './device.rows.ts';
import { serviceRows } from './identityCenter.rows.ts';
import { lifeRows } from './life.rows.ts';
import { metadataRows } from './metadata.rows.ts';
import { forwardRows, mixUpRows } from './mixUp.rows.ts';
import { pastedRows } from './pasted.rows.ts';
import { portRows } from './ports.rows.ts';
import type { Row } from './row.ts';
import { strangers } from './strangers.rows.ts';
import { tokenRows } from './tokens.rows.ts';

const tables: Readonly<Record<string, readonly Row[]>> = {
  strangers,
  callbacks,
  crowds: crowdRows,
  life: lifeRows,
  ports: portRows,
  pasted: pastedRows,
  forwards: forwardRows,
  mixUps: mixUpRows,
  metadata: metadataRows,
  tokens: tokenRows,
  device: deviceRows,
  identityCenter: serviceRows,
};

test('the table has at least sixty rows', () => {
  expect(Object.values(tables).flat().length).toBeGreaterThanOrEqual(60);
});

describe.each(Object.entries(tables))('the table of %s', (_name, rows) => {
  test('has each row only once', () => {
    expect(new Set(rows.map(({ done }) => done)).size).toBe(rows.length);
  });

  test('names the source of each row', () => {
    const sources = /^(RFC \d{4}, [\d.A-Z]+|docs\/PROTOCOL\.md, \d|OpenID |OAuth 2\.0 |JARM|Fetch|HTML)/;
    expect(rows.filter(({ source }) => !sources.test(source))).toEqual([]);
  });
});
