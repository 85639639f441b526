import type { CheckId, Reason } from '../../../src/setup/checks/index.ts';
import type { ResultState } from '../../../src/setup/checkResult.ts';
import type { SetupInputs } from '../../../src/setup/setupPorts.ts';
import type { ChainOptions } from '../../sandbox/chain.ts';
import type { ManagedResources } from '../../sandbox/okta/api/managementApi.ts';
import type { AwsResources } from '../../sandbox/identityCenter/awsApi/awsApi.ts';
import type { FaultRule } from '../../sandbox/faults.ts';
import type { KiroResources } from '../../sandbox/okta/kiroApi.ts';
import type { RunChanges, SetupWorld } from './setupWorld.ts';

/** The parts of a setup that a slip can change. */
export type SlippedWorld = Pick<SetupWorld, 'chain' | 'aws' | 'kiro' | 'names' | 'ports'>;

/** One slip of an administrator, and the one check that must find it. */
export interface Slip {
  readonly slip: string;
  readonly check: CheckId;
  readonly reason: Reason;
  /** `fail` by default. */
  readonly state?: ResultState;
  /** Other checks whose slips this one hides, because the server then says nothing about them. */
  readonly hides?: readonly CheckId[];
  /** The sandbox settings of this administrator, if a running one cannot be changed. */
  readonly options?: ChainOptions;
  /** Changes the redirect URIs of the OIDC application, given the correct ones. */
  readonly registered?: (redirectUris: readonly string[]) => readonly string[];
  /** Changes the running sandbox; returns a function that reverts it. */
  readonly make?: (world: SlippedWorld) => (() => unknown) | Promise<() => unknown>;
  /** The typed values, and the user who signs in. */
  readonly changes?: RunChanges;
}

/** Changes the typed values. */
export const typed = (change: (inputs: SetupInputs) => Partial<SetupInputs>): RunChanges => ({
  inputs: (inputs) => ({ ...inputs, ...change(inputs) }),
});

/** Changes the settings of Okta's administrator in Okta's API. */
export const inOkta =
  (change: (resources: ManagedResources) => void) =>
  ({ chain }: SlippedWorld) => {
    const { resources } = chain.okta.management;
    const before = structuredClone(resources);
    change(resources);
    return () => {
      Object.assign(resources, before);
    };
  };

/** Changes the settings of AWS's administrator in AWS's APIs. */
export const inAws =
  (change: (resources: AwsResources) => void) =>
  ({ aws: { resources } }: SlippedWorld) => {
    const before = structuredClone(resources);
    change(resources);
    return () => {
      Object.assign(resources, before);
    };
  };

/** Changes Kiro's data or responses. */
export const inKiro =
  (change: (resources: KiroResources) => void) =>
  ({ kiro: { resources } }: SlippedWorld) => {
    const before = structuredClone(resources);
    change(resources);
    return () => {
      Object.assign(resources, before);
    };
  };

type Metadata = Record<string, unknown>;
type MetadataChange = (document: Metadata) => Metadata;

/** Changes the metadata of a server; several slips are applied in sequence. */
export const inMetadata = (
  serverOf: (world: SlippedWorld) => { patchMetadata(patch: MetadataChange): void } | undefined,
) => {
  const made = new WeakMap<SlippedWorld, readonly MetadataChange[]>();
  const apply = (world: SlippedWorld, changes: readonly MetadataChange[]): void => {
    made.set(world, changes);
    serverOf(world)?.patchMetadata((document) => changes.reduce((told, change) => change(told), document));
  };
  return (change: MetadataChange) => (world: SlippedWorld) => {
    apply(world, [...(made.get(world) ?? []), change]);
    return () => {
      apply(
        world,
        (made.get(world) ?? []).filter((one) => one !== change),
      );
    };
  };
};

/** Adds a fault at an operation of the sandbox. */
export const fault =
  (rule: FaultRule) =>
  ({ chain }: SlippedWorld) => {
    chain.faults.add(rule);
    return () => {
      chain.faults.clear();
    };
  };
