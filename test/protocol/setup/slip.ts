import type { CheckId, Reason } from '../../../src/setup/checks/index.ts';
import type { ResultState } from '../../../src/setup/checkResult.ts';
import type { SetupInputs } from '../../../src/setup/setupPorts.ts';
import type { ChainOptions } from '../../sandbox/chain.ts';
import type { ManagedResources } from '../../sandbox/okta/api/managementApi.ts';
import type { AwsResources } from '../../sandbox/identityCenter/awsApi/awsApi.ts';
import type { FaultRule } from '../../sandbox/faults.ts';
import type { KiroResources } from '../../sandbox/okta/kiroApi.ts';
import type { RunChanges, SetupWorld } from './setupWorld.ts';

/** What a slip is made in. */
export type SlippedWorld = Pick<SetupWorld, 'chain' | 'aws' | 'kiro' | 'names' | 'ports'>;

/** One slip of an administrator, and the one check that must find it. */
export interface Slip {
  readonly slip: string;
  readonly check: CheckId;
  readonly reason: Reason;
  /** `fail` unless told. */
  readonly state?: ResultState;
  /** Other checks whose slips cannot be seen beside this one: the server tells nothing of them then. */
  readonly hides?: readonly CheckId[];
  /** The sandbox as this administrator left it, where a running one cannot be changed to it. */
  readonly options?: ChainOptions;
  /** The redirect URIs of the OIDC application, from those that it should have. */
  readonly registered?: (redirectUris: readonly string[]) => readonly string[];
  /** Changes the running sandbox; what it returns takes that back. */
  readonly make?: (world: SlippedWorld) => (() => unknown) | Promise<() => unknown>;
  /** What the administrator typed, and who signs in. */
  readonly changes?: RunChanges;
}

/** What the administrator typed otherwise. */
export const typed = (change: (inputs: SetupInputs) => Partial<SetupInputs>): RunChanges => ({
  inputs: (inputs) => ({ ...inputs, ...change(inputs) }),
});

/** What Okta's administrator has set otherwise, as Okta's API tells it. */
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

/** What AWS's administrator has otherwise, as AWS's own APIs tell it. */
export const inAws =
  (change: (resources: AwsResources) => void) =>
  ({ aws: { resources } }: SlippedWorld) => {
    const before = structuredClone(resources);
    change(resources);
    return () => {
      Object.assign(resources, before);
    };
  };

/** What Kiro has otherwise, or answers. */
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

/** Other metadata of a server; several slips in it are made one after the other. */
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

/** What goes wrong at an operation of the sandbox. */
export const fault =
  (rule: FaultRule) =>
  ({ chain }: SlippedWorld) => {
    chain.faults.add(rule);
    return () => {
      chain.faults.clear();
    };
  };
