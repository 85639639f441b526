import { l10n } from 'vscode';
import { SignInError } from '../../core/oauth/errors.ts';
import { anyProfile } from '../../setup/setupPorts.ts';
import { guideTitle } from './checkTexts.ts';
import { fieldTitle } from './setupFields.ts';
import { showList } from '../ui/quickPick.ts';

/**
 * Asks for the AWS credentials: a profile's, those found without one, or none (empty, the default).
 * @throws SignInError `cancelled`
 */
export async function askAwsProfile(profiles: readonly string[]): Promise<string> {
  const rows = [
    {
      icon: 'circle-slash',
      label: l10n.t('Skip AWS Checks'),
      description: l10n.t('Checks that need AWS aren’t verified'),
      value: '',
    },
    ...profiles.map((profile) => ({ icon: 'account', label: profile, value: profile })),
    {
      icon: 'server-environment',
      label: environmentCredentials(),
      description: l10n.t('Environment variables, a container, or an instance'),
      value: anyProfile,
    },
  ];
  const chosen = await showList(rows, {
    title: `${fieldTitle('awsProfile')} · ${guideTitle('identityCenter')}`,
    placeHolder: l10n.t('Its credentials are used for about 15 read calls, which AWS logs in CloudTrail'),
    ignoreFocusOut: true,
  });
  if (chosen === undefined) throw new SignInError('cancelled');
  return chosen.value;
}

/** The label of the choice without a profile. */
export function environmentCredentials(): string {
  return l10n.t('Credentials from the environment');
}
