import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Import direction (docs/ARCHITECTURE.md): the core imports neither the editor nor Node. */
const only = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });
const noEditor = {
  group: ['vscode'],
  message: 'Only the shell, the adapters and extension.ts may import the editor.',
};
const noNode = { regex: '^node:', message: 'The core must not import Node: add a port to core/ports.ts.' };
const noTest = { regex: '/test/', message: 'Product code must not know that it is tested.' };
const room = (name) => ({
  regex: `^\\.\\.?/(.*/)?${name}/`,
  message: `This room must not import from ${name}.`,
});
const coreLibraries = {
  regex: '^(?!\\.|oauth4webapi$|valibot$)',
  message: 'The core depends on oauth4webapi and valibot only.',
};

/** Text shown to users may contain a server's words, a link's name or a setting. */
const drawing =
  'show(Error|Warning|Information)Message|setStatusBarMessage|withProgress|(create|show)QuickPick|' +
  '(create|show)InputBox|createStatusBarItem|createWebviewPanel|createTreeView|registerTreeDataProvider|' +
  'registerWebviewViewProvider';
const throughUi = 'Show text only through src/shell/ui, which renders no links, icons or markup from it.';
const restricted = (selector, message = throughUi) => ({ selector, message });
/** V8 resolves the properties of a literal whenever it parses the code around it, such as at activation. */
const noUnicodeLiteral = restricted(
  'Literal[regex.pattern=/\\\\p\\{/i]',
  'Use unicodePattern (src/core/text/unicodePattern.ts) for an expression with Unicode properties.',
);
const onlyUiDraws = [
  restricted(`MemberExpression[property.name=/^(${drawing})$/]`),
  restricted(`MemberExpression[computed=true][object.name=/^(window|vscode)$/]`),
  restricted(`ObjectPattern > Property[key.name=/^(${drawing})$/]`),
  restricted(
    'ImportDeclaration[importKind="value"] > ImportSpecifier[imported.name=/^(MarkdownString|TreeItem)$/]',
  ),
  restricted('ImportDeclaration[source.value="vscode"] > ImportNamespaceSpecifier'),
  restricted('ImportSpecifier[imported.name="window"][local.name!="window"]'),
  restricted(':not(MemberExpression, ImportSpecifier) > Identifier[name="window"]'),
  restricted(
    'Literal[value=/\\$\\([a-z]/]',
    'Keep icons out of texts: src/shell/ui takes an icon separately.',
  ),
  restricted(
    'TemplateElement[value.raw=/\\$\\([a-z]/]',
    'Keep icons out of texts: src/shell/ui takes an icon separately.',
  ),
];

const noPlatform = ['window', 'document', 'process', 'Buffer', 'setTimeout', 'setInterval'];

/** Rules of this project; `oxlint.jsonc` has the general ones. */
export default defineConfig(
  {
    files: ['src/**/*.ts'],
    languageOptions: { parser: tseslint.parser },
    rules: { 'no-restricted-syntax': ['error', noUnicodeLiteral] },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/shell/ui/*.ts'],
    rules: { 'no-restricted-syntax': ['error', noUnicodeLiteral, ...onlyUiDraws] },
  },
  {
    files: ['src/core/**/*.ts'],
    rules: {
      ...only(
        noEditor,
        noNode,
        noTest,
        coreLibraries,
        ...['input', 'output', 'features', 'setup', 'adapters', 'shell'].map(room),
      ),
      'no-restricted-globals': ['error', ...noPlatform],
    },
  },
  {
    files: ['src/input/**/*.ts'],
    rules: {
      ...only(noEditor, noNode, noTest, ...['output', 'features', 'setup', 'adapters', 'shell'].map(room)),
      'no-restricted-globals': ['error', ...noPlatform],
    },
  },
  {
    files: ['src/output/**/*.ts'],
    rules: {
      ...only(
        noEditor,
        noNode,
        noTest,
        ...['core', 'input', 'features', 'setup', 'adapters', 'shell'].map(room),
      ),
      'no-restricted-globals': ['error', ...noPlatform],
    },
  },
  {
    files: ['src/features/**/*.ts'],
    rules: {
      ...only(noEditor, noNode, noTest, ...['setup', 'adapters', 'shell'].map(room)),
      'no-restricted-globals': ['error', ...noPlatform],
    },
  },
  {
    files: ['src/setup/**/*.ts'],
    rules: {
      ...only(noEditor, noNode, noTest, ...['features', 'adapters', 'shell'].map(room)),
      'no-restricted-globals': ['error', ...noPlatform],
    },
  },
  { files: ['src/adapters/node/**/*.ts'], rules: only(noEditor, noTest, ...['vscode', 'shell'].map(room)) },
  { files: ['src/adapters/vscode/**/*.ts'], rules: only(noTest, room('shell')) },
  { files: ['src/shell/**/*.ts'], rules: only(noTest, noNode, room('adapters')) },
  {
    // Prints to a terminal, which has no icons; loaded separately on each call.
    files: ['src/ssoToken/**/*.ts'],
    rules: {
      ...only(noEditor, noTest, ...['core', 'input', 'output', 'setup', 'adapters', 'shell'].map(room)),
      'no-restricted-syntax': 'off',
    },
  },
  { files: ['src/extension.ts'], rules: only(noTest) },
);
