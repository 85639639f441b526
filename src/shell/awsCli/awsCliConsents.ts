import type { Memento } from 'vscode';
import type { AwsCliConsents } from '../../features/awsCliName.ts';
import { connectionKey } from '../../core/connection/connection.ts';
import type { IdentityCenterConnection } from '../../core/connection/connection.ts';

const consentsKey = 'awsCli.consents';

/** The connections that the user agreed to share on this machine. */
export function awsCliConsents(memento: Memento): AwsCliConsents {
  return memento.get<AwsCliConsents>(consentsKey, {});
}

/** Stores or removes the consent for a name. */
export async function rememberConsent(
  memento: Memento,
  connection: IdentityCenterConnection,
  name: string | undefined,
): Promise<void> {
  const key = connectionKey(connection);
  const { [key]: _before, ...others } = awsCliConsents(memento);
  await memento.update(consentsKey, name === undefined ? others : { ...others, [key]: name });
}
