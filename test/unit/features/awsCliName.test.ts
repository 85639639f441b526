import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findSsoSessions, readSsoSessions } from '../../../src/adapters/node/awsConfig.ts';
import {
  cliSharingPreference,
  findSection,
  freeName,
  sectionOf,
  sectionLines,
} from '../../../src/features/awsCliName.ts';
import { connectionKey } from '../../../src/core/connection/connection.ts';
import type { SsoSession } from '../../../src/features/ssoSession.ts';
import type { OrganizationRules } from '../../../src/features/organizationPolicy.ts';
import type { HttpFetch } from '../../../src/core/ports.ts';
import { fakeHttp } from '../fakes/fakeHttp.ts';
import { identityCenterConnection, oktaConnection } from '../fakes/examples.ts';
import { temporaryFolder } from '../fakes/temporaryFolder.ts';

const key = connectionKey(identityCenterConnection);
const name = 'my-company';
const wanting = { ...identityCenterConnection, awsCli: name };
const noRules: OrganizationRules = { file: '', state: 'none', policy: {}, files: [] };
const forbidding: OrganizationRules = { ...noRules, state: 'inForce', policy: { allowCliCache: false } };
const section = (changes: Partial<SsoSession> = {}): SsoSession => ({
  name,
  startUrl: identityCenterConnection.startUrl,
  region: identityCenterConnection.region,
  scopes: [],
  ...changes,
});

describe('cliSharingPreference: whether a connection should be shared with the CLI', () => {
  test("requires both the settings and the user's consent on this machine", () => {
    expect(
      cliSharingPreference(identityCenterConnection, [oktaConnection, wanting], { [key]: name }, noRules),
    ).toEqual({
      name,
    });
  });

  test('ignores consent in settings from another machine', () => {
    expect(cliSharingPreference(identityCenterConnection, [wanting], {}, noRules)).toEqual({
      name: undefined,
    });
  });

  test('ignores consent for another name, which is another file', () => {
    const consents = { [key]: 'another' };
    expect(cliSharingPreference(identityCenterConnection, [wanting], consents, noRules)).toEqual({
      name: undefined,
    });
  });

  test('ends when the user removes it from the settings', () => {
    const consents = { [key]: name };
    expect(cliSharingPreference(wanting, [identityCenterConnection], consents, noRules)).toEqual({
      name: undefined,
    });
  });

  test('does not change if the settings do not contain the connection', () => {
    expect(cliSharingPreference(wanting, [], { [key]: name }, noRules)).toBeUndefined();
  });

  test('can be forbidden by an organization', () => {
    expect(cliSharingPreference(wanting, [wanting], { [key]: name }, forbidding)).toEqual({
      name: undefined,
    });
    expect(cliSharingPreference(wanting, [], { [key]: name }, forbidding)).toEqual({ name: undefined });
  });
});

describe('sectionOf: the section of a connection', () => {
  test('has its start URL in any spelling, and its Region', () => {
    const others = [section({ name: 'a', region: 'us-east-1' }), section({ name: 'b', startUrl: 'not one' })];
    const own = section({ startUrl: `${identityCenterConnection.startUrl}/#/` });
    expect(sectionOf(identityCenterConnection, [...others, own])).toBe(own);
    expect(sectionOf(identityCenterConnection, others)).toBeUndefined();
  });

  test('is the one in the setting, if several match', () => {
    const own = section();
    expect(sectionOf(wanting, [section({ name: 'a' }), own])).toBe(own);
    expect(sectionOf(identityCenterConnection, [section({ name: 'a' }), own])?.name).toBe('a');
  });
});

describe('freeName: the name of a new section', () => {
  test.each([
    ['My Company (EU)', 'my-company-eu'],
    ['d-1234567890', 'd-1234567890'],
    ['会社', 'd-1234567890.awsapps.com'],
  ])('%s: %s', (connectionName, expected) => {
    expect(freeName({ ...identityCenterConnection, name: connectionName }, [])).toBe(expected);
  });

  test('is the setting’s if it has one', () => {
    expect(freeName({ ...wanting, awsCli: 'chosen' }, [])).toBe('chosen');
  });

  test('differs from that of other sections', () => {
    const taken = [section({ name: 'example' }), section({ name: 'example-2' })];
    expect(freeName(identityCenterConnection, taken)).toBe('example-3');
  });
});

describe('findSection: F3: a section with a company’s own address', () => {
  const company = section({ name: 'corp', startUrl: 'https://sso.corp.example' });
  const leadsTo = (location: string) => fakeHttp(new Response(null, { status: 302, headers: { location } }));
  const find = (http: HttpFetch, ...sections: SsoSession[]) =>
    findSection(http, identityCenterConnection, sections, new AbortController().signal);

  test('belongs to the connection that it resolves to', async () => {
    const other = section({ name: 'a', startUrl: 'https://other.awsapps.com/start' });
    const { http } = leadsTo(`${identityCenterConnection.startUrl}/#/`);
    expect(await find(http, other, company)).toBe(company);
  });

  test('does not belong to it if it resolves elsewhere, not at all, or to another Region', async () => {
    expect(await find(leadsTo('https://other.awsapps.com/start').http, company)).toBeUndefined();
    expect(await find(fakeHttp(new Response('no')).http, company)).toBeUndefined();
    const { http } = leadsTo(identityCenterConnection.startUrl);
    expect(await find(http, { ...company, region: 'us-east-2' })).toBeUndefined();
  });

  test('is not resolved if a section has the address itself', async () => {
    const { http, asked } = leadsTo('https://other.awsapps.com/start');
    expect(await find(http, company, section())).toEqual(section());
    expect(asked).toEqual([]);
  });
});

test.each(['Acme Dev', 'R&D', "Ana's", 'acme (dev)', 'münchen', 'a"b\\c', 'x]y', '开发'])(
  'F6: the section for %s can be read by the CLI',
  async (odd) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'config');
    await writeFile(path, sectionLines(odd, identityCenterConnection, []).join('\n'));
    expect(await findSsoSessions(path)).toMatchObject({ sections: [{ name: odd }] });
  },
);

test('the CLI can read the section', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'config');
  await writeFile(path, `[default]\n\n${sectionLines(name, identityCenterConnection, []).join('\n')}\n`);
  expect(await readSsoSessions(path)).toEqual([
    section({ scopes: ['codewhisperer:completions', 'codewhisperer:conversations'] }),
  ]);
});
