import { l10n, Uri, workspace } from 'vscode';
import { typeOf } from '../../core/connection/connection.ts';
import type { Connection } from '../../core/connection/connection.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import { providerOf } from '../providers/index.ts';
import { decodeXml } from '../../input/decodedText.ts';
import { scimHostToConfirm } from '../../setup/addresses.ts';
import { secretFields } from '../../setup/fields.ts';
import type { SecretField } from '../../setup/fields.ts';
import type { Check, CheckId } from '../../setup/checks/index.ts';
import { personChecks } from '../../setup/checks/personVerdict.ts';
import { checksOf } from '../../setup/checks/index.ts';
import type { SetupGuideId } from '../../setup/setupGuides.ts';
import type { ResultState } from '../../setup/checkResult.ts';
import type { InputName, SetupInputs, TestSignIn } from '../../setup/setupPorts.ts';
import { confirmEndpoints, isTestAccount, testAccount } from '../signIn/signInQuestions.ts';
import type { ShellContext } from '../context.ts';
import { askBrowserPage } from './askBrowserPage.ts';
import { askPerson, askSecret, promptForOptions } from './setupQuestions.ts';
import { keepRun, runBefore } from './setupChanges.ts';
import { watchExpirations } from './expirationReminders.ts';
import { testSignInOf } from '../../setup/testSession.ts';
import { SetupRun } from './setupRun.ts';
import type { SecretInputs } from './setupRun.ts';
import { answersOf, chooseSubject, connectionOf, pickSubject, subjectOf } from './setupSubject.ts';
import type { Subject } from './setupSubject.ts';
import { accountLabel } from '../format/accountLabel.ts';
import { guideTitle } from './checkTexts.ts';
import { SetupView } from './setupView.ts';
import { reportError } from '../ui/reportError.ts';
import { askWarning, showWarning } from '../ui/messages.ts';
import { defined } from '../../core/defined.ts';

/** Re-exported here, to be loaded with the checks and their texts. */
export { remind } from './expirationReminders.ts';

/** The result of `developerSignIn.checkSetup`; undefined if it was canceled. */
export interface SetupResult {
  readonly document: SetupGuideId;
  readonly findings: Readonly<Partial<Record<CheckId, ResultState>>>;
}

/** The request for a run. */
interface RunRequest {
  readonly subject: Subject;
  readonly secretsGiven: readonly SecretField[];
}

/** *Check SSO Setup*, from the questions to the view of the results. One instance per window. */
export class SetupChecks implements Disposable {
  readonly #context: ShellContext;
  readonly #view: SetupView;
  readonly #life = new AbortController();
  /** The subject of each run and the names, but never the values, of its secrets. */
  readonly #asked = new WeakMap<SetupRun, RunRequest>();
  /** Secrets for checks of people, asked for once per setup run. Kept in memory only. */
  #personSecrets: { readonly run: SetupRun; readonly secrets: SecretInputs } | undefined;

  constructor(context: ShellContext) {
    this.#context = context;
    this.#view = new SetupView(context.memento, {
      edit: () =>
        this.#said(() => {
          const { subject, secretsGiven } = this.#askedOf(this.#view.run);
          return this.#checkSubject(subject, secretsGiven);
        }),
      repeat: (run, id) => this.#repeat(run, id),
    });
  }

  [Symbol.dispose](): void {
    this.#life.abort();
    this.#view[Symbol.dispose]();
  }

  /** Asks what to check, and checks it. Shows errors to the user. */
  async check(given: unknown): Promise<SetupResult | undefined> {
    return this.#said(async () =>
      this.#checkSubject(
        await chooseSubject(await this.#context.connections(), given, this.#context.settings()),
      ),
    );
  }

  /**
   * Asks for a person, and shows whether they have access, step by step. Uses the displayed setup run; without
   * one, checks the setup first.
   */
  async checkPerson(): Promise<void> {
    await this.#said(async () => {
      if (this.#view.run === undefined) await this.#checkSubject(undefined);
      const { run } = this.#view;
      const checks = run === undefined ? [] : personChecks(run.document);
      if (run === undefined || checks.length === 0) return;
      const login = await askPerson(run.document, run.ofPerson.person);
      const secrets = await this.#secretsOfPeople(run, checks);
      await this.#view.whilePersonRuns(run.checkPerson(login, secrets));
    });
  }

  async #said<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      await reportError(error);
      return undefined;
    }
  }

  /** Asks for the inputs of a subject's checks, starting with earlier answers, and runs the checks. */
  async #checkSubject(
    subject: Subject | undefined,
    secretsBefore: readonly SecretField[] = [],
  ): Promise<SetupResult> {
    const context = this.#context;
    const { document, connection: chosen } = subject ?? (await pickSubject(await context.connections()));
    const checkCount = checksOf[document].filter((check) => check.run !== undefined).length;
    const { awsProfiles } = await context.setupAdapters();
    const options = await promptForOptions(context.memento, document, {
      given: answersOf(chosen),
      checkCount,
      awsProfiles,
      secretsBefore,
    });
    const { scimToken, samlResponse, oktaApiToken, oktaServiceKey, ...answers } = options.answers;
    const connection = connectionOf(document, answers, chosen);
    if (connection !== undefined) await confirmEndpoints(context, connection);
    const metadataXml = await readMetadata(answers.metadataFile);
    const secrets = await secretInputs(answers.scimEndpoint, scimToken);
    const run = await this.#createRun(document, connection, {
      ...answers,
      ...defined({ metadataXml }),
    });
    this.#personSecrets = undefined;
    this.#asked.set(run, {
      subject: { document, ...defined({ connection: chosen }) },
      secretsGiven: secretFields.filter((field) => (options.answers[field] ?? '') !== ''),
    });
    await this.#view.show(run);
    await this.#view.whileRunning(
      run.run(run.checks, {
        testSignIn: options.testSignIn && connection !== undefined ? 'once' : 'no',
        ...secrets,
        ...given({ samlResponse, oktaApiToken, oktaServiceKey }),
      }),
    );
    await this.#keep(run);
    const { pass, warning, fail, inconclusive } = run.counts();
    const slips = run.checks.flatMap(({ id }) => {
      const result = run.resultOf(id);
      return result?.state === 'fail' ? [`${id}: ${result.reason ?? ''}`] : [];
    });
    context.log.info('Setup checked', { document, pass, warning, fail, inconclusive, slips });
    return resultOf(run);
  }

  #askedOf(run: SetupRun | undefined): Partial<RunRequest> {
    return (run === undefined ? undefined : this.#asked.get(run)) ?? {};
  }

  /** Stores the outcome of a run and its expirations. A failed write is ignored: there are then fewer reminders. */
  async #keep(run: SetupRun): Promise<void> {
    await keepRun(this.#context.memento, run);
    try {
      await watchExpirations(this.#context, run, this.#life.signal);
    } catch (error) {
      this.#context.log.warn('What ends in the setup could not be kept', { error: String(error) });
    }
  }

  async #createRun(
    document: SetupGuideId,
    connection: Connection | undefined,
    inputs: SetupInputs,
  ): Promise<SetupRun> {
    const context = this.#context;
    const { clock, ssoOidcAt, templates } = await context.findRegionPorts();
    const redirectPorts =
      (connection && typeOf(connection).redirectPorts?.(connection)) ?? context.settings().redirectPorts;
    const subject = connection === undefined ? guideTitle(document) : subjectOf(connection);
    return new SetupRun({
      document,
      subject,
      ...defined({ before: runBefore(context.memento, `${document} ${subject}`) }),
      inputs: {
        ...inputs,
        ...(connection && providerOf(connection).setupOf(connection).inputs),
      },
      ports: {
        clock,
        ssoOidcAt,
        endpoints: templates,
        http: context.http,
        isSameOrganization: context.isSameOrganization,
        beginsWithDeviceCode: context.settings().host.loopback === 'never',
        redirectPorts,
        ...(await context.setupAdapters()),
      },
      signIn: (signal) => this.#signIn(connection, signal),
    });
  }

  /** A test sign-in that replaces none of the user's accounts, and that the checks sign out of. */
  async #signIn(connection: Connection | undefined, signal: AbortSignal): Promise<TestSignIn> {
    if (connection === undefined) throw new SignInError('signInNeeded', { operation: 'testSignIn' });
    const { sessions, signIns } = this.#context;
    const request = await testAccount(this.#context, connection);
    const before = (await sessions.list()).sessions;
    const session = await signIns
      .run(connection, request, { signal, isTest: true })
      .catch(async (error: unknown) => {
        throw await askBrowserPage(connection, error, signal);
      });
    const shown = {
      accountLabel: accountLabel(session),
      registrationEndsAt: providerOf(session).registrationEnd(session),
    };
    const isOwn = before.some(({ id }) => id === session.id) && !isTestAccount(session);
    return testSignInOf(sessions, session, shown, isOwn);
  }

  /**
   * Asks for the secrets of checks again.
   * @throws SignInError `cancelled`
   */
  async #askSecrets(
    run: SetupRun,
    checks: readonly Check[],
    isWanted: (field: SecretField) => boolean = () => true,
  ): Promise<SecretInputs> {
    const needsInput = (name: InputName): boolean => checks.some(({ needs }) => needs.includes(name));
    const hasEndpoint = (run.scimEndpoint ?? '') !== '';
    const scimToken =
      hasEndpoint && needsInput('scimToken') && isWanted('scimToken')
        ? await askSecret(run.document, 'scimToken')
        : undefined;
    const oktaSecret = run.hasOktaServiceApp ? 'oktaServiceKey' : 'oktaApiToken';
    const okta =
      needsInput('oktaApi') && isWanted(oktaSecret)
        ? { [oktaSecret]: await askSecret(run.document, oktaSecret) }
        : {};
    const samlResponse =
      needsInput('samlResponse') && isWanted('samlResponse')
        ? await askSecret(run.document, 'samlResponse')
        : undefined;
    return { ...(await secretInputs(run.scimEndpoint, scimToken)), ...given({ ...okta, samlResponse }) };
  }

  /**
   * The secrets for checks of people: asks once for those that the setup run had.
   * @throws SignInError `cancelled`
   */
  async #secretsOfPeople(run: SetupRun, checks: readonly Check[]): Promise<SecretInputs> {
    if (this.#personSecrets?.run !== run) {
      const secrets = await this.#askSecrets(
        run,
        checks,
        (field) => this.#askedOf(run).secretsGiven?.includes(field) === true,
      );
      this.#personSecrets = { run, secrets };
    }
    return this.#personSecrets.secrets;
  }

  /** Repeats a check with its dependencies and those it had blocked. */
  async #repeat(run: SetupRun, id: CheckId): Promise<void> {
    try {
      const checks = run.repetitionOf(id);
      const secrets = await this.#askSecrets(run, checks);
      const isSignIn = run.checks.find((check) => check.id === id)?.needs.includes('testSignIn') === true;
      await this.#view.whileRunning(
        run.run(checks, {
          testSignIn: isSignIn ? 'once' : 'no',
          ...secrets,
        }),
      );
      await this.#keep(run);
    } catch (error) {
      await reportError(error);
    }
  }
}

/** The given secrets, without empty ones. */
function given(fields: Readonly<Partial<Record<SecretField, string | undefined>>>): SecretInputs {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => (value ?? '') !== ''));
}

/**
 * The secrets for a run. A SCIM token is sent to Identity Center and this machine; to another host only after a
 * confirmation.
 */
async function secretInputs(
  endpoint: string | undefined,
  scimToken: string | undefined,
): Promise<SecretInputs> {
  if (scimToken === undefined || scimToken === '') return {};
  const host = scimHostToConfirm(endpoint ?? '');
  if (host === undefined) return { scimToken };
  const yes = l10n.t('Send Token');
  const chosen = await askWarning(
    l10n.t('Send the SCIM access token to {0}?', host),
    {
      detail: l10n.t(
        'This isn’t an IAM Identity Center address. With the token, {0} can read and change users and groups.',
        host,
      ),
    },
    yes,
  );
  return chosen === yes ? { scimToken, confirmedScimHost: host } : { scimToken };
}

/** Size limit for metadata files, far above any real one. */
const maxFileBytes = 32 * 1024 * 1024;

async function readMetadata(file: string | undefined): Promise<string | undefined> {
  if (file === undefined || file === '') return undefined;
  const uri = Uri.parse(file);
  try {
    const { size } = await workspace.fs.stat(uri);
    if (size > maxFileBytes) throw new Error('The file is too large.');
    return decodeXml(await workspace.fs.readFile(uri));
  } catch {
    void showWarning(
      l10n.t('{0} can’t be read, so the metadata isn’t checked. Select the file again.', uri.path),
    );
    return undefined;
  }
}

function resultOf(run: SetupRun): SetupResult {
  const results = run.checks.flatMap(({ id }) => {
    const result = run.resultOf(id);
    return result === undefined ? [] : [[id, result.state] as const];
  });
  return { document: run.document, findings: Object.fromEntries(results) };
}
