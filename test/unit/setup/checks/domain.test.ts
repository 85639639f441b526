import { describe, expect, test } from 'vitest';
import { checkTxtRecord } from '../../../../src/setup/checks/domain.ts';
import type { CheckResult } from '../../../../src/setup/checkResult.ts';
import { checkContext } from '../../fakes/checkContext.ts';

const token = 'kiro-7d1f0c3b9a';

async function found(
  domain: string,
  records: Readonly<Record<string, readonly string[]>>,
  verificationToken = token,
): Promise<CheckResult & { readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const finding = await checkTxtRecord(
    checkContext({
      inputs: { domain, verificationToken },
      ports: {
        txtRecords: async (name) => {
          asked.push(name);
          return records[name] ?? [];
        },
      },
    }),
  );
  return { ...finding, asked };
}

describe('the TXT record of a domain', () => {
  test.each([
    ['alone', [token]],
    ['among others', ['v=spf1 -all', token, 'other=1']],
    ['with a name before it', [`kiro-verification=${token}`]],
  ])('%s is right, and only that name is asked', async (_, records) => {
    const { state, asked } = await found('example.com', { 'example.com': records });
    expect({ state, asked }).toEqual({ state: 'pass', asked: ['example.com'] });
  });

  test.each(['example.com', ' Example.COM. ', 'https://example.com/', 'EXAMPLE.com'])(
    'is asked for %j as it is meant',
    async (domain) => {
      const { state } = await found(domain, { 'example.com': [token] });
      expect(state).toBe('pass');
    },
  );

  test.each([
    ['quotes', `"${token}"`],
    ['a space', `${token} `],
    ['other case', token.toUpperCase()],
    ['a missing end', token.slice(0, -2)],
  ])('with %s differs', async (_, record) => {
    expect((await found('example.com', { 'example.com': [record] })).reason).toBe('txtDiffers');
  });

  test('that is missing says what is there instead', async () => {
    const finding = await found('example.com', { 'example.com': ['v=spf1 -all'] });
    expect(finding.reason).toBe('txtMissing');
    expect(finding.evidence).toContainEqual({ name: 'foundRecords', value: ['v=spf1 -all'] });
  });

  test.each(['example.com.example.com', 'www.example.com'])('at %s is elsewhere', async (name) => {
    const finding = await found('example.com', { [name]: [token] });
    expect(finding.reason).toBe('txtElsewhere');
    expect(finding.evidence).toContainEqual({ name: 'foundElsewhere', value: name });
  });

  test('of a name below the domain is elsewhere at the domain itself', async () => {
    expect((await found('_kiro.example.com', { 'example.com': [token] })).reason).toBe('txtElsewhere');
  });

  test.each(['', 'example', 'exa mple.com', '-.com', `${'a'.repeat(64)}.com`, 'example.com?x'])(
    '%j is not a domain, and no server is asked',
    async (domain) => {
      const { reason, asked } = await found(domain, {});
      expect({ reason, asked }).toEqual({ reason: 'notDomain', asked: [] });
    },
  );
});
