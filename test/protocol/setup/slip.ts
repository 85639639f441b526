import type { CheckId, Reason } from '../../../src/setup/checks/index.ts';
import type { ResultState } from '../../../src/setup/checkResult.ts';
import type { SetupInputs } from '../../../src/setup/setupPorts.ts';
import type { ChainOptions } from '../../sandbox/chain.ts';
import type { ManagedResources } from '../../sandbox/okta/api/managementApi.ts';
import type { AwsResources } from '../../sandbox/identityCenter/awsApi/awsApi.ts';
import type { FaultRule } from '../../sandbox/faults.ts';
import type { KiroResources } from '../../sandbox/okta/kiroApi.ts';
import type { RunChanges, SetupWorld } from './setupWorld.ts';

/** One slip of an administrator, and the one check that must find it. */
export interface Slip {
  readonly slip: string;
  readonly check: CheckId;
  readonly reason: Reason;
  /** `fail` unless told. */
  readonly state?: ResultState;
  /** The sandbox as this administrator left it, where a running one cannot be changed to it. */
  readonly options?: ChainOptions;
  /** The redirect URIs of the OIDC application, from those that it should have. */
  readonly registered?: (redirectUris: readonly string[]) => readonly string[];
  /** Changes the running sandbox; what it returns takes that back. */
  readonly make?: (world: SetupWorld) => (() => unknown) | Promise<() => unknown>;
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
  ({ chain }: SetupWorld) => {
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
  ({ aws: { resources } }: SetupWorld) => {
    const before = structuredClone(resources);
    change(resources);
    return () => {
      Object.assign(resources, before);
    };
  };

/** What Kiro has otherwise, or answers. */
export const inKiro =
  (change: (resources: KiroResources) => void) =>
  ({ kiro: { resources } }: SetupWorld) => {
    const before = structuredClone(resources);
    change(resources);
    return () => {
      Object.assign(resources, before);
    };
  };

/** What goes wrong at an operation of the sandbox. */
export const fault =
  (rule: FaultRule) =>
  ({ chain }: SetupWorld) => {
    chain.faults.add(rule);
    return () => {
      chain.faults.clear();
    };
  };
