import { probeLoopbackPorts } from './loopbackPorts.ts';
import { readSamlMetadata } from './samlMetadata.ts';
import { createTxtRecords } from './txtRecords.ts';
import type { SetupPorts } from '../core/setup/setupPorts.ts';

/** What only the set-up checks ask of the outside; loaded when they run. */
export const setupAdapters: Pick<SetupPorts, 'loopbackPorts' | 'txtRecords' | 'readSamlMetadata'> = {
  loopbackPorts: probeLoopbackPorts,
  txtRecords: createTxtRecords(),
  readSamlMetadata,
};
