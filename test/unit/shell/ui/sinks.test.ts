import fc from 'fast-check';
import { beforeEach, expect, test, vi } from 'vitest';
import { TreeItemCollapsibleState } from 'vscode';
import {
  askInformation,
  askWarning,
  showError,
  showInformation,
  showStatusMessage,
  showWarning,
  withProgressNotification,
} from '../../../../src/shell/ui/messages.ts';
import { createPage } from '../../../../src/shell/ui/page.ts';
import { List, showList } from '../../../../src/shell/ui/quickPick.ts';
import { createStatusBarEntry } from '../../../../src/shell/ui/statusBarItem.ts';
import { TextInput } from '../../../../src/shell/ui/textInput.ts';
import { treeItem } from '../../../../src/shell/ui/tree.ts';

/** Everything passed to VS Code, by any function. */
const { given } = vi.hoisted(() => ({ given: [] as unknown[] }));

vi.mock('vscode', async () => {
  const fake = await import('../../fakes/vscode.ts');
  const events = [
    'onDidAccept',
    'onDidHide',
    'onDidChangeValue',
    'onDidChangeActive',
    'onDidTriggerButton',
    'onDidTriggerItemButton',
  ];
  const surface = () => {
    const made = Object.fromEntries(
      [...events, 'show', 'hide', 'dispose'].map((name) => [name, () => undefined]),
    );
    given.push(made);
    return made;
  };
  const take = async (...all: readonly unknown[]) => void given.push(...all);
  function Made(this: object, ...all: readonly unknown[]) {
    given.push(this, ...all);
  }
  return {
    ...fake,
    window: {
      showErrorMessage: take,
      showWarningMessage: take,
      showInformationMessage: take,
      setStatusBarMessage: take,
      showQuickPick: take,
      withProgress: async (options: unknown, work: (progress: unknown, token: unknown) => unknown) => {
        given.push(options);
        await work({ report: (one: unknown) => given.push(one) }, {});
      },
      createQuickPick: surface,
      createInputBox: surface,
      createStatusBarItem: surface,
      createWebviewPanel: (_type: string, title: string) => given.push(title),
    },
    ...{ MarkdownString: Made, TreeItem: Made, ThemeIcon: Made, ThemeColor: Made },
    ...{
      ProgressLocation: {},
      StatusBarAlignment: {},
      ViewColumn: {},
      TreeItemCheckboxState: {},
      TreeItemCollapsibleState: { None: 0 },
    },
  };
});

beforeEach(() => {
  given.length = 0;
});

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '[x](command:y)',
        '[x](https://evil.example)',
        '](',
        '[',
        ')',
        '$(verified-filled)',
        '$(',
        '\u200b',
        '\u202e',
        '\n',
      ),
      fc.constantFrom(
        '<img src=//evil.example>',
        '![x](https://evil.example)',
        '`',
        '*',
        'command:',
        ' ',
        'x',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

function stringsIn(value: unknown, depth = 0): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth > 5) return [];
  return Object.values(value).flatMap((one) => stringsIn(one, depth + 1));
}

/** Every output function of src/shell/ui, with one text in all places. */
async function drawEverywhere(text: string): Promise<void> {
  await showError(text, text);
  await showWarning(text, text);
  await showInformation(text, text);
  await askWarning(text, { detail: text }, text);
  await askInformation(text, { detail: text }, text);
  showStatusMessage(text, 1);
  await withProgressNotification({ title: text }, async (report) => report({ message: text }));
  const rows = [{ label: text, icon: 'account', description: text, detail: text }];
  await showList(rows, { title: text, placeHolder: text });
  const list = new List();
  list.title = text;
  list.placeholder = text;
  list.rows = rows;
  const input = new TextInput({ title: text, prompt: text, placeholder: text });
  input.problem = text;
  createStatusBarEntry('x', text, 'x').show({
    ...{ icon: 'account', text, spoken: text, isWarning: true },
    hover: [{ heading: text, lines: [text] }],
  });
  treeItem({
    label: text,
    description: text,
    state: TreeItemCollapsibleState.None,
    contextValue: 'x',
    hover: [text],
    spoken: text,
  });
  createPage('x', text);
}

test('04.01 to 04.06, 04.13: no output function renders a link, an icon or invisible characters', async () => {
  await fc.assert(
    fc.asyncProperty(hostile, async (text) => {
      given.length = 0;
      await drawEverywhere(text);
      const drawn = stringsIn(given);
      expect(drawn.length).toBeGreaterThan(30);
      for (const one of drawn) {
        const ours = one.replace(/^\$\((?:account|check)\) /, '');
        expect(ours).not.toMatch(/\]\(|\$\(/);
        expect(ours.replaceAll('\n', '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
      }
    }),
    { numRuns: 500 },
  );
});

test('a selection is returned unchanged, and our own link is rendered next to the text', async () => {
  const link = { label: 'Sign in', command: 'developerSignIn.signInAgain', args: [{ sessionId: 'a)b' }] };
  await withProgressNotification({ title: '[x](command:evil)', link }, async () => undefined);
  expect(given[0]).toMatchObject({
    title:
      '(x) (command:evil) [Sign in](command:developerSignIn.signInAgain?%5B%7B%22sessionId%22%3A%22a%29b%22%7D%5D)',
  });
});

test('a bracket in a title made the text behind it part of our own link', async () => {
  const link = { label: 'Sign In Again', command: 'developerSignIn.signInAgain', args: [] };
  await withProgressNotification(
    { title: 'Your session for Okta [verified (x) ends', link },
    async () => undefined,
  );
  const { title } = given[0] as { readonly title: string };
  // VS Code's pattern for a link in a message; its label may contain an opening bracket.
  const links = [...title.matchAll(/\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)\)/gi)];
  expect(links.map(([, label]) => label)).toEqual(['Sign In Again']);
});
