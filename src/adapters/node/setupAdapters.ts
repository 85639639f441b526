import { readSamlMetadata } from './samlMetadata.ts';
import { signJwt } from './signedJwt.ts';
import { takenPorts } from './takenPorts.ts';
import { createTxtLookups } from './txtRecords.ts';
import type { SetupPorts } from '../../setup/setupPorts.ts';

/** What only the setup checks ask of the outside; loaded when they run. */
export const setupAdapters: Pick<
  SetupPorts,
  'loopbackPorts' | 'txtLookups' | 'readSamlMetadata' | 'signJwt'
> = {
  loopbackPorts: takenPorts,
  txtLookups: createTxtLookups(),
  readSamlMetadata,
  signJwt,
};
