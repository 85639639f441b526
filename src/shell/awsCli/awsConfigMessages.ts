import { l10n } from 'vscode';
import type { AwsConfigProblem } from '../../features/ssoSession.ts';
import { plainLine } from '../../core/text/safeText.ts';

/** A sentence about a problem in the AWS CLI's configuration. */
export function configProblemMessage(file: string, { line, reason, section }: AwsConfigProblem): string {
  const header = plainLine(section ?? '').slice(0, 60);
  switch (reason) {
    case 'noSection':
      return l10n.t('The AWS CLI can’t read {0}: line {1} isn’t in a section.', file, line);
    case 'noDelimiter':
      return l10n.t('The AWS CLI can’t read {0}: line {1} has no “=”.', file, line);
    case 'emptyKey':
      return l10n.t('The AWS CLI can’t read {0}: line {1} has no key before the “=”.', file, line);
    case 'duplicateSection':
      return l10n.t('The AWS CLI can’t read {0}: line {1} repeats a section.', file, line);
    case 'duplicateKey':
      return l10n.t('The AWS CLI can’t read {0}: line {1} repeats a key in its section.', file, line);
    case 'nestedValue':
      return l10n.t(
        'The AWS CLI can’t read {0}: the value in line {1} must be on the same line.',
        file,
        line,
      );
    case 'encoding':
      return l10n.t('The AWS CLI can’t read {0}: save it as UTF-8 without a byte order mark.', file);
    case 'sectionName':
      return l10n.t(
        'The AWS CLI ignores [{0}]: a name with spaces needs quotes, as in [sso-session "Acme Dev"].',
        header,
      );
    case 'sectionQuote':
      return l10n.t('The AWS CLI ignores [{0}]: a closing quotation mark is missing.', header);
    case 'sectionSpelling':
      return l10n.t('The AWS CLI ignores [{0}]: it reads only [sso-session NAME].', header);
  }
}
