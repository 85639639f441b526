import { readSamlMetadata } from './samlMetadata.ts';
import { readSamlResponse } from './samlResponse.ts';
import { signJwt } from './signedJwt.ts';
import { takenPorts } from './takenPorts.ts';
import { createTxtLookups } from './txtRecords.ts';
import type { AwsSigner, SetupAdapters } from '../../setup/setupPorts.ts';

/** Loads the AWS credential providers on first use. */
const aws = () => import('./awsSigner.ts');

/** Adapters for the setup checks only; loaded when they run. */
export const setupAdapters: SetupAdapters = {
  loopbackPorts: takenPorts,
  txtLookups: createTxtLookups(),
  readSamlMetadata,
  readSamlResponse,
  signJwt,
  openAws: (profile) => {
    let opened: Promise<AwsSigner> | undefined;
    const open = () => (opened ??= aws().then(({ openAws }) => openAws(profile)));
    return { sign: async (request, signal) => (await open()).sign(request, signal) };
  },
  awsProfiles: async () => (await aws()).awsProfiles(),
};
