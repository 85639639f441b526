import { describe, expect, test, vi } from 'vitest';
import type { AwsConfigProblem } from '../../../../src/features/ssoSession.ts';
import { configProblemMessage } from '../../../../src/shell/awsCli/awsConfigMessages.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

const file = '~/.aws/config';
const section = 'sso-session Acme Dev';
const words = (reason: AwsConfigProblem['reason'], more: Partial<AwsConfigProblem> = {}) =>
  configProblemMessage(file, { line: 7, reason, section, ...more });

const ofALine = [
  ...['noSection', 'noDelimiter', 'emptyKey', 'duplicateSection', 'duplicateKey', 'nestedValue'],
] as readonly AwsConfigProblem['reason'][];
const ofASection = ['sectionName', 'sectionQuote', 'sectionSpelling'] as const;

describe('configProblemMessage', () => {
  test.each(ofALine)('%s leads to the file and the line', (reason) => {
    expect(words(reason)).toMatch(/~\/\.aws\/config.*line 7\b/);
  });

  test.each(ofASection)('%s, which only one section suffers from, names that section', (reason) => {
    expect(words(reason)).toContain('[sso-session Acme Dev]');
    expect(words(reason)).not.toContain(file);
  });

  test('an encoding is of the whole file, so that no line is named', () => {
    expect(words('encoding')).toMatch(/~\/\.aws\/config.*UTF-8/);
    expect(words('encoding')).not.toContain('7');
  });

  test('no two reasons have the same words', () => {
    const reasons = [...ofALine, ...ofASection, 'encoding'] as const;
    expect(new Set(reasons.map((reason) => words(reason))).size).toBe(reasons.length);
  });

  test('shows the header of a section on one line, and not without end', () => {
    const long = `sso-session a\n\u202Eb${'c'.repeat(500)}`;
    const said = words('sectionSpelling', { section: long });
    expect(said).toMatch(/\[sso-session a bc+\]/);
    expect(said.length).toBeLessThan(150);
  });
});
