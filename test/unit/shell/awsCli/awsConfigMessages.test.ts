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
  test.each(ofALine)('%s opens the file at the line', (reason) => {
    expect(words(reason)).toMatch(/~\/\.aws\/config.*line 7\b/);
  });

  test.each(ofASection)('%s, which affects only one section, names that section', (reason) => {
    expect(words(reason)).toContain('[sso-session Acme Dev]');
    expect(words(reason)).not.toContain(file);
  });

  test('an encoding applies to the whole file, so no line is named', () => {
    expect(words('encoding')).toMatch(/~\/\.aws\/config.*UTF-8/);
    expect(words('encoding')).not.toContain('7');
  });

  test('each reason has a different message', () => {
    const reasons = [...ofALine, ...ofASection, 'encoding'] as const;
    expect(new Set(reasons.map((reason) => words(reason))).size).toBe(reasons.length);
  });

  test('shows a section header on one line, truncated', () => {
    const long = `sso-session a\n\u202Eb${'c'.repeat(500)}`;
    const said = words('sectionSpelling', { section: long });
    expect(said).toMatch(/\[sso-session a bc+\]/);
    expect(said.length).toBeLessThan(150);
  });
});
