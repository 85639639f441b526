import { createSsoOidcAt } from '../../../src/adapters/node/awsSsoOidc.ts';
import { openAws } from '../../../src/adapters/node/awsSigner.ts';
import { createBoundedFetch } from '../../../src/adapters/node/boundedFetch.ts';
import { takenPorts } from '../../../src/adapters/node/takenPorts.ts';
import { isSameOrganization } from '../../../src/adapters/node/publicSuffixes.ts';
import { readSamlMetadata } from '../../../src/adapters/node/samlMetadata.ts';
import { readSamlResponse } from '../../../src/adapters/node/samlResponse.ts';
import { signJwt } from '../../../src/adapters/node/signedJwt.ts';
import { createTxtLookups } from '../../../src/adapters/node/txtRecords.ts';
import type { Connection } from '../../../src/core/connection/connection.ts';
import type { HttpFetch } from '../../../src/core/ports.ts';
import type { UserInteraction } from '../../../src/core/oauth/userInteraction.ts';
import type { CheckId } from '../../../src/setup/checks/index.ts';
import { checksOf } from '../../../src/setup/checks/index.ts';
import type { SetupGuideId } from '../../../src/setup/setupGuides.ts';
import type { CheckResult } from '../../../src/setup/checkResult.ts';
import { runChecks } from '../../../src/setup/checks/runChecks.ts';
import { testSignInOf } from '../../../src/setup/testSession.ts';
import type { SetupInputs, SetupPorts } from '../../../src/setup/setupPorts.ts';
import type { Chain, ChainOptions } from '../../sandbox/chain.ts';
import { startChain } from '../../sandbox/chain.ts';
import { createAwsApi } from '../../sandbox/identityCenter/awsApi/awsApi.ts';
import { createKiroApi } from '../../sandbox/okta/kiroApi.ts';
import type { KiroApi } from '../../sandbox/okta/kiroApi.ts';
import type { AwsApi } from '../../sandbox/identityCenter/awsApi/awsApi.ts';
import { startNameServer } from '../../sandbox/dns.ts';
import type { NameServer } from '../../sandbox/dns.ts';
import { headless } from '../headless.ts';
import { ana, approving, personWho, signingInAtOkta } from '../people.ts';
import { freePorts } from '../../unit/fakes/ports.ts';
import { noSignal } from '../scene.ts';
import { secretsWithKey } from '../secretStores.ts';
import { createSecretsOfRun } from '../secretsOfRun.ts';
import { createTestClock, whileTimeFlies } from '../testClock.ts';

const secretNames = ['scimToken', 'oktaApiToken', 'oktaServiceKey', 'samlResponse'] as const;

export const domain = 'example.com';
export const verificationToken = 'kiro-verification-7d1f0c3b9a';

/** Overrides for a run of the checks; defaults describe a correct setup. */
export interface RunChanges {
  readonly inputs?: (inputs: SetupInputs) => SetupInputs;
  readonly ports?: (ports: SetupPorts) => SetupPorts;
  readonly http?: (http: HttpFetch) => HttpFetch;
  /** Simulates the time that a user needs; polling waits for it. */
  readonly personDone?: Promise<unknown>;
  /** Cancels the run. */
  readonly signal?: AbortSignal;
  /** The user of the test sign-in, Ana by default. */
  readonly person?: (chain: Chain) => UserInteraction;
}

/** A complete chain, and checks that use the product's own adapters. */
export interface SetupWorld {
  readonly chain: Chain;
  readonly aws: AwsApi;
  readonly kiro: KiroApi;
  readonly names: NameServer;
  readonly ports: readonly number[];
  /** Runs the checks of a guide; fails if a result contains a secret. */
  run(document: SetupGuideId, changes?: RunChanges): Promise<ReadonlyMap<CheckId, CheckResult>>;
  close(): Promise<void>;
}

export async function openSetupWorld(
  options: ChainOptions = {},
  registered = (redirectUris: readonly string[]): readonly string[] => redirectUris,
): Promise<SetupWorld> {
  const clock = createTestClock();
  const ports = await freePorts(10);
  const redirectUris = registered(ports.map((port) => `http://localhost:${port}/oauth/callback`));
  const chain = await startChain({
    now: () => clock.now(),
    ...options,
    okta: { redirectUris, ownRedirectUris: true, now: Date.now, ...options.okta },
    openIdConnect: { registeredPorts: ports, ...options.openIdConnect },
  });
  chain.requestLog.clear();
  const aws = createAwsApi(chain.federated, () => clock.now());
  const { issuer, clientId } = chain.describe().okta;
  const kiro = createKiroApi(domain, issuer, clientId);
  // One keyring for all runs, because creating a key is slow.
  const keyring = secretsWithKey();
  const names = await startNameServer();
  names.zones.add(domain);
  names.records.set(domain, ['v=spf1 -all', verificationToken]);

  const run = async (
    document: SetupGuideId,
    changes: RunChanges = {},
  ): Promise<ReadonlyMap<CheckId, CheckResult>> => {
    const secrets = createSecretsOfRun();
    const withAws: typeof fetch = async (input, init) => {
      const request = new Request(input, init);
      const url = new URL(request.url);
      if (kiro.isAt(url)) return kiro.respond(request);
      return aws.isAt(url) ? aws.respond(request) : secrets.fetch(input, init);
    };
    const plain = createBoundedFetch(
      () => withAws,
      () => clock.now(),
    );
    const http = changes.http?.(plain) ?? plain;
    using window = headless(chain, { clock, http: () => http, secrets: keyring });
    const given = await inputsFor(chain, document);
    const inputs = changes.inputs?.(given) ?? given;
    const connection: Connection | undefined = inputs.oktaClient ?? inputs.oidcClient ?? inputs.accessPortal;
    const { endpoint, portalEndpoint } = chain.describe().identityCenter;
    const base: SetupPorts = {
      clock,
      http,
      isSameOrganization,
      ssoOidcAt: createSsoOidcAt(http),
      endpoints: { oidc: endpoint, portal: portalEndpoint },
      beginsWithDeviceCode: false,
      redirectPorts: ports,
      loopbackPorts: takenPorts,
      txtLookups: createTxtLookups({
        servers: [names.address],
        namePort: Number(names.address.split(':')[1]),
      }),
      readSamlMetadata,
      readSamlResponse,
      signJwt,
      openAws: (profile) => openAws(profile, async () => aws.credentials),
      signIn: async (signal) => {
        if (connection === undefined) throw new Error('There is nothing to sign in to.');
        const usual = { okta: signingInAtOkta, oidc: signingInAtOpenId, identityCenter: approving };
        const person = changes.person?.(chain) ?? usual[connection.type](chain, ana);
        const { sessions } = window;
        const session = await sessions.signIn(connection, {}, person, signal);
        return testSignInOf(sessions, session, { accountLabel: session.account.label }, false);
      },
    };
    const progress = { started: () => undefined, found: () => undefined };
    const running = runChecks(
      { checks: checksOf[document], inputs, progress },
      changes.ports?.(base) ?? base,
      changes.signal ?? noSignal,
    );
    if (changes.personDone !== undefined)
      await Promise.race([running, whileTimeFlies(clock, changes.personDone, 1000)]);
    // Requests before the browser opens have their own three-second timeout.
    const results = await whileTimeFlies(clock, running, connection?.type === 'oidc' ? 1000 : undefined);
    const said = JSON.stringify([...results.values()].map(({ evidence, reason }) => ({ evidence, reason })));
    const leaked = [
      ...secrets.foundIn(said),
      ...secretNames.filter((name) => (inputs[name] ?? '') !== '' && said.includes(inputs[name] ?? '')),
      ...Object.entries(aws.credentials).flatMap(([name, value]) => (said.includes(value) ? [name] : [])),
    ];
    if (leaked.length > 0) throw new Error(`Secrets in the results: ${leaked.join(', ')}`);
    return results;
  };
  return {
    chain,
    aws,
    kiro,
    names,
    ports,
    run,
    close: async () => {
      await Promise.all([chain.close(), names.close()]);
    },
  };
}

function signingInAtOpenId({ openIdConnect }: Chain, username: string): UserInteraction {
  return personWho(async ({ url }) => {
    const { location } = (await openIdConnect?.authorize(url, username)) ?? {};
    if (location !== undefined) await fetch(location);
  });
}

/** The values that an administrator copies from the consoles of a correct setup. */
export async function inputsFor(chain: Chain, document: SetupGuideId): Promise<SetupInputs> {
  const { okta, identityCenter, openIdConnect, groups } = chain.describe();
  if (document === 'openIdConnect') {
    const { issuer = '', clientId = '' } = openIdConnect ?? {};
    return { oidcClient: { type: 'oidc', name: 'Sandbox', issuer, clientId } };
  }
  const { federated, protectedUrl } = identityCenter;
  const provisioning = {
    scimEndpoint: federated.scim.endpoint,
    scimToken: federated.scim.token,
    userName: ana,
    groupName: groups[0]?.displayName ?? '',
    oktaApiToken: chain.okta.management.token,
  };
  if (document === 'kiro') {
    return {
      oktaClient: { type: 'okta', name: 'Sandbox', issuer: okta.issuer, clientId: okta.clientId },
      ...provisioning,
      domain,
      verificationToken,
      kiroRegion: 'us-east-1',
      serviceUrl: okta.protectedUrl,
    };
  }
  const { startUrl, region, saml } = federated;
  return {
    accessPortal: { type: 'identityCenter', name: 'Sandbox', startUrl, region },
    metadataXml: okta.saml.metadataXml,
    acsUrl: saml.acsUrl,
    samlIssuerUrl: saml.issuerUrl,
    samlResponse: await chain.samlApplication.respond({ username: ana }),
    ...provisioning,
    awsProfile: 'admin',
    kiroRegion: 'us-east-1',
    serviceUrl: protectedUrl,
  };
}
