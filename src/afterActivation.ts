/** What a window looks at as soon as it is there, in one part that is loaded then: the organization's policy and the connections. */
export { createPolicyFile, policyPlace } from './adapters/node/policyFile.ts';
export {
  readConnections,
  readEntries,
  removeConnection,
  saveConnection,
} from './adapters/vscode/connectionSettings.ts';
export { signInPolicy, templatesUnder, withProvided } from './features/organizationPolicy.ts';
