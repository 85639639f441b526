import { l10n, QuickPickItemKind, Uri, window, workspace } from 'vscode';
import type { QuickPickItem } from 'vscode';
import * as v from 'valibot';
import { connectionKey, connectionSchema, normalConnection } from '../core/connection.ts';
import type { Connection } from '../core/connection.ts';
import { SignInError } from '../core/errors.ts';
import type { CheckId } from '../core/setup/check.ts';
import { checksOf } from '../core/setup/checks.ts';
import type { DocumentId } from '../core/setup/documents.ts';
import type { FindingState } from '../core/setup/finding.ts';
import type { SetupInputs, TestSignIn } from '../core/setup/setupPorts.ts';
import { confirmEndpoints } from './confirm.ts';
import type { ShellContext } from './context.ts';
import type { Answers } from './setupFields.ts';
import { askScimToken, askWish } from './setupQuestions.ts';
import { SetupRun } from './setupRun.ts';
import { documentTitle } from './setupTitles.ts';
import { SetupView } from './setupView.ts';
import { sayError } from './signInCommands.ts';

/** What `developerSignIn.checkSetup` resolves to, when the checks are through; undefined when they were called off. */
export interface SetupResult {
  readonly document: DocumentId;
  readonly findings: Readonly<Partial<Record<CheckId, FindingState>>>;
}

const argumentsSchema = v.object({ connection: v.exactOptional(v.union([connectionSchema, v.string()])) });

/** *Check set-up*, from the questions to the view that shows what was found. One in a window. */
export class SetupChecks implements Disposable {
  readonly #context: ShellContext;
  readonly #view: SetupView;

  constructor(context: ShellContext) {
    this.#context = context;
    this.#view = new SetupView(context.memento, {
      edit: () => this.check(undefined),
      repeat: (run, id) => this.#repeat(run, id),
    });
  }

  [Symbol.dispose](): void {
    this.#view[Symbol.dispose]();
  }

  /** Asks what is to be checked, and checks it. What went wrong on the way is said on the screen. */
  async check(given: unknown): Promise<SetupResult | undefined> {
    try {
      return await this.#check(given);
    } catch (error) {
      await sayError(error);
      return undefined;
    }
  }

  async #check(given: unknown): Promise<SetupResult> {
    const context = this.#context;
    const { document, connection: chosen } = await this.#chooseSubject(given);
    const count = checksOf[document].filter((check) => check.run !== undefined).length;
    const wish = await askWish(context.memento, document, answersOf(chosen), count);
    const { scimToken, ...answers } = wish.answers;
    const connection = connectionOf(document, answers, chosen);
    if (connection !== undefined) await confirmEndpoints(context, connection);
    const metadataXml = await readMetadata(answers.metadataFile);
    const run = await this.#createRun(document, connection, {
      ...answers,
      ...(metadataXml === undefined ? {} : { metadataXml }),
    });
    await this.#view.show(run);
    await this.#view.whileRunning(
      run.run(run.checks, {
        testSignIn: wish.testSignIn && connection !== undefined ? 'once' : 'no',
        ...(scimToken === undefined || scimToken === '' ? {} : { scimToken }),
      }),
    );
    return resultOf(run);
  }

  async #createRun(
    document: DocumentId,
    connection: Connection | undefined,
    inputs: SetupInputs,
  ): Promise<SetupRun> {
    const context = this.#context;
    const { clock, ssoOidcAt, templates } = context.findRegionPorts();
    const redirectPorts =
      (connection?.type === 'okta' ? connection.redirectPorts : undefined) ??
      context.settings().redirectPorts;
    return new SetupRun({
      document,
      subject:
        connection === undefined
          ? documentTitle(document)
          : connection.type === 'okta'
            ? `${connection.issuer} (${connection.clientId})`
            : `${connection.startUrl} (${connection.region})`,
      inputs: {
        ...inputs,
        ...(connection === undefined
          ? {}
          : connection.type === 'okta'
            ? { okta: connection }
            : { identityCenter: connection }),
      },
      ports: {
        clock,
        ssoOidcAt,
        endpoints: templates,
        http: context.http,
        redirectPorts,
        ...(await context.setupAdapters()),
      },
      signIn: (signal) => this.#signIn(connection, signal),
    });
  }

  /** A sign-in like any other: its session stays, and can be signed out. */
  async #signIn(connection: Connection | undefined, signal: AbortSignal): Promise<TestSignIn> {
    if (connection === undefined) throw new SignInError('signInNeeded', { operation: 'testSignIn' });
    const { sessions, signIns } = this.#context;
    const { id, account, tokenSet } = await signIns.run(connection, {}, signal);
    return {
      accountLabel: account.label,
      tokenSet,
      fresh: async (over) => (await sessions.fresh(id, over)).tokenSet,
      renew: async (over) => (await sessions.refresh(id, over)).tokenSet,
    };
  }

  /** One check again, with what it depends on and what it had blocked. */
  async #repeat(run: SetupRun, id: CheckId): Promise<void> {
    try {
      const checks = run.repetitionOf(id);
      const needsToken = checks.some(({ needs }) => needs.includes('scimToken'));
      const scimToken = needsToken ? await askScimToken(run.document) : undefined;
      const isSignIn = run.checks.find((check) => check.id === id)?.needs.includes('testSignIn') === true;
      const isAgain = run.checks.find((check) => check.id === id)?.waitsForPerson === true;
      await this.#view.whileRunning(
        run.run(checks, {
          testSignIn: isAgain ? 'again' : isSignIn ? 'once' : 'no',
          ...(scimToken === undefined ? {} : { scimToken }),
        }),
      );
    } catch (error) {
      await sayError(error);
    }
  }

  /**
   * Which document, and which connection: from the arguments, where one that is not configured is confirmed, since a link
   * in a document can carry a command; or chosen.
   */
  async #chooseSubject(
    given: unknown,
  ): Promise<{ readonly document: DocumentId; readonly connection?: Connection }> {
    const parsed = v.safeParse(argumentsSchema, given ?? {});
    if (!parsed.success) {
      const input = v.getDotPath(parsed.issues[0]) ?? 'arguments';
      throw new SignInError('invalidInput', { operation: 'arguments', input });
    }
    const { connection } = parsed.output;
    const configured = this.#context.connections();
    if (typeof connection === 'string') {
      const known = configured.find(({ name }) => name === connection);
      if (known === undefined)
        throw new SignInError('invalidInput', { operation: 'connection', input: connection.slice(0, 100) });
      return { document: documentOf(known.type), connection: known };
    }
    if (connection !== undefined) {
      const normal = normalConnection(connection);
      const isKnown = configured.some((known) => connectionKey(known) === connectionKey(normal));
      if (!isKnown) await confirmSubject(normal);
      return { document: documentOf(normal.type), connection: normal };
    }
    return pickSubject(configured);
  }
}

interface Subject extends QuickPickItem {
  readonly document?: DocumentId;
  readonly connection?: Connection;
}

async function pickSubject(
  configured: readonly Connection[],
): Promise<{ readonly document: DocumentId; readonly connection?: Connection }> {
  const items = (['kiro', 'identityCenter'] as const).flatMap((document): Subject[] => [
    { label: documentTitle(document), kind: QuickPickItemKind.Separator },
    ...configured
      .filter(({ type }) => documentOf(type) === document)
      .map((connection) => ({
        label: connection.name,
        description:
          connection.type === 'okta' ? connection.issuer : `${connection.startUrl} (${connection.region})`,
        document,
        connection,
      })),
    {
      label:
        document === 'kiro'
          ? `$(add) ${l10n.t('Another Okta authorization server…')}`
          : `$(add) ${l10n.t('Another IAM Identity Center…')}`,
      document,
    },
  ]);
  const chosen = await window.showQuickPick(items, {
    title: l10n.t('Check set-up'),
    placeHolder: l10n.t('Which set-up do you want to check? Nothing is changed anywhere'),
    ignoreFocusOut: true,
  });
  if (chosen?.document === undefined) throw new SignInError('cancelled');
  const { document, connection } = chosen;
  return { document, ...(connection === undefined ? {} : { connection }) };
}

async function confirmSubject(connection: Connection): Promise<void> {
  const yes = l10n.t('Check it');
  const where =
    connection.type === 'okta'
      ? [l10n.t('Okta issuer: {0}', connection.issuer), l10n.t('Client id: {0}', connection.clientId)]
      : [l10n.t('Start URL: {0}', connection.startUrl), l10n.t('Region: {0}', connection.region)];
  const chosen = await window.showWarningMessage(
    l10n.t('Check the set-up of a connection that is not in your settings?'),
    { modal: true, detail: where.join('\n') },
    yes,
  );
  if (chosen !== yes) throw new SignInError('cancelled');
}

function documentOf(type: Connection['type']): DocumentId {
  return type === 'okta' ? 'kiro' : 'identityCenter';
}

function answersOf(connection: Connection | undefined): Answers {
  if (connection === undefined) return {};
  return connection.type === 'okta'
    ? { issuer: connection.issuer, clientId: connection.clientId }
    : { startUrl: connection.startUrl, region: connection.region };
}

/** The connection that the answers name, with the scopes and ports of the configured one where it is that. */
function connectionOf(
  document: DocumentId,
  { issuer = '', clientId = '', startUrl = '', region = '' }: Answers,
  chosen: Connection | undefined,
): Connection | undefined {
  const isGiven = document === 'kiro' ? issuer !== '' && clientId !== '' : startUrl !== '' && region !== '';
  if (!isGiven) return undefined;
  const name = documentTitle(document);
  const typed = normalConnection(
    document === 'kiro'
      ? { type: 'okta', name, issuer, clientId }
      : { type: 'identityCenter', name, startUrl, region },
  );
  const isChosen = chosen !== undefined && connectionKey(chosen) === connectionKey(typed);
  return isChosen ? chosen : typed;
}

/** SAML metadata is small; what is larger is none, and is not read. */
const longestFile = 1024 * 1024;

async function readMetadata(file: string | undefined): Promise<string | undefined> {
  if (file === undefined || file === '') return undefined;
  const uri = Uri.parse(file);
  try {
    const { size } = await workspace.fs.stat(uri);
    if (size > longestFile) return '<';
    return new TextDecoder().decode(await workspace.fs.readFile(uri));
  } catch (error) {
    throw new SignInError(
      'storage',
      { operation: 'metadataFile', reason: 'unreadable', input: uri.path },
      error,
    );
  }
}

function resultOf(run: SetupRun): SetupResult {
  const findings = run.checks.flatMap(({ id }) => {
    const finding = run.findingOf(id);
    return finding === undefined ? [] : [[id, finding.state] as const];
  });
  return { document: run.document, findings: Object.fromEntries(findings) };
}
