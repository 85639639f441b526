import { EventEmitter, l10n, workspace } from 'vscode';
import type { ProgramUse } from '../../features/diagnosticsData.ts';
import { checkTerminal } from '../../features/organizationPolicy.ts';
import { findSignInError } from '../../core/oauth/errors.ts';
import type { Session } from '../../core/session/session.ts';
import { forAwsCli } from '../../features/awsCli.ts';
import type { ChosenAwsAccount } from '../../features/awsProfile.ts';
import { answerTerminal, inTerminal, isInTerminal } from '../../features/terminalAccess.ts';
import type { Named } from '../../features/terminalChoice.ts';
import { exitCodes, terminalVariables } from '../../features/terminalProtocol.ts';
import type { TerminalResponse } from '../../features/terminalProtocol.ts';
import { parseTerminalRequest } from '../../features/terminalRequest.ts';
import type { ShellContext, TerminalControl } from '../context.ts';
import { joinSignIns } from './joinSignIns.ts';
import { signInForTerminal } from './signInForTerminal.ts';
import { askerText, lostAccessText, failureOf, renewedText } from './terminalMessages.ts';
import { awsAccountKey } from './terminalPorts.ts';
import type { TerminalPorts } from './terminalPorts.ts';
import { areTerminalsHere } from './whereTerminalsRun.ts';

type Socket = Awaited<ReturnType<TerminalPorts['open']>>;

const defaultKey = 'terminal.session';
const maxPrograms = 20;

/** Controls the access of terminal programs to this window. Listens only while something is shared. */
export class TerminalAccess implements TerminalControl, Disposable {
  readonly #context: ShellContext;
  readonly #ports: TerminalPorts;
  #socket: Socket | undefined;
  /** Closed sockets, kept until the window closes, since open terminals may know them. */
  readonly #ended: Socket[] = [];
  /** Currently shared. */
  #shared: readonly Named[] = [];
  /** Shared since the socket was opened, and so known to the terminals that use it. */
  readonly #everShared = new Map<string, Named>();
  /** The default of those terminals. */
  #byDefault: string | undefined;
  #updating: Promise<void> = Promise.resolve();
  #isDisposed = false;
  #awsProfile: string | undefined;
  #last: Promise<unknown> = Promise.resolve();
  readonly #joinSignIn = joinSignIns();
  readonly #uses = new Map<string, readonly ProgramUse[]>();
  readonly #used = new EventEmitter<void>();
  readonly #trust: { dispose(): unknown };
  readonly onDidUse = this.#used.event;

  constructor(context: ShellContext, ports: TerminalPorts) {
    this.#context = context;
    this.#ports = ports;
    this.#trust = workspace.onDidGrantWorkspaceTrust(() => void this.update());
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.#trust.dispose();
    this.#used.dispose();
    this.#socket?.[Symbol.dispose]();
    for (const one of this.#ended) one[Symbol.dispose]();
    if (this.#socket !== undefined) this.#forget();
  }

  get isOpen(): boolean {
    return this.#socket !== undefined;
  }

  get byDefault(): string | undefined {
    return this.isOpen ? this.#byDefault : this.#ports.workspaceMemento.get<string>(defaultKey);
  }

  async setDefault(id: string): Promise<void> {
    this.#byDefault = id;
    await this.#ports.workspaceMemento.update(defaultKey, id);
  }

  usesOf(id: string): readonly ProgramUse[] {
    return this.#uses.get(id) ?? [];
  }

  get awsAccount(): ChosenAwsAccount | undefined {
    return this.#ports.workspaceMemento.get<ChosenAwsAccount>(awsAccountKey);
  }

  async chooseAwsAccount(account: ChosenAwsAccount | undefined): Promise<void> {
    await this.#ports.workspaceMemento.update(awsAccountKey, account);
    await this.update();
  }

  inSequence<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Updates run one at a time. */
  update(): Promise<void> {
    this.#updating = this.#updating.then(async () => {
      try {
        await this.#updateOnce();
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
        this.#context.log.warn('The terminals cannot be given sign-ins', { code });
      }
    });
    return this.#updating;
  }

  async #updateOnce(): Promise<void> {
    const { sessions, terminals } = this.#context;
    const { sessions: all, unreadable = [] } = await sessions.list();
    const refusal = await this.#refusal();
    const read = refusal === undefined ? inTerminal(all, terminals.hostName) : [];
    const unread = this.#shared.filter(({ id }) => unreadable.some((one) => one.id === id));
    const shared = refusal === undefined ? [...read, ...unread] : [];
    if (shared.length === 0)
      this.#close(refusal === undefined || refusal === '' ? this.#endReason(all) : refusal);
    else if (this.#socket === undefined && !this.#isDisposed) await this.#open(shared);
    this.#shared = shared.map(({ id, account, connection }) => ({ id, account, connection }));
    for (const { id, account, connection } of this.#socket === undefined ? [] : shared)
      this.#everShared.set(id, { id, account, connection });
    if (!this.#isDisposed) await this.#setAwsProfile();
  }

  /** The reason why sharing has ended. */
  #endReason(all: readonly Session[]): string {
    const gone = this.#shared.filter(({ id }) => !all.some((one) => one.id === id));
    const [names, isSignedOut] = gone.length > 0 ? [gone, true] : [this.#shared, false];
    return lostAccessText(
      names.map(({ connection }) => connection.name),
      isSignedOut,
    );
  }

  /** Sets `AWS_PROFILE` to the chosen account's profile, while its session provides it. */
  async #setAwsProfile(): Promise<void> {
    const { sessions, terminals, editorEnvironment } = this.#context;
    const chosen = this.awsAccount;
    const all = chosen === undefined ? [] : (await sessions.list()).sessions;
    const session = all.find(({ id }) => id === chosen?.sessionId);
    const isServed =
      session !== undefined &&
      (forAwsCli(session)?.awsCli !== undefined ||
        (this.#socket !== undefined && isInTerminal(session, terminals.hostName)));
    const profile =
      isServed && workspace.isTrusted && areTerminalsHere(editorEnvironment) ? chosen?.profile : undefined;
    if (profile === this.#awsProfile) return;
    this.#awsProfile = profile;
    const variables = this.#ports.variables();
    variables.persistent = false;
    if (profile === undefined) variables.delete('AWS_PROFILE');
    else variables.replace('AWS_PROFILE', profile);
  }

  /** The reason why this window must not listen, empty without a terminal to tell it; undefined if it may. */
  async #refusal(): Promise<string | undefined> {
    const { organization, editorEnvironment } = this.#context;
    if (!workspace.isTrusted || !areTerminalsHere(editorEnvironment)) return '';
    try {
      checkTerminal(await organization());
      return undefined;
    } catch (error) {
      const known = findSignInError(error);
      if (known === undefined) throw error;
      return failureOf({ kind: 'failed', error: known }).message;
    }
  }

  async #open(shared: readonly Named[]): Promise<void> {
    const { path, variables: ofProgram } = await this.#ports.program();
    const socket = await this.#ports.open(({ request, program }, signal) =>
      this.#answer(request, program, signal),
    );
    if (this.#isDisposed) {
      socket[Symbol.dispose]();
      return;
    }
    const chosen = this.byDefault;
    const [only, ...others] = shared;
    this.#byDefault = shared.some(({ id }) => id === chosen)
      ? chosen
      : others.length === 0
        ? only?.id
        : undefined;
    this.#socket = socket;
    for (const one of this.#ended) one.end(renewedText());
    const variables = this.#ports.variables();
    variables.persistent = false; // The secret is not stored, and each window has its own.
    variables.description = l10n.t(
      'Lets `sso-token` get tokens for the sign-ins that you use in the terminal.',
    );
    const { socket: socketName, secret: secretName } = terminalVariables;
    const all = { ...ofProgram, [socketName]: socket.path, [secretName]: socket.secret };
    for (const [name, value] of Object.entries(all)) variables.replace(name, value);
    // A shell's start-up files may replace PATH.
    variables.prepend('PATH', path, { applyAtProcessCreation: true, applyAtShellIntegration: true });
    this.#context.log.info('Programs of the terminals can ask for tokens');
  }

  #close(why: string): void {
    if (this.#socket === undefined) return;
    this.#socket.end(why);
    this.#ended.push(this.#socket);
    this.#forget();
    this.#context.log.info('Programs of the terminals can no longer ask for tokens');
  }

  /** Starts over: new terminals use what is shared then. */
  #forget(): void {
    this.#socket = undefined;
    this.#everShared.clear();
    this.#byDefault = undefined;
    this.#ports.variables().clear();
    this.#awsProfile = undefined;
  }

  async #answer(sent: unknown, program: string | undefined, signal: AbortSignal): Promise<TerminalResponse> {
    const request = parseTerminalRequest(sent);
    if (request === undefined)
      return {
        failure: {
          exitCode: exitCodes.usage,
          message: l10n.t(
            'The editor doesn’t accept this request. Check its arguments, or open a new terminal.',
          ),
        },
      };
    const { sessions, organization, terminals, http } = this.#context;
    const ports = {
      sessions,
      organization,
      hostName: terminals.hostName,
      now: () => Date.now(),
      http,
      gitHosts: this.#ports.gitHosts,
      byDefault: () => this.byDefault,
      everShared: () => [...this.#everShared.values()],
      signIn: (session: Session, scopes: readonly string[], over: AbortSignal) =>
        this.#joinSignIn(session, scopes, over, (all) =>
          signInForTerminal(this.#context, { asker: askerText(program) })(session, scopes, all),
        ),
    };
    const outcome = await answerTerminal(ports, request, signal);
    if ('problem' in outcome) return { failure: failureOf(outcome.problem) };
    if ('list' in outcome) return outcome;
    const { session, ...answer } = outcome;
    this.#noteUse(session.id, program);
    return answer;
  }

  #noteUse(id: string, program: string | undefined): void {
    const before = this.usesOf(id);
    const count = (before.find((one) => one.program === program)?.count ?? 0) + 1;
    const others = before.filter((one) => one.program !== program).slice(0, maxPrograms - 1);
    this.#uses.set(id, [{ program, count, lastAt: Date.now() }, ...others]);
    this.#used.fire();
  }
}
