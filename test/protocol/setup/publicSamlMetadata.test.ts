import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSamlMetadata } from '../../../src/adapters/node/samlMetadata.ts';
import { decodeXml } from '../../../src/input/decodedText.ts';
import { checkSamlApplication } from '../../../src/setup/checks/samlMetadata.ts';
import type { CheckResult } from '../../../src/setup/checkResult.ts';
import type { SamlCertificate } from '../../../src/setup/samlCertificate.ts';
import type { SamlFile } from '../../../src/setup/setupPorts.ts';
import { checkContext } from '../../unit/fakes/checkContext.ts';

/**
 * Unmodified metadata from public repositories (test/fixtures/samlMetadata/README.md). Expected values were read
 * once by two independent programs, an XML parser and a certificate parser; this test fetches nothing.
 */
const folder = join(import.meta.dirname, '../../fixtures/samlMetadata');

interface PublicFile {
  readonly file: string;
  readonly sha256: string;
  readonly source: string;
  readonly license: string;
  readonly expected: Readonly<Record<string, unknown>>;
}
const files = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as readonly PublicFile[];

describe('SAML metadata of public repositories', () => {
  test('includes at least a hundred files, each with its origin and license', () => {
    const found = files.filter(({ source }) => /^[\w.-]+\/[\w.-]+\//.test(source));
    expect(found.length).toBeGreaterThanOrEqual(100);
    expect(files.filter(({ license }) => license === '')).toEqual([]);
    const there = readdirSync(folder).filter((name) => name.endsWith('.xml'));
    expect(there.toSorted()).toEqual(files.map(({ file }) => file).toSorted());
  });

  test.each(files)('$file is read as other programs read it', async ({ file, sha256, expected }) => {
    const bytes = readFileSync(join(folder, file));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    const metadataXml = decodeXml(bytes);
    const { application, ...content } = expected;
    expect(told(readSamlMetadata(metadataXml))).toEqual(content);
    if (application === undefined) return;
    const context = checkContext({ inputs: { metadataXml }, ports: { readSamlMetadata } });
    expect(named(await checkSamlApplication(context))).toBe(application);
  });
});

/** The parsed values in the format of the index. */
function told(file: SamlFile): object {
  if ('problem' in file) {
    const { problem, count, root } = file;
    return { problem, ...(count === undefined ? {} : { count }), ...(root === undefined ? {} : { root }) };
  }
  const { entityId, isIdentityProvider, isSaml2, signOn, certificates } = file.metadata;
  return {
    entityId: entityId ?? null,
    isIdentityProvider,
    isSaml2,
    signOn: signOn.map(({ binding, url }) => [binding.split(':').at(-1), url]),
    certificates: certificates.map(certificateTold),
  };
}

function certificateTold(certificate: SamlCertificate): unknown {
  if (certificate.state === 'unreadable') return 'unreadable';
  const { fingerprint, startsAt, endsAt, keyType, keyBits } = certificate;
  const moment = (at: number): string => new Date(at).toISOString().replace('.000', '');
  return {
    fingerprint,
    startsAt: moment(startsAt),
    endsAt: moment(endsAt),
    key: keyBits === undefined ? keyType : `${keyType} ${keyBits}`,
  };
}

function named({ state, reason, evidence }: CheckResult): string {
  if (state === 'pass') return 'pass';
  const name = reason === 'otherProvider' ? 'provider' : 'application';
  const value = evidence.find((one) => one.name === name)?.value;
  return value === undefined ? String(reason) : `${reason ?? ''}: ${String(value)}`;
}
