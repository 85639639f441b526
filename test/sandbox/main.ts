import { parseArgs } from 'node:util';
import { startFaultControl } from './control.ts';
import { startCloud } from './cloud.ts';
import { parseSwitches, startBrokenChain, type SwitchName } from './switches.ts';
import { brokenLines, cloudLines, peopleLines, setUpLines } from './tour.ts';

const broken = brokenByArguments();
const sandbox = await startBrokenChain(broken);
const cloud = await startCloud(sandbox);
const control = await startFaultControl(sandbox.faults);
const description = { ...sandbox.describe(), faults: control.faultsUrl };

// Other programs read this line, so it must come first.
console.log(JSON.stringify(description));

const { okta, identityCenter, openIdConnect, faults } = description;
console.log(`
The sandbox is running. Press Ctrl+C to stop.

${brokenLines(broken).join('\n')}
IAM Identity Center
  Start URL    ${identityCenter.startUrl}
  Region       ${identityCenter.region}
  Setting      "developerSignIn.identityCenter.endpoint": "${identityCenter.endpoint}"
  Setting      "developerSignIn.identityCenter.portalEndpoint": "${identityCenter.portalEndpoint}"

Okta
  Issuer       ${okta.issuer}
  Metadata URI ${okta.metadataUri}
  Client ID    ${okta.clientId}

OpenID Connect
  Issuer       ${openIdConnect?.issuer ?? ''}
  Metadata URI ${openIdConnect?.metadataUri ?? ''}
  Client ID    ${openIdConnect?.clientId ?? ''}

People
${peopleLines(description).join('\n')}

IAM Identity Center with Okta as its identity source, and the values that an administrator copied (inputs of Check SSO Setup)
${setUpLines(description).join('\n')}
${cloudLines(sandbox).join('\n')}
  AWS and Kiro are available through the proxy ${cloud.proxyUrl}, which npm start configures.

Faults
  GET, POST or DELETE ${faults}`);

let ending = false;
const end = (): void => {
  // Ignore a second Ctrl+C, which must not interrupt the first one's cleanup.
  if (ending) return;
  ending = true;
  void Promise.all([cloud.close(), sandbox.close(), control.close()]);
};
process.on('SIGINT', end);
process.on('SIGTERM', end);

/** `--break scim-slash,no-s256`: a setup with these slips. */
function brokenByArguments(): readonly SwitchName[] {
  try {
    const { values } = parseArgs({ options: { break: { type: 'string', default: '' } } });
    return parseSwitches(values.break);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  }
}
