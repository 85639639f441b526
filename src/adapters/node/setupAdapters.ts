import { readSamlMetadata } from './samlMetadata.ts';
import { signJwt } from './signedJwt.ts';
import { takenPorts } from './takenPorts.ts';
import { createTxtLookups } from './txtRecords.ts';
import type { AwsSigner, SetupAdapters } from '../../setup/setupPorts.ts';

/** What only the setup checks ask of the outside; loaded when they run, and what finds AWS credentials when it is used. */
export const setupAdapters: SetupAdapters = {
  loopbackPorts: takenPorts,
  txtLookups: createTxtLookups(),
  readSamlMetadata,
  signJwt,
  openAws: (profile) => {
    let opened: Promise<AwsSigner> | undefined;
    const open = () => (opened ??= import('./awsSigner.ts').then((adapter) => adapter.openAws(profile)));
    return { sign: async (request, signal) => (await open()).sign(request, signal) };
  },
  awsProfiles: async () => (await import('./awsProfiles.ts')).awsProfiles(),
};
