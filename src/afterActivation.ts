/** The parts that a window loads right after activation: the organization's policy and the connections. */
export { createPolicyFile } from './adapters/node/policyFile.ts';
export { policyPlace } from './adapters/node/policyPlace.ts';
export { watchPolicy } from './adapters/node/policyWatch.ts';
export {
  readConnections,
  readEntries,
  removeConnection,
  saveConnection,
} from './adapters/vscode/connectionSettings.ts';
export { signInPolicy, templatesUnder, withProvided } from './features/organizationPolicy.ts';
