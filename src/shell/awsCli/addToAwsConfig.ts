import { l10n } from 'vscode';
import { SignInError } from '../../core/oauth/errors.ts';
import type { ShellContext } from '../context.ts';
import { askInformation } from '../ui/messages.ts';

/** A question before lines are added to the AWS CLI's configuration; shows them as they will appear. */
interface Addition {
  readonly question: string;
  readonly lines: readonly string[];
  /** Whether the lines are still missing after the confirmation: another window or program may have added them. */
  readonly isMissing: () => Promise<boolean>;
  /** Replaces other lines, instead of appending at the end. */
  readonly replace?: (text: string) => string;
  /** Choices beside the confirmation. */
  readonly others?: readonly string[];
}

/**
 * Adds lines to the AWS CLI's configuration, at its end or in place of others, after a confirmation that shows
 * them.
 * @returns `added`, also if they were added meanwhile, or the other choice
 * @throws SignInError `storage` if the file cannot be written
 */
export async function addToAwsConfig(
  { terminals }: Pick<ShellContext, 'terminals'>,
  { question, lines, isMissing, replace, others = [] }: Addition,
): Promise<'added' | { readonly instead: string | undefined }> {
  const yes = replace === undefined ? l10n.t('Add') : l10n.t('Replace');
  const chosen = await askInformation(question, { detail: lines.join('\n') }, yes, ...others);
  if (chosen !== yes) return { instead: chosen };
  const file = await terminals.awsConfig();
  try {
    if (await isMissing()) await (replace === undefined ? file.append(lines) : file.change(replace));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new SignInError('storage', { operation: 'awsConfig', code, file: file.path }, error);
  }
  return 'added';
}
