import { join } from 'node:path';
import { ESLint, Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../../../tools/lib/paths.ts';

/** Foreign text reaches VS Code's API only through src/shell/ui (04.01 to 04.06, 04.13): the linter enforces it. */

type Rule = Linter.RuleEntry;

let elsewhere: Rule;
let inUi: Rule;

async function ruleFor(file: string): Promise<Rule> {
  const eslint = new ESLint({
    cwd: projectRoot,
    overrideConfigFile: join(projectRoot, '.config/eslint.config.mjs'),
  });
  const config = (await eslint.calculateConfigForFile(join(projectRoot, file))) as {
    readonly rules: Readonly<Record<string, Rule>>;
  };
  return config.rules['no-restricted-syntax'] ?? 'off';
}

function complaints(rule: Rule, code: string): readonly string[] {
  const config = {
    files: ['**/*.ts'],
    languageOptions: { parser: tseslint.parser as Linter.Parser },
    rules: { 'no-restricted-syntax': rule },
  };
  return new Linter({ configType: 'flat' }).verify(code, [config], 'x.ts').map(({ message }) => message);
}

beforeAll(async () => {
  [elsewhere, inUi] = await Promise.all([ruleFor('src/shell/x.ts'), ruleFor('src/shell/ui/x.ts')]);
});

const sinks = [
  "window.showErrorMessage('x');",
  "window.showWarningMessage('x');",
  "window.showInformationMessage('x');",
  "window.setStatusBarMessage('x');",
  'window.withProgress({}, work);',
  'window.createQuickPick();',
  'window.showQuickPick([]);',
  'window.createInputBox();',
  'window.showInputBox();',
  "window.createStatusBarItem('x');",
  "window.createWebviewPanel('x', 'x', 1);",
  "window.createTreeView('x', {});",
  "import { MarkdownString } from 'vscode';",
  "import { TreeItem } from 'vscode';",
];
const waysAround = [
  "window['showErrorMessage']('x');",
  "vscode.window.showErrorMessage('x');",
  'const { showErrorMessage } = window;',
  'const { showErrorMessage: say } = context.editor;',
  'const editor = window;',
  'use(window);',
  "import { window as editor } from 'vscode';",
  "import * as vscode from 'vscode';",
  'const say = context.editor.showErrorMessage;',
  "const label = '$(warning) x';",
  'const label = `$(warning) ${name}`;',
];

test.each([...sinks, ...waysAround])('elsewhere, %s is an error', (code) => {
  expect(complaints(elsewhere, code)).not.toEqual([]);
});

test.each(['src/shell/status/x.ts', 'src/adapters/vscode/x.ts', 'src/core/session/x.ts', 'src/extension.ts'])(
  'the rule applies in %s',
  async (file) => {
    expect(await ruleFor(file)).toEqual(elsewhere);
  },
);

test.each(sinks)('in src/shell/ui, %s is allowed', (code) => {
  expect(complaints(inUi, code)).toEqual([]);
});

test.each([
  "import type { MarkdownString } from 'vscode';",
  'window.state.focused;',
  'window.showTextDocument(x);',
])('%s shows no foreign text', (code) => {
  expect(complaints(elsewhere, code)).toEqual([]);
});
