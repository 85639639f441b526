import { EventEmitter, l10n, ThemeColor, ThemeIcon, TreeItemCollapsibleState } from 'vscode';
import type { Event, TreeDataProvider, TreeItem } from 'vscode';
import type { Check, CheckId } from '../../setup/checks/index.ts';
import { steps } from '../../setup/setupGuides.ts';
import type { StepId } from '../../setup/setupGuides.ts';
import { needsAttention } from '../../setup/checkResult.ts';
import type { CheckResult } from '../../setup/checkResult.ts';
import { changesHeading, changesOf, changesSummary, changeTexts } from './setupChanges.ts';
import type { SetupRun } from './setupRun.ts';
import { personAnswer, reportedIn } from './setupSections.ts';
import type { Ticks } from './setupSections.ts';
import { reportGroups } from '../../setup/checks/reportGroups.ts';
import { inputTitle } from '../../setup/inputTitle.ts';
import type { InputName } from '../../setup/setupPorts.ts';
import {
  checkTitle,
  countsText,
  consolePath,
  evidenceLine,
  isExplained,
  ownerName,
  resultText,
  stateWord,
  stepTitle,
} from './checkTexts.ts';
import { treeItem } from '../ui/tree.ts';
import { defined } from '../../core/defined.ts';
import { joinSentences } from '../../core/text/joinSentences.ts';

/**
 * A node of the tree: the changes, a person's access and its checks, a step, a check, a group of checks with
 * the same missing input, or a detail of a check, which may have lines of its own.
 */
export type SetupNode =
  | { readonly kind: 'changes' | 'person' }
  | { readonly kind: 'personCheck'; readonly check: Check }
  | { readonly kind: 'step'; readonly step: StepId }
  | { readonly kind: 'check'; readonly check: Check }
  | {
      readonly kind: 'missing';
      readonly step: StepId;
      readonly input: InputName;
      readonly checks: readonly Check[];
    }
  | {
      readonly kind: 'line';
      readonly label: string;
      readonly description?: string;
      readonly icon: ThemeIcon | string;
      /** The text that *Copy* copies. */
      readonly copies: string;
      readonly lines?: readonly string[];
      /** The page that it opens. */
      readonly opens?: string;
    };

/** The tree of a guide's steps with their results, each with an icon and a word. */
export class SetupTree implements TreeDataProvider<SetupNode> {
  readonly #run: SetupRun;
  readonly #ticks: Ticks;
  readonly #changed = new EventEmitter<SetupNode | undefined>();
  readonly #nodes: readonly SetupNode[];
  readonly #checkNodes: ReadonlyMap<CheckId, SetupNode>;
  /** Steps that failed before; they stay expanded, so that the user sees them fixed. */
  readonly #opened = new Set<StepId>();
  readonly onDidChangeTreeData: Event<SetupNode | undefined> = this.#changed.event;

  constructor(run: SetupRun, ticks: Ticks) {
    this.#run = run;
    this.#ticks = ticks;
    this.#nodes = steps[run.document].map((step) => ({ kind: 'step', step }));
    this.#checkNodes = new Map(run.checks.map((check) => [check.id, { kind: 'check', check }]));
  }

  /** Redraws the tree, since a step shows the counts of its checks. */
  refresh(): void {
    this.#changed.fire(undefined);
  }

  getChildren(node?: SetupNode): SetupNode[] {
    if (node === undefined)
      return [
        ...(changesOf(this.#run) === undefined ? [] : [changesNode]),
        ...(this.#hasPerson ? [personNode] : []),
        ...this.#nodes,
      ];
    switch (node.kind) {
      case 'changes':
        return this.#changeLines();
      case 'person':
        return (personAnswer(this.#run)?.checks ?? []).map((check) => ({ kind: 'personCheck', check }));
      case 'personCheck':
        return this.#linesOf(this.#run.ofPerson, node.check);
      case 'step':
        return this.#nodesAt(node.step);
      case 'missing':
        return node.checks.flatMap(({ id }) => this.#checkNodes.get(id) ?? []);
      case 'check':
        return this.#linesOf(this.#run, node.check);
      case 'line':
        return (node.lines ?? []).map((line) => ({ kind: 'line', label: line, icon: 'blank', copies: line }));
    }
  }

  getParent(node: SetupNode): SetupNode | undefined {
    if (node.kind === 'personCheck') return personNode;
    if (node.kind === 'missing') return this.#stepNode(node.step);
    if (node.kind !== 'check') return undefined;
    const { check } = node;
    return (
      this.#nodesAt(check.step).find((one) => one.kind === 'missing' && one.checks.includes(check)) ??
      this.#stepNode(check.step)
    );
  }

  #stepNode(step: StepId): SetupNode | undefined {
    return this.#nodes.find((one) => one.kind === 'step' && one.step === step);
  }

  /** The checks of a step; those with the same missing input are grouped, as in the report. */
  #nodesAt(step: StepId): SetupNode[] {
    const run = this.#run;
    const here = run.checksAt(step);
    const reported = run.checks.map((check) => reportedIn(run, check));
    const groups = run.isRunning
      ? []
      : reportGroups(
          reported.filter(({ check }) => here.includes(check)),
          reported,
        ).missing;
    const together = groups.flatMap(({ input, checks }): (SetupNode & { kind: 'missing' })[] =>
      checks.length < 2
        ? []
        : [{ kind: 'missing', step, input, checks: checks.map((one) => one.check.check) }],
    );
    return here.flatMap((check): SetupNode[] => {
      const group = together.find(({ checks }) => checks.includes(check));
      if (group === undefined) return [this.#checkNodes.get(check.id) ?? { kind: 'check', check }];
      return group.checks[0] === check ? [group] : [];
    });
  }

  /** The node of a person's access, if it is displayed. */
  personNode(): SetupNode | undefined {
    return this.#hasPerson ? personNode : undefined;
  }

  /** Hidden while the setup checks run, so that lines stay in place. */
  get #hasPerson(): boolean {
    return !this.#run.isRunning && personAnswer(this.#run) !== undefined;
  }

  /** The node to reveal: the first failed check, or else a test sign-in that was not completed. */
  firstFailed(): SetupNode | undefined {
    const { checks } = this.#run;
    const failed =
      checks.find(({ id }) => this.#run.findingOf(id)?.state === 'fail') ??
      checks.find(({ id }) => this.#run.findingOf(id)?.reason === 'signInNotCompleted');
    return failed === undefined ? undefined : this.#checkNodes.get(failed.id);
  }

  getTreeItem(node: SetupNode): TreeItem {
    switch (node.kind) {
      case 'changes':
        return this.#changesItem();
      case 'person':
        return this.#personItem();
      case 'personCheck':
        return this.#personCheckItem(node.check);
      case 'step':
        return this.#stepItem(node.step);
      case 'missing':
        return this.#missingItem(node);
      case 'check':
        return node.check.run === undefined ? this.#manualItem(node.check) : checkItem(this.#run, node.check);
      case 'line':
        return treeItem({
          label: node.label,
          description: node.description,
          icon: node.icon,
          state:
            (node.lines ?? []).length > 0 ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.None,
          hover: [node.opens ?? node.copies],
          ...defined({ opens: node.opens }),
          contextValue: 'setupLine',
        });
    }
  }

  #stepItem(step: StepId): TreeItem {
    const checks = this.#run.checksAt(step);
    const states = checks.map(({ id }) => this.#run.stateOf(id).state);
    const findings = checks.flatMap(({ id }) => this.#run.findingOf(id) ?? []);
    const place = steps[this.#run.document].indexOf(step) + 1;
    const isWrong = findings.some(({ state }) => state === 'fail');
    if (isWrong) this.#opened.add(step);
    const isOpen = this.#opened.has(step);
    const isBusy = states.includes('running');
    const count = (state: CheckResult['state']): number =>
      findings.filter((one) => one.state === state).length;
    const manual = checks.filter((check) => check.run === undefined);
    const open = manual.filter((check) => !this.#run.isProven(check));
    const ticked = open.filter((check) => this.#ticks.has(check.id)).length;
    const notKnown = count('inconclusive') - manual.filter(({ id }) => this.#run.findingOf(id)).length;
    const counts = {
      pass: count('pass') + manual.length - open.length,
      warning: count('warning'),
      fail: count('fail'),
      inconclusive: notKnown,
    };
    const passed = counts.pass + counts.warning;
    const description = [
      countsText(counts),
      ...(open.length > 0 ? [l10n.t('{0} of {1} verified manually', ticked, open.length)] : []),
    ]
      .filter((part) => part !== '')
      .join(' · ');
    const isRight = findings.length > 0 && notKnown === 0 && !isWrong;
    const icon = isBusy
      ? 'loading~spin'
      : isWrong
        ? icons.fail
        : findings.some(needsAttention)
          ? icons.warning
          : isRight && (passed > 0 || ticked === open.length)
            ? icons.pass
            : icons.inconclusive;
    return treeItem({
      label: `${place}. ${stepTitle(step)}`,
      description,
      icon,
      state: isOpen ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed,
      // VS Code remembers collapsed items by ID; a new ID expands a step that fails.
      id: `${step}${isOpen ? ' open' : ''}`,
      contextValue: 'setupStep',
      spoken: `${l10n.t('Step {0}', place)}, ${stepTitle(step)}: ${description}`,
    });
  }

  #missingItem({ step, input, checks }: SetupNode & { readonly kind: 'missing' }): TreeItem {
    const label = l10n.t('Missing input: {0}', inputTitle(l10n, input));
    const description = countsText({ pass: 0, warning: 0, fail: 0, inconclusive: checks.length });
    return treeItem({
      id: `missing ${step} ${input}`,
      label,
      description,
      icon: icons.inconclusive,
      state: TreeItemCollapsibleState.Collapsed,
      hover: [label, ...checks.map(checkTitle)],
      contextValue: 'setupMissing',
      spoken: `${label}: ${description}`,
    });
  }

  #manualItem(check: Check): TreeItem {
    const label = checkTitle(check);
    const isTicked = this.#ticks.has(check.id);
    const proven = this.#run.proofOf(check);
    const description =
      proven === undefined
        ? isTicked
          ? l10n.t('Verified by you')
          : l10n.t('To verify manually')
        : l10n.t('Verified by “{0}”', checkTitle(proven));
    return treeItem({
      id: check.id,
      contextValue: `setupManual${this.#run.consoleUrlOf(check) === undefined ? '' : ' console'}`,
      state: TreeItemCollapsibleState.Collapsed,
      label,
      description,
      isTicked: isTicked || proven !== undefined,
      spoken: `${label}: ${description}`,
    });
  }

  /** The details of a check; empty for a verified one. */
  #linesOf(run: SetupRun, check: Check): SetupNode[] {
    const isVerified = check.run === undefined && (this.#ticks.has(check.id) || run.isProven(check));
    return linesOf(run, check, isVerified);
  }

  #changesItem(): TreeItem {
    const changes = changesOf(this.#run);
    if (changes === undefined) return treeItem({ label: '', state: none, contextValue: 'setupChanges' });
    const label = changesHeading(changes);
    const description = changesSummary(changes);
    const isSame = description === '';
    return treeItem({
      id: 'changes',
      label,
      icon: 'history',
      state: isSame ? none : TreeItemCollapsibleState.Collapsed,
      contextValue: 'setupChanges',
      spoken: isSame ? label : `${label}: ${description}`,
      ...(isSame ? {} : { description }),
    });
  }

  #changeLines(): SetupNode[] {
    const changes = changesOf(this.#run);
    if (changes === undefined) return [];
    return changeTexts(this.#run, changes).map(({ title, change, state }) => ({
      kind: 'line',
      label: title,
      description: change,
      icon: state === undefined ? 'calendar' : icons[state],
      copies: `${title}: ${change}`,
    }));
  }

  #personItem(): TreeItem {
    const { heading, verdict, run } = personAnswer(this.#run) ?? {
      heading: '',
      verdict: undefined,
      run: undefined,
    };
    const isAsked = run !== this.#run;
    const verdictIcons = { yes: icons.pass, no: icons.fail, open: icons.inconclusive };
    return treeItem({
      id: `person ${isAsked ? heading : ''}`,
      label: heading,
      icon: verdict === undefined ? 'loading~spin' : verdictIcons[verdict],
      // The user asked for this person, so show the steps.
      state: isAsked ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed,
      contextValue: 'setupPerson',
      spoken: heading,
      ...(verdict === undefined ? { description: l10n.t('checking…') } : {}),
    });
  }

  #personCheckItem(check: Check): TreeItem {
    const isVerified = this.#ticks.has(check.id) || this.#run.isProven(check);
    const item = check.run === undefined ? this.#manualItem(check) : checkItem(this.#run.ofPerson, check);
    // The check also appears in its step, with another ID.
    item.id = `person ${check.id}`;
    item.contextValue = `setupPersonCheck${this.#run.consoleUrlOf(check) === undefined ? '' : ' console'}`;
    // Here the state is read-only.
    if (item.checkboxState !== undefined)
      item.iconPath = isVerified ? icons.pass : new ThemeIcon('circle-large-outline');
    delete item.checkboxState;
    return item;
  }
}

function checkItem(run: SetupRun, check: Check): TreeItem {
  const state = run.stateOf(check.id);
  const label = checkTitle(check);
  const page = run.consoleUrlOf(check) === undefined ? '' : ' console';
  const line = { id: check.id, contextValue: `setupCheck${page}`, label };
  if (state.state === 'done') {
    const { finding } = state;
    const { found, next = '' } = resultText(check, finding);
    const word = stateWord(finding.state);
    return treeItem({
      ...line,
      state: TreeItemCollapsibleState.Collapsed,
      icon:
        finding.state === 'inconclusive' && needsAttention(finding) ? icons.warning : icons[finding.state],
      description: isExplained(check, finding) ? `${word}: ${found}` : word,
      hover: [`${label}: ${word}`, found, ...(next === '' ? [] : [next])],
      spoken: `${label}: ${word}. ${joinSentences(found, next)}`,
    });
  }
  const isBusy = state.state === 'running';
  const waiting = run.isRunning ? l10n.t('waiting') : l10n.t('Not checked');
  const description = isBusy ? l10n.t('checking…') : waiting;
  return treeItem({
    ...line,
    state: TreeItemCollapsibleState.None,
    icon: isBusy ? 'loading~spin' : 'circle-large-outline',
    description,
    spoken: `${label}: ${description}`,
  });
}

function linesOf(run: SetupRun, check: Check, isVerified: boolean): SetupNode[] {
  const finding = run.findingOf(check.id);
  if (finding === undefined) return [];
  const { found, next, value, path = consolePath(check) } = resultText(check, finding);
  const owner = ownerName(check.owner);
  const opens = run.consoleUrlOf(check);
  const line = (
    icon: string,
    label: string,
    description?: string,
    page?: string,
  ): SetupNode & { kind: 'line' } => ({
    kind: 'line',
    icon,
    label,
    copies: description ?? label,
    ...defined({ description, opens: page }),
  });
  return [
    // A short text is already in the check's own line.
    ...(!isExplained(check, finding) || found.length <= shortSentence ? [] : [line('info', found)]),
    ...(next === undefined || next === '' || isVerified
      ? []
      : [{ ...line('arrow-right', next), ...defined({ copies: value }) }]),
    ...(path === undefined ? [] : [line('link-external', owner, path, opens)]),
    ...finding.evidence.flatMap((evidence): SetupNode[] => {
      const words = evidenceLine(check, evidence);
      if (words === undefined) return [];
      const { name, values } = words;
      const [only] = values;
      if (values.length === 1 && only === value) return []; // The instructions already contain it.
      if (values.length === 1 && only !== undefined) return [line('note', name, only)];
      return [
        {
          kind: 'line',
          icon: 'note',
          label: name,
          description: l10n.t('{0} values', values.length),
          copies: values.join('\n'),
          lines: values,
        },
      ];
    }),
  ];
}

const none = TreeItemCollapsibleState.None;
const changesNode: SetupNode = { kind: 'changes' };
const personNode: SetupNode = { kind: 'person' };

/** Length of a text that fits beside a check's title in a panel of the usual width. */
const shortSentence = 80;

const icons = {
  pass: new ThemeIcon('pass', new ThemeColor('testing.iconPassed')),
  warning: new ThemeIcon('warning', new ThemeColor('list.warningForeground')),
  fail: new ThemeIcon('error', new ThemeColor('testing.iconFailed')),
  inconclusive: new ThemeIcon('question'),
};
