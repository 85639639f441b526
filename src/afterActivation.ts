/** The parts that a window loads right after activation: what it reads and follows from the start. */
export { createPolicyFile } from './adapters/node/policyFile.ts';
export { policyPlace } from './adapters/node/policyPlace.ts';
export { watchPolicy } from './adapters/node/policyWatch.ts';
export { createSharedText } from './adapters/node/sharedText.ts';
export {
  readConnections,
  readEntries,
  removeConnection,
  saveConnection,
} from './adapters/vscode/connectionSettings.ts';
export { signInPolicy, templatesUnder, withProvided } from './features/organizationPolicy.ts';
export { followOrganization } from './shell/followOrganization.ts';
export { followExpirations } from './shell/setup/followExpirations.ts';
