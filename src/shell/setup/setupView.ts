import {
  commands,
  Disposable as Disposables,
  env,
  l10n,
  TreeItemCheckboxState,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { Memento } from 'vscode';
import { owners } from '../../setup/check.ts';
import type { Owner } from '../../setup/check.ts';
import type { Check, CheckId } from '../../setup/checks/index.ts';
import { personSteps } from '../../setup/checks/personVerdict.ts';
import { setupReport } from './setupReport.ts';
import type { SetupRun } from './setupRun.ts';
import { tickOffWalkthrough } from './walkthroughSteps.ts';
import { guideTitle, dateTimeText, ownerName } from './checkTexts.ts';
import { setupReportHtml } from './setupReportHtml.ts';
import { headlineOf, isSignInOpen, personAnswer, summaryCounts, summaryOf } from './setupSections.ts';
import { SetupTree } from './setupTree.ts';
import type { Ticks } from './setupSections.ts';
import type { SetupNode } from './setupNodes.ts';
import { showStatusMessage, withProgressIn } from '../ui/messages.ts';
import { showList } from '../ui/quickPick.ts';
import { Tree } from '../ui/tree.ts';

const viewId = 'developerSignIn.setup';

/** The view's actions that ask questions. */
export interface SetupViewActions {
  readonly edit: () => Promise<unknown>;
  readonly repeat: (run: SetupRun, id: CheckId) => Promise<void>;
}

/** The panel view of the results, created with the first check. */
export class SetupView implements Disposable {
  readonly #memento: Memento;
  readonly #actions: SetupViewActions;
  readonly #commands: Disposables;
  /** The latest run of each subject, newest first. */
  #runs: readonly SetupRun[] = [];
  #shown: { readonly run: SetupRun; readonly tree: SetupTree; readonly view: Tree<SetupNode> } | undefined;
  /** Number of runs in progress: when one ends, the buttons must reflect the others. */
  #running = 0;
  #ofRun: Disposables | undefined;

  constructor(memento: Memento, actions: SetupViewActions) {
    this.#memento = memento;
    this.#actions = actions;
    const handlers: Readonly<Record<string, (node?: SetupNode) => unknown>> = {
      runAgain: (node) => (node?.kind === 'check' ? this.#repeat(node.check.id) : undefined),
      edit: () => actions.edit(),
      cancel: () => {
        this.#shown?.run.cancel();
      },
      copyReport: () => this.#copyReport(),
      saveReport: () => this.#saveReport(),
      shareReport: () => this.#shareReport(),
      showOther: () => this.#showOther(),
      openConsole: (node) =>
        node?.kind === 'check' || node?.kind === 'personCheck' ? this.#openConsole(node.check) : undefined,
      copyLine: (node) => (node?.kind === 'line' ? copy(node.copies) : undefined),
    };
    this.#commands = Disposables.from(
      ...Object.entries(handlers).map(([name, handler]) =>
        commands.registerCommand(`${viewId}.${name}`, handler),
      ),
    );
  }

  [Symbol.dispose](): void {
    this.#ofRun?.dispose();
    for (const run of this.#runs) run[Symbol.dispose]();
    this.#commands.dispose();
  }

  /**
   * Shows a run in place of the previous one, and reveals the view. Keeps earlier results of other subjects,
   * but not of the same one.
   */
  async show(run: SetupRun): Promise<void> {
    const others = this.#runs.filter((one) => one !== run && one.key !== run.key);
    const kept = [run, ...others].slice(0, maxSubjects);
    for (const one of this.#runs) {
      one.cancel();
      if (!kept.includes(one)) one[Symbol.dispose]();
    }
    this.#runs = kept;
    this.#ofRun?.dispose();
    await commands.executeCommand('setContext', 'developerSignIn.setupHasOthers', kept.length > 1);
    const ticks = this.#ticksOf(run);
    const tree = new SetupTree(run, ticks);
    await commands.executeCommand('setContext', 'developerSignIn.setupShown', true);
    const hasPeople = personSteps[run.document].length > 0;
    await commands.executeCommand('setContext', 'developerSignIn.canCheckPerson', hasPeople);
    const view = new Tree<SetupNode>(viewId, tree);
    view.description = runTitle(run);
    this.#shown = { run, tree, view };
    const draw = (): void => {
      tree.refresh();
      view.message = messageOf(run, ticks);
    };
    this.#ofRun = Disposables.from(
      view,
      run.onDidChange(() => {
        draw();
      }),
      view.onDidChangeCheckboxState(async ({ items }) => {
        for (const [node, state] of items) {
          if (node.kind === 'check')
            await this.#tick(run, node.check.id, state === TreeItemCheckboxState.Checked);
        }
        draw();
      }),
    );
    draw();
    await commands.executeCommand(`${viewId}.focus`);
  }

  /** The displayed run. */
  get run(): SetupRun | undefined {
    return this.#shown?.run;
  }

  /** Shows progress while the checks of a person run, and then whether they have access. */
  async whilePersonRuns(running: Promise<void>): Promise<void> {
    await this.#asRunning(running);
    const { run, tree, view } = this.#shown ?? {};
    const answer = run === undefined ? undefined : personAnswer(run);
    if (answer !== undefined) showStatusMessage(answer.heading, 8000);
    const node = tree?.personNode();
    if (node !== undefined && view?.visible === true) await view.reveal(node);
  }

  /** Shows progress while checks run, and then reveals the first failure. */
  async whileRunning(running: Promise<void>): Promise<void> {
    await this.#asRunning(running);
    const { run, tree, view } = this.#shown ?? {};
    if (run === undefined || tree === undefined || view === undefined || run.isRunning) return;
    await tickOffWalkthrough(run);
    showStatusMessage(l10n.t('SSO setup: {0}', mainResult(run)), 8000);
    const failed = tree.firstFailed();
    if (failed !== undefined && view.visible) await view.reveal(failed);
  }

  async #asRunning(running: Promise<void>): Promise<void> {
    this.#running++;
    await commands.executeCommand('setContext', 'developerSignIn.setupRunning', true);
    try {
      await withProgressIn(viewId, () => running);
    } finally {
      this.#running--;
      await commands.executeCommand('setContext', 'developerSignIn.setupRunning', this.#running > 0);
    }
  }

  async #repeat(id: CheckId): Promise<void> {
    const { run } = this.#shown ?? {};
    if (run !== undefined) await this.#actions.repeat(run, id);
  }

  /** Asks which of the subjects checked in this window to show. */
  async #showOther(): Promise<void> {
    const others = this.#runs.filter((run) => run !== this.#shown?.run);
    const rows = others.map((run) => ({
      icon: 'checklist',
      label: run.connectionName ?? guideTitle(run.document),
      description: run.connectionName === undefined ? '' : guideTitle(run.document),
      detail: [...(run.finishedAt === undefined ? [] : [dateTimeText(run.finishedAt)]), mainResult(run)].join(
        ' · ',
      ),
      run,
    }));
    const chosen = await showList(rows, {
      title: l10n.t('Check SSO Setup'),
      placeHolder: l10n.t('Select the results to show'),
    });
    if (chosen !== undefined) await this.show(chosen.run);
  }

  async #openConsole(check: Check): Promise<void> {
    const url = this.#shown?.run.consoleUrlOf(check);
    if (url !== undefined) await env.openExternal(Uri.parse(url));
  }

  async #copyReport(): Promise<void> {
    const { run } = this.#shown ?? {};
    if (run !== undefined) await copy(this.#report(run));
  }

  async #saveReport(): Promise<void> {
    const { run } = this.#shown ?? {};
    if (run !== undefined) await save('sign-in-setup.md', { Markdown: ['md'] }, this.#report(run));
  }

  /** Writes a page with the steps of one administrator. */
  async #shareReport(): Promise<void> {
    const { run } = this.#shown ?? {};
    if (run === undefined) return;
    const administrators = owners.filter(
      (owner) => owner !== 'you' && run.checks.some((check) => check.owner === owner),
    );
    const rows = administrators.map((owner) => ({ label: capitalized(ownerName(owner)), owner }));
    const chosen = await showList(rows, {
      title: l10n.t('Save Report'),
      placeHolder: l10n.t('Select who the report is for'),
    });
    if (chosen === undefined) return;
    const page = setupReportHtml(run, this.#ticksOf(run), chosen.owner);
    await save(`sign-in-setup-${pageNames[chosen.owner]}.html`, { HTML: ['html'] }, page);
  }

  #report(run: SetupRun): string {
    return setupReport(run, this.#ticksOf(run));
  }

  #ticksOf(run: SetupRun): Ticks {
    return { has: (id) => this.#ticks(run).includes(id) };
  }

  /** Check marks are stored per subject: another organization starts without any. */
  #ticks(run: SetupRun): readonly string[] {
    return this.#memento.get<readonly string[]>(ticksKey(run), []);
  }

  async #tick(run: SetupRun, id: CheckId, isTicked: boolean): Promise<void> {
    const others = this.#ticks(run).filter((one) => one !== id);
    await this.#memento.update(ticksKey(run), isTicked ? [...others, id] : others);
  }
}

/** Maximum number of subjects with results, for the life of the window. */
const maxSubjects = 5;

/** File names of the pages, one per administrator. */
const pageNames: Readonly<Record<Owner, string>> = {
  oktaAdministrator: 'okta',
  awsAdministrator: 'aws',
  dnsAdministrator: 'dns',
  identityAdministrator: 'identity-provider',
  you: 'you',
};

function ticksKey({ key }: SetupRun): string {
  return `setup.ticks.${key}`;
}

function messageOf(run: SetupRun, ticks: Ticks): string {
  const { pass, warning, fail, inconclusive } = run.counts();
  const manual = run.checks.filter((check) => check.run === undefined).length;
  if (run.isRunning) {
    const done = Math.max(0, pass + warning + fail + inconclusive - manual);
    return l10n.t('Checking: {0} of {1}', done, run.checks.length - manual);
  }
  // Repeated here: VS Code hides the description of a view that is alone in its panel.
  return `${runTitle(run)}: ${summaryOf(run, ticks)}`;
}

/** The guide and connection of the displayed results. */
function runTitle({ document, connectionName }: SetupRun): string {
  return [guideTitle(document), ...(connectionName === undefined ? [] : [connectionName])].join(', ');
}

/** The worst result; the status bar and a list have no room for more. */
function mainResult(run: SetupRun): string {
  const { pass, warning, fail } = summaryCounts(run);
  if (fail > 0) return l10n.t('{0} failed', fail);
  if (isSignInOpen(run)) return l10n.t('Test sign-in not completed');
  if (warning > 0) return l10n.t('{0} with a warning', warning);
  if (headlineOf(run) !== undefined) return l10n.t('No problems found');
  return pass > 0 ? l10n.t('{0} passed', pass) : l10n.t('Not verified');
}

async function save(name: string, filters: Readonly<Record<string, string[]>>, text: string): Promise<void> {
  const [folder] = workspace.workspaceFolders ?? [];
  const uri = await window.showSaveDialog({
    title: l10n.t('Save Report'),
    filters,
    ...(folder === undefined ? {} : { defaultUri: Uri.joinPath(folder.uri, name) }),
  });
  if (uri === undefined) return;
  await workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  showStatusMessage(l10n.t('Report saved'), 5000);
}

async function copy(text: string): Promise<void> {
  await env.clipboard.writeText(text);
  showStatusMessage(l10n.t('Copied'), 3000);
}

/** Capitalizes a text for the beginning of a row. */
function capitalized(text: string): string {
  return text.charAt(0).toLocaleUpperCase(env.language) + text.slice(1);
}
