import { existsSync, readFileSync } from 'node:fs';

import { markdownTable, writeMeasured } from './measured.ts';

/** The command in the heading of the table in `docs/MEASURED.md`. */
export const JOURNEY_COMMAND = 'npm run test:editors';

/** The parts of the journey (test/host/journey.ts) by test title, which are the columns. */
const columns: Readonly<Record<string, string>> = {
  'begins with a sign-in to IAM Identity Center': 'Identity Center, device code',
  'goes on with a sign-in to Okta': 'Okta, PKCE',
  'gives another extension a token that the service accepts': 'token for another extension',
  'keeps both sign-ins over a reload': 'reload',
  'checks a setup, and finds nothing wrong': 'Check SSO Setup',
  'reads the walkthroughs': 'walkthroughs',
  'has no walkthroughs, and offers none': 'walkthroughs',
  'signs out of both': 'sign-out',
};

const head = ['editor', ...new Set(Object.values(columns))];

/** The part of vitest's JSON report that is used here. */
interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}

/**
 * Adds the result of the journey in an editor to the document.
 * @param reportFile vitest's report; an aborted run leaves none
 */
export async function recordJourney(editor: string, reportFile: string): Promise<void> {
  if (!existsSync(reportFile)) return;
  await writeMeasured(JOURNEY_COMMAND, (document) => journeySection(document, editor, reportFile));
}

/**
 * The journeys section with a row for this run, replacing the editor's previous row.
 * @param document may already contain the section
 * @param editor its name and version
 * @param reportFile vitest's report of the journey
 */
export function journeySection(document: string, editor: string, reportFile: string): string {
  const report = JSON.parse(readFileSync(reportFile, 'utf8')) as Report;
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const cells = head.slice(1).map((column) => {
    const test = tests.find(({ title }) => columns[title] === column);
    if (test?.status === 'failed') return '**fails**';
    if (test?.status !== 'passed') return 'not reached';
    return test.title.startsWith('has no') ? 'none there' : 'works';
  });
  const others = rowsOf(document).filter(([name]) => name !== editor);
  const rows = [...others, [editor, ...cells]].toSorted(byEditor);
  return `
## One journey in several editors

\`npm run test:editors\`, and \`npm run test:theia\` for Eclipse Theia: the packaged extension with the sandbox, used as a person
would. The Accounts menu is checked after each sign-in, the reload, and each sign-out. The first VS Code is the oldest that the
manifest allows.

${markdownTable(head, rows)}
`;
}

/** The rows of the table in a document. */
function rowsOf(document: string): string[][] {
  const [, section = ''] = document.split(`<!-- ${JOURNEY_COMMAND} -->`);
  const [table = ''] = section.split(`<!-- end of ${JOURNEY_COMMAND} -->`);
  return table
    .split('\n')
    .filter((line) => /^\| (?:VS Code|Eclipse) /.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** Sort order: VS Code first, oldest version first. */
function byEditor([one = '']: readonly string[], [other = '']: readonly string[]): number {
  const isVsCode = (name: string): number => (name.startsWith('VS Code') ? 0 : 1);
  return isVsCode(one) - isVsCode(other) || one.localeCompare(other, 'en', { numeric: true });
}
