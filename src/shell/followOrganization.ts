import { Disposable, window } from 'vscode';
import type { Log } from '../core/ports.ts';
import type { ShellContext } from './context.ts';
import type { policyWarnings, showPolicyWarning } from './policyMessages.ts';
import type { offerSignIn } from './signIn/offerSignIn.ts';

/** Watches the policy files; `check` checks once, when a change may have been missed. */
export type WatchPolicy = (
  listener: () => void,
) => globalThis.Disposable & { readonly check: () => Promise<void> };

/** The code that only a window under rules needs; loaded then. */
interface UnderRules {
  readonly policyWarnings: typeof policyWarnings;
  readonly showPolicyWarning: typeof showPolicyWarning;
  readonly offerSignIn: typeof offerSignIn;
}

/**
 * Applies the organization's rules from the start of a window: reports each problem of the files once, offers
 * the sign-in that the organization wants, and calls `changed` when the rules change.
 */
export function followOrganization(
  context: ShellContext,
  watchPolicy: WatchPolicy,
  changed: () => void,
  underRules: () => Promise<UnderRules>,
): Disposable {
  const alreadyShown = new Set<string>();
  let rulesBefore: string | undefined;
  const check = async (): Promise<void> => {
    const rules = await context.organization();
    const now = JSON.stringify(rules);
    if (rulesBefore !== undefined && now !== rulesBefore) changed();
    rulesBefore = now;
    if (rules.state === 'none' && rules.environment === undefined) return;
    const { policyWarnings: warningsOf, showPolicyWarning: show } = await underRules();
    for (const warning of warningsOf(rules)) {
      if (alreadyShown.has(warning.message)) continue;
      alreadyShown.add(warning.message);
      void show(warning);
    }
    await offer();
  };
  const offer = async (): Promise<void> => {
    const { policy } = await context.organization();
    if (policy.offerSignIn === true) await (await underRules()).offerSignIn(context);
  };
  const checkQuietly = (): void => void check().catch((error: unknown) => warn(context.log, error));
  const watching = watchPolicy(checkQuietly);
  const focus = window.onDidChangeWindowState(({ focused }) => {
    if (focused)
      void watching
        .check()
        .then(offer)
        .catch((error: unknown) => warn(context.log, error));
  });
  checkQuietly();
  return Disposable.from(focus, { dispose: () => watching[Symbol.dispose]() });
}

/** Logs a later failure; reading the rules reports its own. */
function warn(log: Log, error: unknown): void {
  log.warn('The rules of the organization could not be followed', {
    error: error instanceof Error ? error.name : '',
  });
}
