import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { findDesktop, startDesktop } from '../host/desktop.ts';
import type { Settings } from '../host/settingsFile.ts';
import { startVsCodeHost } from '../host/vscodeHost.ts';
import type { ChainDescription } from '../sandbox/chain.ts';
import { startCloud, type Cloud } from '../sandbox/cloud.ts';
import { parseSwitches, startBrokenChain } from '../sandbox/switches.ts';
import {
  brokenLines,
  cloudLines,
  peopleLines,
  setUpLines,
  terminalLines,
  txtRecordLines,
} from '../sandbox/tour.ts';
import { readPorts, writePorts, type Ports } from './lib/keptPorts.ts';
import { openInBrowser } from './lib/openInBrowser.ts';
import { packageExtension } from './lib/packageExtension.ts';
import { cacheFolder, vsixPath } from './lib/paths.ts';
import { proxySettings, sandboxSettings } from './lib/sandboxSettings.ts';
import { drawIn, startSlippedSandbox, typedLines } from './lib/slippedSandbox.ts';

/** A started resource; resources are disposed of in reverse order. */
interface Running {
  stop(): Promise<void>;
}

interface VsCode extends Running {
  /** Folder with the saved *View IdP metadata* file, which this VS Code opens in its file dialogs. */
  readonly metadataFile: string;
  /** Resolves when the user closes VS Code; never, if that cannot be detected. */
  readonly closed: Promise<unknown>;
}

const known = {
  'code-server': { type: 'boolean', default: false },
  /** Uses the last output of `npm run package`. */
  packed: { type: 'boolean', default: false },
  /** Names of setup slips for *Check SSO Setup* to find. */
  break: { type: 'string', default: '' },
  /** Number of random slips, as for `npm run sandbox`. */
  slips: { type: 'string' },
  seed: { type: 'string' },
  guide: { type: 'string' },
  tell: { type: 'boolean' },
  fixed: { type: 'string' },
} as const;
const options = parseOptions();

/** Keep the profile, so the next start finds its sign-ins and settings. */
const profiles = join(cacheFolder(), 'start');
const portsFile = join(profiles, 'ports.json');
const running: Running[] = [];
const asked = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
});

try {
  process.exitCode = await Promise.race([start(), asked.then(() => 0)]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  for (const one of running.reverse()) await one.stop();
}
// An interrupted step would otherwise keep the process alive.
process.exit();

function parseOptions() {
  try {
    return parseArgs({ options: known }).values;
  } catch (error) {
    const names = Object.keys(known).map((name) => `--${name}`);
    console.error(
      `${error instanceof Error ? error.message : String(error)}.\nOptions: ${names.join(', ')}.`,
    );
    return process.exit(1);
  }
}

async function start(): Promise<number> {
  const broken = parseSwitches(options.break);
  const exitCode = options.packed ? 0 : await packageQuietly();
  if (exitCode !== 0) return exitCode;
  const ports = readPorts(portsFile);
  const at = (port: number | undefined) => (port === undefined ? {} : { place: { port } });
  const places = {
    okta: at(ports['okta']),
    identityCenter: at(ports['identityCenter']),
    openIdConnect: at(ports['openIdConnect']),
  };
  const draw = drawIn(process.argv.slice(2));
  const slipped = draw === undefined ? undefined : await startSlippedSandbox(draw, places);
  const sandbox = slipped?.chain ?? (await startBrokenChain(broken, places));
  const cloud = slipped?.cloud ?? (await startCloud(sandbox));
  running.push(slipped === undefined ? { stop: () => sandbox.close() } : { stop: () => slipped.close() });
  if (slipped === undefined) running.push({ stop: () => cloud.close() });
  keepPorts({
    okta: Number(new URL(sandbox.okta.origin).port),
    identityCenter: Number(new URL(sandbox.identityCenter.origin).port),
    ...(sandbox.openIdConnect === undefined
      ? {}
      : { openIdConnect: Number(new URL(sandbox.openIdConnect.issuer).port) }),
  });
  const description = sandbox.describe();
  const vscode = await startVsCode(description, cloud);
  running.push(vscode);
  const told = [
    ...brokenLines(broken),
    ...howToSignIn(description),
    ...(slipped === undefined
      ? [...setUpLines(description, vscode.metadataFile), ...cloudLines(sandbox)]
      : [...typedLines(slipped.typed, vscode.metadataFile), '', ...slipped.lines]),
    ...txtRecordLines(draw?.guide),
  ];
  console.log(`\n${told.join('\n')}\n\nPress Ctrl+C to stop.`);
  await vscode.closed;
  return 0;
}

/** Packages the extension. Prints the tools' output, a list of files, only if one of them fails. */
async function packageQuietly(): Promise<number> {
  console.log('Building the extension …');
  let output = '';
  const exitCode = await packageExtension(undefined, { onOutput: (text) => void (output += text) });
  if (exitCode !== 0) process.stderr.write(output);
  return exitCode;
}

/** The next run tries the same ports, so that added connections and their secrets keep working. */
function keepPorts(ports: Ports): void {
  writePorts(portsFile, { ...readPorts(portsFile), ...ports });
}

async function startVsCode(description: ChainDescription, cloud: Cloud): Promise<VsCode> {
  const settings = (current: Settings): Settings => ({
    ...sandboxSettings(description)(current),
    ...proxySettings(cloud),
  });
  const cli = options['code-server'] ? undefined : findDesktop();
  if (cli) {
    console.log(`\nOpening your VS Code (${cli}) with a separate profile.`);
    const metadataFile = saveMetadata(join(profiles, 'desktop/workspace'), description);
    // A desktop VS Code rejects modules preloaded into Node.js.
    const { NODE_OPTIONS: _, ...env } = cloud.environment(join(profiles, 'desktop/cloud'));
    const desktop = await startDesktop({
      cli,
      env,
      profileFolder: join(profiles, 'desktop'),
      vsix: vsixPath,
      settings,
    });
    return { ...desktop, metadataFile };
  }
  const { codeServer } = readPorts(portsFile);
  const host = await startVsCodeHost({
    profileFolder: join(profiles, 'code-server'),
    vsix: [vsixPath],
    env: cloud.environment(join(profiles, 'code-server/cloud')),
    settings,
    ...(codeServer ? { port: codeServer } : {}),
  });
  keepPorts({ codeServer: host.port });
  const address = `${host.url}/?${new URLSearchParams({ folder: host.folders.workspaces })}`;
  const opened = openInBrowser(address);
  console.log(`\nVS Code is running${opened ? ' and opens in your browser' : ': open'}\n\n  ${address}`);
  const metadataFile = saveMetadata(host.folders.workspaces, description);
  return { metadataFile, stop: () => host.stop(), closed: new Promise(() => undefined) };
}

function saveMetadata(folder: string, { okta }: ChainDescription): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'metadata.xml');
  writeFileSync(file, okta.saml.metadataXml);
  return file;
}

function howToSignIn(description: ChainDescription): readonly string[] {
  return [
    'Select the item that ends in "Sign In" in the status bar, or press F1 and run "SSO: Sign In…". Pick a connection, and',
    'sign in as one of these users (username and password):',
    '',
    ...peopleLines(description),
    '',
    ...terminalLines(description),
    '',
    'One connection is an IAM Identity Center whose users sign in at Okta. "SSO: Check SSO Setup" asks for the values',
    'that its administrator copied from the two consoles, and for credentials to read Okta, AWS and Kiro:',
    '',
  ];
}
