import { SignInError } from '../core/oauth/errors.ts';
import type { Lookups } from './lookups.ts';
import type { SamlMetadata } from './setupPorts.ts';

/** The saved metadata. @throws SignInError `invalidInput` if the file is invalid */
export async function metadataIn(lookups: Lookups): Promise<SamlMetadata> {
  const file = await lookups.saml();
  if ('problem' in file) throw new SignInError('invalidInput', { operation: 'samlMetadata' });
  return file.metadata;
}
