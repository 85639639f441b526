import { EventEmitter } from 'vscode';
import type { Event, TreeDataProvider, TreeItem } from 'vscode';
import type { Check, CheckId } from '../../setup/checks/index.ts';
import { reportGroups } from '../../setup/checks/reportGroups.ts';
import { steps } from '../../setup/setupGuides.ts';
import type { StepId } from '../../setup/setupGuides.ts';
import { changesOf } from './setupChanges.ts';
import { setupItem } from './setupItems.ts';
import { changeLines, linesOf } from './setupNodes.ts';
import type { SetupNode } from './setupNodes.ts';
import type { SetupRun } from './setupRun.ts';
import { personAnswer, reportedIn } from './setupSections.ts';
import type { Ticks } from './setupSections.ts';

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
        return changeLines(this.#run);
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
      checks.find(({ id }) => this.#run.resultOf(id)?.state === 'fail') ??
      checks.find(({ id }) => this.#run.resultOf(id)?.reason === 'signInNotCompleted');
    return failed === undefined ? undefined : this.#checkNodes.get(failed.id);
  }

  getTreeItem(node: SetupNode): TreeItem {
    const drawn = { run: this.#run, ticks: this.#ticks };
    return setupItem(drawn, node, node.kind === 'step' && this.#isOpened(node.step));
  }

  #isOpened(step: StepId): boolean {
    const checks = this.#run.checksAt(step);
    if (checks.some(({ id }) => this.#run.resultOf(id)?.state === 'fail')) this.#opened.add(step);
    return this.#opened.has(step);
  }

  /** The details of a check; empty for a verified one. */
  #linesOf(run: SetupRun, check: Check): SetupNode[] {
    const isVerified = check.run === undefined && (this.#ticks.has(check.id) || run.isProven(check));
    return linesOf(run, check, isVerified);
  }
}

const changesNode: SetupNode = { kind: 'changes' };
const personNode: SetupNode = { kind: 'person' };
