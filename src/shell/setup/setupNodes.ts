import { l10n, ThemeColor, ThemeIcon } from 'vscode';
import { defined } from '../../core/defined.ts';
import type { Check } from '../../setup/checks/index.ts';
import type { StepId } from '../../setup/setupGuides.ts';
import type { InputName } from '../../setup/setupPorts.ts';
import { columns, wrapText } from '../ui/wrapText.ts';
import {
  checkTitle,
  consolePath,
  evidenceLine,
  isExplained,
  ownerName,
  resultText,
  stateWord,
} from './checkTexts.ts';
import { changesOf, changeTexts } from './setupChanges.ts';
import type { SetupRun } from './setupRun.ts';

/**
 * A node of the tree: the changes, a person's access and its checks, a step, a check, a group of checks with
 * the same missing input, or a detail of a check, which may have child lines.
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

/** Icons by the state of a result. */
export const icons = {
  pass: new ThemeIcon('pass', new ThemeColor('testing.iconPassed')),
  warning: new ThemeIcon('warning', new ThemeColor('list.warningForeground')),
  fail: new ThemeIcon('error', new ThemeColor('testing.iconFailed')),
  inconclusive: new ThemeIcon('question'),
};

/**
 * Columns that fit in a window 900 pixels wide: of a label below a check, and in the smaller characters of a
 * description, below a check and in its own line.
 */
const labelColumns = 95;
const descriptionColumns = 108;
const checkColumns = 120;
/** The columns of a description that a column of a label takes. */
const labelColumn = 1.15;

/** The lines below the changes since the last run. */
export function changeLines(run: SetupRun): SetupNode[] {
  const changes = changesOf(run);
  if (changes === undefined) return [];
  return changeTexts(run, changes).map(({ title, change, state }) => ({
    kind: 'line',
    label: title,
    description: change,
    icon: state === undefined ? 'calendar' : icons[state],
    copies: `${title}: ${change}`,
  }));
}

/** The lines below a check: what it found, and unless that is verified already, what to do. */
export function linesOf(run: SetupRun, check: Check, isVerified: boolean): SetupNode[] {
  const result = run.resultOf(check.id);
  if (result === undefined) return [];
  const { found, next, value, path = consolePath(check) } = resultText(check, result);
  const owner = ownerName(check.owner);
  const opens = run.consoleUrlOf(check);
  const isInTitle =
    columns(checkTitle(check)) * labelColumn + columns(`${stateWord(result.state)}: ${found}`) <=
    checkColumns;
  return [
    // A short text is already in the check's own line.
    ...(!isExplained(check, result) || isInTitle ? [] : paragraph('info', found)),
    ...(next === undefined || next === '' || isVerified ? [] : paragraph('arrow-right', next, value)),
    ...(path === undefined ? [] : pathLines(owner, path, opens)),
    ...result.evidence.flatMap((evidence): SetupNode[] => {
      const words = evidenceLine(check, evidence);
      if (words === undefined) return [];
      const { name, values } = words;
      const [only] = values;
      if (values.length === 1 && only === value) return []; // The instructions already contain it.
      if (values.length === 1 && only !== undefined)
        return [{ kind: 'line', icon: 'note', label: name, description: only, copies: only }];
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

/** A text in as many lines as it needs, since the tree cuts off what does not fit; each copies all of it. */
function paragraph(icon: string, text: string, copies = text): SetupNode[] {
  return wrapText(text, labelColumns).map((label, index) => ({
    kind: 'line',
    icon: index === 0 ? icon : 'blank',
    label,
    copies,
  }));
}

/** Who has to act and where, in as many lines as the path needs. */
function pathLines(owner: string, path: string, opens: string | undefined): SetupNode[] {
  const at = /(?<=> )/;
  const first = descriptionColumns - columns(owner) * labelColumn - 1;
  // Where to copy the value from, if it is named, begins a line.
  const [place = '', ...sources] = path.split(/(?<=; )/);
  const rows = [
    ...wrapText(place, descriptionColumns, { first, at }),
    ...sources.flatMap((source) => wrapText(source, descriptionColumns, { at })),
  ];
  return rows.map((description, index) => ({
    kind: 'line',
    icon: index === 0 ? 'link-external' : 'blank',
    label: index === 0 ? owner : '',
    description,
    copies: path,
    ...defined({ opens }),
  }));
}
