import { EventEmitter, l10n, workspace } from 'vscode';
import type { ProgramUse } from '../../features/diagnosticsData.ts';
import { canUseInTerminal } from '../../features/organizationPolicy.ts';
import { forAwsCli } from '../../features/awsCli.ts';
import type { ChosenAwsAccount } from '../../features/awsProfile.ts';
import { answerTerminal, inTerminal, isInTerminal } from '../../features/terminalAccess.ts';
import { exitCodes, terminalVariables } from '../../features/terminalProtocol.ts';
import type { TerminalAnswer } from '../../features/terminalProtocol.ts';
import { parseTerminalRequest } from '../../features/terminalRequest.ts';
import type { ShellContext, TerminalControl } from '../context.ts';
import { signInForTerminal } from './signInForTerminal.ts';
import { failureOf } from './terminalMessages.ts';
import { awsAccountKey } from './terminals.ts';
import type { TerminalPorts } from './terminalPorts.ts';
import { areTerminalsHere } from './whereTerminalsRun.ts';

type Socket = Awaited<ReturnType<TerminalPorts['open']>>;

const chosenKey = 'terminal.session';
const mostPrograms = 20;

/** Opens and closes this window to the programs of its terminals. Nothing listens while nothing is shared. */
export class TerminalAccess implements TerminalControl, Disposable {
  readonly #context: ShellContext;
  readonly #ports: TerminalPorts;
  #socket: Socket | undefined;
  #updating: Promise<void> = Promise.resolve();
  #isDisposed = false;
  #awsProfile: string | undefined;
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
    this.#close();
  }

  get isOpen(): boolean {
    return this.#socket !== undefined;
  }

  get chosen(): string | undefined {
    return this.#ports.workspaceMemento.get<string>(chosenKey);
  }

  async choose(id: string | undefined): Promise<void> {
    await this.#ports.workspaceMemento.update(chosenKey, id);
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

  /** One update at a time. */
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
    const isWanted = await this.#isWanted();
    if (!isWanted) this.#close();
    else if (this.#socket === undefined && !this.#isDisposed) await this.#open();
    if (!this.#isDisposed) await this.#setAwsProfile();
  }

  /** `AWS_PROFILE` leads to the account that was chosen, as long as its session serves it. */
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

  async #isWanted(): Promise<boolean> {
    const { sessions, organization, editorEnvironment } = this.#context;
    if (!workspace.isTrusted || !areTerminalsHere(editorEnvironment)) return false;
    if (inTerminal((await sessions.list()).sessions, this.#context.terminals.hostName).length === 0)
      return false;
    return canUseInTerminal(await organization());
  }

  async #open(): Promise<void> {
    const { path, variables: ofProgram } = await this.#ports.program();
    const socket = await this.#ports.open(({ request, program }, signal) =>
      this.#answer(request, program, signal),
    );
    if (this.#isDisposed) {
      socket[Symbol.dispose]();
      return;
    }
    this.#socket = socket;
    const variables = this.#ports.variables();
    variables.persistent = false; // The secret is written nowhere, and the next window has another one.
    variables.description = l10n.t(
      'Lets `sso-token` get tokens for the sign-ins that you use in the terminal.',
    );
    const { socket: socketName, secret: secretName } = terminalVariables;
    const all = { ...ofProgram, [socketName]: socket.path, [secretName]: socket.secret };
    for (const [name, value] of Object.entries(all)) variables.replace(name, value);
    // A shell's own start-up files may have made PATH anew.
    variables.prepend('PATH', path, { applyAtProcessCreation: true, applyAtShellIntegration: true });
    this.#context.log.info('Programs of the terminals can ask for tokens');
  }

  #close(): void {
    if (this.#socket === undefined) return;
    this.#socket[Symbol.dispose]();
    this.#socket = undefined;
    this.#ports.variables().clear();
    this.#awsProfile = undefined;
    this.#context.log.info('Programs of the terminals can no longer ask for tokens');
  }

  async #answer(sent: unknown, program: string | undefined, signal: AbortSignal): Promise<TerminalAnswer> {
    const request = parseTerminalRequest(sent);
    if (request === undefined)
      return {
        failure: {
          exitCode: exitCodes.usage,
          message: l10n.t('The editor doesn’t recognize this request. Open a new terminal and try again.'),
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
      chosen: () => this.chosen,
      signIn: signInForTerminal(this.#context),
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
    const others = before.filter((one) => one.program !== program).slice(0, mostPrograms - 1);
    this.#uses.set(id, [{ program, count, lastAt: Date.now() }, ...others]);
    this.#used.fire();
  }
}
