import { describe, expect, test } from 'vitest';
import { checkTxtRecord } from '../../../../src/setup/checks/domain.ts';
import type { TxtLookups } from '../../../../src/setup/setupPorts.ts';
import type { CheckResult } from '../../../../src/setup/checkResult.ts';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { fakeClock } from '../../fakes/fakeClock.ts';
import { checkContext } from '../../fakes/checkContext.ts';

const token = 'kiro-7d1f0c3b9a';

async function found(
  domain: string,
  records: Readonly<Record<string, readonly string[]>>,
  zone: TxtLookups['zoneTxt'] = async (name) => ({ records: records[name] ?? [], servers: ['192.0.2.1:53'] }),
): Promise<CheckResult & { readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const result = await checkTxtRecord(
    checkContext({
      inputs: { domain, verificationToken: token },
      ports: {
        txtLookups: {
          txt: async (name) => {
            asked.push(name);
            return { records: records[name] ?? [], servers: ['192.0.2.53'] };
          },
          zoneTxt: zone,
        },
      },
    }),
  );
  return { ...result, asked };
}

describe('checkTxtRecord: the TXT record of a domain', () => {
  test.each([
    ['alone', [token]],
    ['among others', ['v=spf1 -all', token, 'other=1']],
  ])('%s passes, and only that name is queried', async (_, records) => {
    const { state, asked } = await found('example.com', { 'example.com': records });
    expect({ state, asked }).toEqual({ state: 'pass', asked: ['example.com'] });
  });

  test.each(['example.com', ' Example.COM. ', 'https://example.com/', 'EXAMPLE.com'])(
    'accepts %j as intended',
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
    ['dashes of a word processor', token.replaceAll('-', '\u2013')],
    ['a dot at its end', `${token}.`],
    ['escaped quotes', `\\"${token}\\"`],
  ])('with %s differs', async (_, record) => {
    expect((await found('example.com', { 'example.com': [record] })).reason).toBe('txtDiffers');
  });

  test('a resolver that fails hid the record that the domain’s own name servers have', async () => {
    const failing = async (zone: TxtLookups['zoneTxt']) =>
      checkTxtRecord(
        checkContext({
          inputs: { domain: 'example.com', verificationToken: token },
          ports: {
            txtLookups: {
              txt: async () =>
                Promise.reject(new SignInError('network', { operation: 'dns', code: 'ESERVFAIL' })),
              zoneTxt: zone,
            },
          },
        }),
      );
    const servers = ['192.0.2.1:53'];
    expect(await failing(async () => ({ records: [token], servers }))).toMatchObject({ state: 'pass' });
    expect(await failing(async () => ({ records: [], servers }))).toMatchObject({ reason: 'txtMissing' });
    await expect(failing(async () => undefined)).rejects.toMatchObject({ kind: 'network' });
  });

  test('a wildcard record was one to which the console had added the domain', async () => {
    const names = ['example.com.example.com', 'www.example.com'];
    const withWildcard = Object.fromEntries(
      [...names, 'developer-sign-in-check.com.example.com'].map((name) => [name, [token]]),
    );
    expect((await found('example.com', withWildcard)).reason).toBe('txtMissing');
    expect((await found('example.com', { 'example.com.example.com': [token] })).reason).toBe('txtElsewhere');
  });

  test('only in this network’s DNS does not pass: the domain’s own name servers lack it', async () => {
    const records = { 'example.com': [token] };
    const servers = ['192.0.2.1:53'];
    const result = await found('example.com', records, async () => ({ records: ['v=spf1 -all'], servers }));
    expect(result).toMatchObject({ state: 'inconclusive', reason: 'txtOnlyHere' });
    expect(result.evidence).toContainEqual({ name: 'answeredBy', value: servers });
    expect((await found('example.com', records, async () => undefined)).state).toBe('pass');
  });

  test('an internal zone of the same name refuted a public record, and passed an internal one', async () => {
    const internal = async () => ({ records: [], servers: ['10.1.2.3'], isInternal: true as const });
    expect(await found('example.com', {}, internal)).toMatchObject({
      state: 'inconclusive',
      reason: 'txtNotSeen',
    });
    expect(await found('example.com', { 'example.com': [token] }, internal)).toMatchObject({
      state: 'inconclusive',
      reason: 'txtOnlyHere',
    });
  });

  test('a record that was found waited for name servers that cannot be reached', async () => {
    const clock = fakeClock();
    const result = checkTxtRecord(
      checkContext({
        inputs: { domain: 'example.com', verificationToken: token },
        ports: {
          clock,
          txtLookups: {
            txt: async () => ({ records: [token], servers: ['192.0.2.53'] }),
            zoneTxt: async () => new Promise<never>(() => undefined),
          },
        },
      }),
    );
    await clock.advance(9500);
    expect(await result).toMatchObject({ state: 'pass' });
  });

  test('that is missing says what is there instead', async () => {
    const result = await found('example.com', { 'example.com': ['v=spf1 -all'] });
    expect(result.reason).toBe('txtMissing');
    expect(result.evidence).toContainEqual({ name: 'foundRecords', value: ['v=spf1 -all'] });
  });

  test.each(['example.com.example.com', 'www.example.com'])('at %s is in the wrong place', async (name) => {
    const result = await found('example.com', { [name]: [token] });
    expect(result.reason).toBe('txtElsewhere');
    expect(result.evidence).toContainEqual({ name: 'foundElsewhere', value: name });
  });

  test('a record whose name and value were swapped was only missing', async () => {
    const name = `${token}.example.com`.toLowerCase();
    const finding = await found('example.com', { [name]: ['example.com'] });
    expect(finding).toMatchObject({ state: 'fail', reason: 'txtElsewhere' });
    expect(finding.evidence).toContainEqual({ name: 'foundElsewhere', value: name });
    const wildcard = { [name]: ['v=x'], 'developer-sign-in-check.example.com': ['v=x'] };
    expect((await found('example.com', wildcard)).reason).toBe('txtMissing');
  });

  test.each([
    ['similar', { 'example.com': [`"${token}"`] }, 'txtDiffers'],
    ['elsewhere', { 'www.example.com': [token] }, 'txtElsewhere'],
  ] as const)('that is %s only in this network’s DNS proves nothing', async (_where, records, reason) => {
    const result = await found('example.com', records, async () => undefined);
    expect(result).toMatchObject({ state: 'inconclusive', reason });
    expect((await found('example.com', records)).state).toBe('fail');
  });

  test('of a subdomain is in the wrong place at the domain itself', async () => {
    expect((await found('_kiro.example.com', { 'example.com': [token] })).reason).toBe('txtElsewhere');
  });

  test.each(['', 'example', 'exa mple.com', '-.com', `${'a'.repeat(64)}.com`, 'example.com?x'])(
    '%j is not a domain, and nothing is queried',
    async (domain) => {
      const { reason, asked } = await found(domain, {});
      expect({ reason, asked }).toEqual({ reason: 'notDomain', asked: [] });
    },
  );
});

describe('checkTxtRecord: B7: where to look for the record', () => {
  test.each([
    ['login.example.com', 'login.example.com.example.com'],
    ['login.example.com', 'login.example.com.login.example.com'],
    ['_kiro.login.example.com', '_kiro.login.example.com.example.com'],
  ])('of %s at %s, to which a console appends the zone', async (domain, name) => {
    const result = await found(domain, { [name]: [token] });
    expect(result.reason).toBe('txtElsewhere');
    expect(result.evidence).toContainEqual({ name: 'foundElsewhere', value: name });
  });

  test('accepts an unknown name before the token as unverified', async () => {
    const result = await found('example.com', { 'example.com': [`kiro-verification=${token}`] });
    expect([result.state, result.reason]).toEqual(['warning', 'txtNamed']);
  });

  test.each([
    ['bücher.example', 'xn--bcher-kva.example'],
    ['ana@example.com', 'example.com'],
  ])('%s means %s', async (domain, name) => {
    expect((await found(domain, { [name]: [token] })).state).toBe('pass');
  });

  test('the zone’s own servers count if the local resolver disagrees', async () => {
    const result = await found('example.com', {}, async () => ({
      records: [token],
      servers: ['192.0.2.1:53'],
    }));
    expect(result.state).toBe('pass');
    expect(result.evidence).toContainEqual({ name: 'answeredBy', value: ['192.0.2.1:53'] });
  });

  test('a record missing only in the local resolver is not verified, but not a failure', async () => {
    const result = await found('example.com', {}, async () => undefined);
    expect([result.state, result.reason]).toEqual(['inconclusive', 'txtNotSeen']);
    expect(result.evidence).toContainEqual({ name: 'answeredBy', value: ['192.0.2.53'] });
  });

  test('a server that hangs does not invalidate other answers', async () => {
    const clock = fakeClock();
    const hang = async () => new Promise<never>(() => undefined);
    const result = checkTxtRecord(
      checkContext({
        inputs: { domain: 'example.com', verificationToken: token },
        ports: {
          clock,
          txtLookups: {
            txt: async (name) => (name === 'example.com' ? { records: [], servers: ['192.0.2.53'] } : hang()),
            zoneTxt: hang,
          },
        },
      }),
    );
    await clock.advance(9500);
    expect(await result).toMatchObject({ state: 'inconclusive', reason: 'txtNotSeen' });
  });
});
