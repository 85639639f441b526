/** What the composition for VS Code builds when it is first asked for, in one part that is loaded then. */
export { createAwsCliCache } from './adapters/node/awsCliCache.ts';
export { createAwsCliPaths } from './adapters/node/awsCliPaths.ts';
export { lookAtSsoSessions } from './adapters/node/awsConfig.ts';
export { awsConfigFile } from './adapters/node/awsConfigFile.ts';
export { createBoundedFetch } from './adapters/node/boundedFetch.ts';
export { createSkewWatch } from './adapters/node/clockSkew.ts';
export { createLoopbackRedirect } from './adapters/node/loopbackRedirect.ts';
export { terminalProgram } from './adapters/node/terminalProgram.ts';
export { openTerminalSocket } from './adapters/node/terminalSocket.ts';
export { gatherDiagnostics } from './adapters/vscode/diagnosticsData.ts';
export { cliSharingPreference } from './features/awsCliName.ts';
export { resolveConnection } from './input/customStartUrl.ts';
export { awsCliConsents } from './shell/awsCli/awsCliConsents.ts';
export { followOrganization } from './shell/followOrganization.ts';
export { loopbackPageTexts } from './shell/signIn/loopbackPageTexts.ts';
export { trustsIssuer } from './shell/signIn/trustIssuer.ts';
