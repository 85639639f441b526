import { l10n, ThemeIcon, TreeItemCollapsibleState } from 'vscode';
import type { TreeItem } from 'vscode';
import { defined } from '../../core/defined.ts';
import { joinSentences } from '../../output/joinSentences.ts';
import { needsAttention } from '../../setup/checkResult.ts';
import type { CheckResult } from '../../setup/checkResult.ts';
import type { Check } from '../../setup/checks/index.ts';
import { inputTitle } from '../../setup/inputTitle.ts';
import { steps } from '../../setup/setupGuides.ts';
import type { StepId } from '../../setup/setupGuides.ts';
import { treeItem } from '../ui/tree.ts';
import { checkTitle, countsText, isExplained, resultText, stateWord, stepTitle } from './checkTexts.ts';
import { changesHeading, changesOf, changesSummary } from './setupChanges.ts';
import { icons } from './setupNodes.ts';
import type { SetupNode } from './setupNodes.ts';
import type { SetupRun } from './setupRun.ts';
import { personAnswer } from './setupSections.ts';
import type { Ticks } from './setupSections.ts';

/** A run of the checks, and the items that the user has ticked. */
export interface DrawnSetup {
  readonly run: SetupRun;
  readonly ticks: Ticks;
}

/** The tree item of a node. @param isOpen whether to expand a step */
export function setupItem(drawn: DrawnSetup, node: SetupNode, isOpen: boolean): TreeItem {
  switch (node.kind) {
    case 'changes':
      return changesItem(drawn);
    case 'person':
      return personItem(drawn);
    case 'personCheck':
      return personCheckItem(drawn, node.check);
    case 'step':
      return stepItem(drawn, node.step, isOpen);
    case 'missing':
      return missingItem(node);
    case 'check':
      return node.check.run === undefined ? manualItem(drawn, node.check) : checkItem(drawn.run, node.check);
    case 'line':
      return treeItem({
        label: node.label,
        description: node.description,
        icon: node.icon,
        state: (node.lines ?? []).length > 0 ? TreeItemCollapsibleState.Expanded : none,
        hover: [node.opens ?? node.copies],
        ...defined({ opens: node.opens }),
        contextValue: 'setupLine',
      });
  }
}

function stepItem({ run, ticks }: DrawnSetup, step: StepId, isOpen: boolean): TreeItem {
  const checks = run.checksAt(step);
  const states = checks.map(({ id }) => run.stateOf(id).state);
  const results = checks.flatMap(({ id }) => run.resultOf(id) ?? []);
  const place = steps[run.document].indexOf(step) + 1;
  const isWrong = results.some(({ state }) => state === 'fail');
  const isBusy = states.includes('running');
  const count = (state: CheckResult['state']): number => results.filter((one) => one.state === state).length;
  const manual = checks.filter((check) => check.run === undefined);
  const open = manual.filter((check) => !run.isProven(check));
  const ticked = open.filter((check) => ticks.has(check.id)).length;
  const notKnown = count('inconclusive') - manual.filter(({ id }) => run.resultOf(id)).length;
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
  const isRight = results.length > 0 && notKnown === 0 && !isWrong;
  const icon = isBusy
    ? 'loading~spin'
    : isWrong
      ? icons.fail
      : results.some(needsAttention)
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

function missingItem({ step, input, checks }: SetupNode & { readonly kind: 'missing' }): TreeItem {
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

function manualItem({ run, ticks }: DrawnSetup, check: Check): TreeItem {
  const label = checkTitle(check);
  const isTicked = ticks.has(check.id);
  const proven = run.proofOf(check);
  const description =
    proven === undefined
      ? isTicked
        ? l10n.t('Verified by you')
        : l10n.t('To verify manually')
      : l10n.t('Verified by “{0}”', checkTitle(proven));
  return treeItem({
    id: check.id,
    contextValue: `setupManual${run.consoleUrlOf(check) === undefined ? '' : ' console'}`,
    state: TreeItemCollapsibleState.Collapsed,
    label,
    description,
    isTicked: isTicked || proven !== undefined,
    spoken: `${label}: ${description}`,
  });
}

function changesItem({ run }: DrawnSetup): TreeItem {
  const changes = changesOf(run);
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

function personItem({ run }: DrawnSetup): TreeItem {
  const answer = personAnswer(run);
  const { heading = '', verdict } = answer ?? {};
  const isAsked = answer?.run !== run;
  const verdictIcons = {
    yes: icons.pass,
    manual: icons.inconclusive,
    no: icons.fail,
    open: icons.inconclusive,
  };
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

function personCheckItem(drawn: DrawnSetup, check: Check): TreeItem {
  const { run, ticks } = drawn;
  const isVerified = ticks.has(check.id) || run.isProven(check);
  const item = check.run === undefined ? manualItem(drawn, check) : checkItem(run.ofPerson, check);
  // The check also appears in its step, with another ID.
  item.id = `person ${check.id}`;
  item.contextValue = `setupPersonCheck${run.consoleUrlOf(check) === undefined ? '' : ' console'}`;
  // Here the state is read-only.
  if (item.checkboxState !== undefined)
    item.iconPath = isVerified ? icons.pass : new ThemeIcon('circle-large-outline');
  delete item.checkboxState;
  return item;
}

function checkItem(run: SetupRun, check: Check): TreeItem {
  const state = run.stateOf(check.id);
  const label = checkTitle(check);
  const page = run.consoleUrlOf(check) === undefined ? '' : ' console';
  const line = { id: check.id, contextValue: `setupCheck${page}`, label };
  if (state.state === 'done') {
    const { result } = state;
    const { found, next = '' } = resultText(check, result);
    const word = stateWord(result.state);
    return treeItem({
      ...line,
      state: TreeItemCollapsibleState.Collapsed,
      icon: result.state === 'inconclusive' && needsAttention(result) ? icons.warning : icons[result.state],
      description: isExplained(check, result) ? `${word}: ${found}` : word,
      hover: [`${label}: ${word}`, found, ...(next === '' ? [] : [next])],
      spoken: `${label}: ${word}. ${joinSentences(found, next)}`,
    });
  }
  const isBusy = state.state === 'running';
  const waiting = run.isRunning ? l10n.t('waiting') : l10n.t('Not checked');
  const description = isBusy ? l10n.t('checking…') : waiting;
  return treeItem({
    ...line,
    state: none,
    icon: isBusy ? 'loading~spin' : 'circle-large-outline',
    description,
    spoken: `${label}: ${description}`,
  });
}

const none = TreeItemCollapsibleState.None;
