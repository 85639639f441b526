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
  /** Puts the lines into the place of others, instead of adding them at the end. */
  readonly replace?: (text: string) => string;
  /** Answers beside the yes. */
  readonly others?: readonly string[];
}

/**
 * Adds lines to the AWS CLI's configuration, at its end or in the place of others, after a yes that shows them.
 * @returns `added`, also where they were added meanwhile, or what was answered instead
 * @throws SignInError `storage` where the file cannot be written
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
