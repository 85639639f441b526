import { l10n } from 'vscode';
import { SignInError } from '../../core/oauth/errors.ts';
import type { ShellContext } from '../context.ts';
import { askInformation } from '../ui/messages.ts';

/** A question whether lines may be added to the AWS CLI's configuration, which it shows as they will stand there. */
interface Addition {
  readonly question: string;
  readonly lines: readonly string[];
  /** Whether they are still missing, asked after the yes: another window or program may have added them meanwhile. */
  readonly isMissing: () => Promise<boolean>;
  /** Answers beside the yes. */
  readonly others?: readonly string[];
}

/**
 * Adds lines at the end of the AWS CLI's configuration after a yes that shows them.
 * @returns `added`, also where they were added meanwhile, or what was answered instead
 * @throws SignInError `storage` where the file cannot be written
 */
export async function addToAwsConfig(
  { terminals }: Pick<ShellContext, 'terminals'>,
  { question, lines, isMissing, others = [] }: Addition,
): Promise<'added' | { readonly instead: string | undefined }> {
  const yes = l10n.t('Add');
  const chosen = await askInformation(question, { detail: lines.join('\n') }, yes, ...others);
  if (chosen !== yes) return { instead: chosen };
  const file = await terminals.awsConfig();
  try {
    if (await isMissing()) await file.append(lines);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new SignInError('storage', { operation: 'awsConfig', code, file: file.path }, error);
  }
  return 'added';
}
