/** What a window looks at as soon as it is there, in one part that is loaded then: the organization's policy and the connections. */
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
