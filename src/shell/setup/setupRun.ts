import { EventEmitter } from 'vscode';
import type { Event } from 'vscode';
import { isCancelled, SignInError } from '../../core/oauth/errors.ts';
import type { Check, CheckId } from '../../setup/checks/index.ts';
import { checksOf, checksToRepeat, isProven } from '../../setup/checks/index.ts';
import type { SecretField } from '../../setup/fields.ts';
import type { SetupGuideId, StepId } from '../../setup/setupGuides.ts';
import type { CheckResult } from '../../setup/checkResult.ts';
import { consoleUrl } from '../../setup/consolePages.ts';
import type { Connection } from '../../core/connection/connection.ts';
import { personChecks } from '../../setup/checks/personVerdict.ts';
import { runChecks } from '../../setup/checks/runChecks.ts';
import type { LastRun } from '../../setup/runChanges.ts';
import type { SetupInputs, SetupPorts, TestSignIn } from '../../setup/setupPorts.ts';

/** Where a check stands. */
export type CheckState =
  | { readonly state: 'waiting' }
  | { readonly state: 'running' }
  | { readonly state: 'done'; readonly finding: CheckResult };

/** What a run is made from. */
export interface SetupRunOptions {
  readonly document: SetupGuideId;
  /** Without the secrets, which are handed over for one time at a time. */
  readonly inputs: SetupInputs;
  readonly ports: SetupPorts;
  readonly signIn: (signal: AbortSignal) => Promise<TestSignIn>;
  /** Where the sign-in goes, or what is checked, for the heading. */
  readonly subject: string;
  /** How the checks of the same subject ended the last time. */
  readonly before?: LastRun;
  /** Those of the guide, unless told. */
  readonly checks?: readonly Check[];
}

/** What is handed over for one run: the secrets, and the host the SCIM token may be sent to where that is not AWS's. */
export type SecretInputs = Pick<SetupInputs, SecretField | 'confirmedScimHost'>;

/** The checks of one document and what they found, as long as they are shown. */
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

  /** How the checks of the same subject ended the last time. */
  get before(): LastRun | undefined {
    return this.#options.before;
  }

  /** The run of the person who was asked for last, or this one. */
  get ofPerson(): SetupRun {
    return this.#asked ?? this;
  }

  /** Which guide, and where the sign-in goes: what is remembered of the subject stands under it. */
  get key(): string {
    return `${this.document} ${this.subject}`;
  }

  /** What was found so far. */
  get findings(): ReadonlyMap<CheckId, CheckResult> {
    return new Map(
      this.checks.flatMap(({ id }) => {
        const finding = this.findingOf(id);
        return finding === undefined ? [] : [[id, finding] as const];
      }),
    );
  }

  get isRunning(): boolean {
    return this.#cancelled?.signal.aborted === false;
  }

  /** Where the SCIM token would be sent. */
  get scimEndpoint(): string | undefined {
    return this.#options.inputs.scimEndpoint;
  }

  /** The login of the person who is looked up, where one is given. */
  get person(): string | undefined {
    const login = this.#options.inputs.userName?.trim() ?? '';
    return login === '' ? undefined : login;
  }

  /** Whether Okta's API is read as a service app, and not with an API token. */
  get hasOktaServiceApp(): boolean {
    return (this.#options.inputs.oktaServiceClientId ?? '') !== '';
  }

  /** The page of the console where a check is put right, where its address is known. */
  consoleUrlOf({ page }: Check): string | undefined {
    return page === undefined ? undefined : consoleUrl(page, this.#options.inputs);
  }

  /** Where the sign-in goes, where that was given. */
  get connection(): Connection | undefined {
    const { okta, oidc, identityCenter } = this.#options.inputs;
    return okta ?? oidc ?? identityCenter;
  }

  /** The name of the connection that is checked, where there is one. */
  get connectionName(): string | undefined {
    return this.connection?.name;
  }

  /** When the checks were through, epoch milliseconds. */
  get finishedAt(): number | undefined {
    return this.#finishedAt;
  }

  stateOf(id: CheckId): CheckState {
    return this.#states.get(id) ?? { state: 'waiting' };
  }

  findingOf(id: CheckId): CheckResult | undefined {
    const state = this.stateOf(id);
    return state.state === 'done' ? state.finding : undefined;
  }

  /** Whether checks have shown what this line of the checklist is about. */
  isProven(check: Check): boolean {
    return isProven(check, (id) => this.findingOf(id));
  }

  /** The check that has shown, the first where there are several, what this line of the checklist is about. */
  proofOf(check: Check): Check | undefined {
    const [first] = this.isProven(check) ? (check.provenBy ?? []) : [];
    return this.checks.find(({ id }) => id === first);
  }

  checksAt(step: StepId): readonly Check[] {
    return this.checks.filter((check) => check.step === step);
  }

  /** How many findings there are of each state. */
  counts(): Readonly<Record<CheckResult['state'], number>> {
    const counts = { pass: 0, warning: 0, fail: 0, inconclusive: 0 };
    for (const { id } of this.checks) {
      const finding = this.findingOf(id);
      if (finding !== undefined) counts[finding.state] += 1;
    }
    return counts;
  }

  /** What a repetition of a check runs. */
  repetitionOf(id: CheckId): readonly Check[] {
    return checksToRepeat(this.checks, this.findings, id);
  }

  /**
   * Runs checks, all unless told; resolves when they are through or cancelled. One run at a time: a second call ends the
   * first. `testSignIn`: whether a person is there to sign in.
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
            found: (id, finding) => {
              this.#set(id, { state: 'done', finding });
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

  /**
   * Runs the checks that tell whether a person has access. They are a run of their own, {@link ofPerson}, beside what was found of
   * the setup.
   */
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
