import { EventEmitter } from 'vscode';
import type { Event } from 'vscode';
import { isCancelled, SignInError } from '../../core/oauth/errors.ts';
import { withEarlierSignIns } from './earlierSignIns.ts';
import type { Check, CheckId } from '../../setup/checks/index.ts';
import { checksOf, checksToRepeat, isProven } from '../../setup/checks/index.ts';
import type { SecretField } from '../../setup/fields.ts';
import type { SetupGuideId, StepId } from '../../setup/setupGuides.ts';
import type { CheckResult } from '../../setup/checkResult.ts';
import { consoleUrlOf } from '../../setup/consolePages.ts';
import type { Connection } from '../../core/connection/connection.ts';
import { personChecks } from '../../setup/checks/personVerdict.ts';
import { runChecks } from '../../setup/checks/runChecks.ts';
import type { LastRun } from '../../setup/runChanges.ts';
import type { SetupInputs, SetupPorts, TestSignIn } from '../../setup/setupPorts.ts';
import { guideTitle } from './checkTexts.ts';

/** The state of a check within a run. */
export type CheckState =
  | { readonly state: 'waiting' }
  | { readonly state: 'running' }
  | { readonly state: 'done'; readonly result: CheckResult };

/** The input of a run. */
export interface SetupRunOptions {
  readonly document: SetupGuideId;
  /** Without the secrets, which are passed for one run at a time. */
  readonly inputs: SetupInputs;
  readonly ports: SetupPorts;
  readonly signIn: (signal: AbortSignal) => Promise<TestSignIn>;
  /** Display name of the subject, for the heading. */
  readonly subject: string;
  /** The previous run of the same subject. */
  readonly before?: LastRun;
  /** Those of the guide by default. */
  readonly checks?: readonly Check[];
}

/** Inputs for one run only: the secrets, and a confirmed host outside AWS for the SCIM token. */
export type SecretInputs = Pick<SetupInputs, SecretField | 'confirmedScimHost'>;

/** The checks of a guide and their results, as long as they are displayed. */
export class SetupRun implements Disposable {
  readonly document: SetupGuideId;
  readonly subject: string;
  readonly checks: readonly Check[];
  readonly #options: SetupRunOptions;
  readonly #states = new Map<CheckId, CheckState>();
  readonly #changed = new EventEmitter<CheckId | undefined>();
  #asked: SetupRun | undefined;
  #cancelled: AbortController | undefined;
  #finishedAt: number | undefined;
  readonly onDidChange: Event<CheckId | undefined> = this.#changed.event;

  constructor(options: SetupRunOptions) {
    this.#options = options;
    this.document = options.document;
    this.subject = options.subject;
    this.checks = options.checks ?? checksOf[options.document];
  }

  /** The previous run of the same subject. */
  get before(): LastRun | undefined {
    return this.#options.before;
  }

  /** The run for the last person whose access was checked, or this one. */
  get ofPerson(): SetupRun {
    return this.#asked ?? this;
  }

  /** Identifies guide and subject, as the key for stored data. */
  get key(): string {
    return `${this.document} ${this.subject}`;
  }

  /** The results so far. */
  get results(): ReadonlyMap<CheckId, CheckResult> {
    return new Map(
      this.checks.flatMap(({ id }) => {
        const result = this.resultOf(id);
        return result === undefined ? [] : [[id, result] as const];
      }),
    );
  }

  get isRunning(): boolean {
    return this.#cancelled?.signal.aborted === false;
  }

  /** The SCIM endpoint. */
  get scimEndpoint(): string | undefined {
    return this.#options.inputs.scimEndpoint;
  }

  /** The login of the person to look up, if given. */
  get person(): string | undefined {
    const login = this.#options.inputs.userName?.trim() ?? '';
    return login === '' ? undefined : login;
  }

  /** Whether Okta's API is read as a service app instead of with an API token. */
  get hasOktaServiceApp(): boolean {
    return (this.#options.inputs.oktaServiceClientId ?? '') !== '';
  }

  /** The console page where a check is fixed, if its address is known. */
  consoleUrlOf(check: Check): string | undefined {
    return consoleUrlOf(check, this.resultOf(check.id)?.reason, this.#options.inputs);
  }

  /** The connection that is checked, if given. */
  get connection(): Connection | undefined {
    const { oktaClient: okta, oidcClient: oidc, accessPortal: identityCenter } = this.#options.inputs;
    return okta ?? oidc ?? identityCenter;
  }

  /** The name of the checked connection, if any; its address if it was typed without a name. */
  get connectionName(): string | undefined {
    const name = this.connection?.name;
    return name === guideTitle(this.document) ? this.subject : name;
  }

  /** Time at which the checks finished, epoch milliseconds. */
  get finishedAt(): number | undefined {
    return this.#finishedAt;
  }

  stateOf(id: CheckId): CheckState {
    return this.#states.get(id) ?? { state: 'waiting' };
  }

  resultOf(id: CheckId): CheckResult | undefined {
    const state = this.stateOf(id);
    return state.state === 'done' ? state.result : undefined;
  }

  /** Whether other checks prove this manual one. */
  isProven(check: Check): boolean {
    return isProven(check, (id) => this.resultOf(id));
  }

  /** The first check that proves this manual one. */
  proofOf(check: Check): Check | undefined {
    const [first] = this.isProven(check) ? (check.provenBy ?? []) : [];
    return this.checks.find(({ id }) => id === first);
  }

  checksAt(step: StepId): readonly Check[] {
    return this.checks.filter((check) => check.step === step);
  }

  /** The number of results in each state. */
  counts(): Readonly<Record<CheckResult['state'], number>> {
    const counts = { pass: 0, warning: 0, fail: 0, inconclusive: 0 };
    for (const { id } of this.checks) {
      const result = this.resultOf(id);
      if (result !== undefined) counts[result.state] += 1;
    }
    return counts;
  }

  /** The checks that a repetition of one runs. */
  repetitionOf(id: CheckId): readonly Check[] {
    return checksToRepeat(this.checks, this.results, id);
  }

  /**
   * Runs checks, by default all; resolves when they are finished or canceled. A second call cancels the first.
   * `testSignIn`: whether to make a test sign-in.
   */
  async run(
    checks: readonly Check[],
    { testSignIn, ...inputs }: SecretInputs & { readonly testSignIn: 'no' | 'once' },
  ): Promise<void> {
    this.cancel();
    const cancelled = new AbortController();
    this.#cancelled = cancelled;
    for (const { id } of checks) this.#states.set(id, { state: 'waiting' });
    this.#changed.fire(undefined);
    try {
      await runChecks(
        {
          checks,
          inputs: { ...this.#options.inputs, ...inputs },
          progress: {
            started: (id) => {
              this.#set(id, { state: 'running' });
            },
            found: (id, result) => {
              this.#set(id, { state: 'done', result: withEarlierSignIns(id, result, this.before) });
            },
          },
        },
        { ...this.#options.ports, ...(testSignIn === 'once' ? { signIn: this.#options.signIn } : {}) },
        cancelled.signal,
      );
    } catch (error) {
      if (!isCancelled(error)) throw error;
    } finally {
      if (this.#cancelled === cancelled) {
        this.#cancelled = undefined;
        this.#finishedAt = this.#options.ports.clock.now();
        for (const { id } of checks) {
          if (this.stateOf(id).state === 'running') this.#states.set(id, { state: 'waiting' });
        }
      }
      this.#changed.fire(undefined);
    }
  }

  /** Runs the checks of a person's access in a separate run, {@link ofPerson}. */
  async checkPerson(login: string, secrets: SecretInputs): Promise<void> {
    this.#asked?.[Symbol.dispose]();
    const { before: _before, ...options } = this.#options;
    const asked = new SetupRun({
      ...options,
      inputs: { ...options.inputs, userName: login },
      checks: personChecks(this.document),
    });
    this.#asked = asked;
    asked.onDidChange(() => {
      this.#changed.fire(undefined);
    });
    await asked.run(asked.checks, { ...secrets, testSignIn: 'no' });
  }

  cancel(): void {
    this.#asked?.cancel();
    this.#cancelled?.abort(new SignInError('cancelled'));
  }

  [Symbol.dispose](): void {
    this.cancel();
    this.#asked?.[Symbol.dispose]();
    this.#changed.dispose();
  }

  #set(id: CheckId, state: CheckState): void {
    this.#states.set(id, state);
    this.#changed.fire(id);
  }
}
