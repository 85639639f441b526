import { format, resolveConfig } from 'prettier';
import { checksOf } from '../../../../src/setup/checks/index.ts';
import type { CheckId } from '../../../../src/setup/checks/index.ts';
import { guideTitles } from '../../../../src/setup/setupGuides.ts';
import type { SetupGuideId } from '../../../../src/setup/setupGuides.ts';
import type { Translator } from '../../../../src/setup/translator.ts';
import { guideSteps } from './guideSteps.ts';
import type { Proof } from './guideSteps.ts';

/** Path of the document, relative to the repository. */
export const coverageFile = 'docs/SETUP-COVERAGE.md';

const words: Readonly<Record<Proof, string>> = {
  machine: 'by machine',
  signIn: 'by machine, with a test sign-in',
  effect: 'by its effect',
  partly: 'partly',
  manual: 'manually',
  no: 'not',
};

const english: Translator = { t: (message) => message };

/** The document that says how each step of the two guides is verified, generated from the checks. */
export async function coverageTable(): Promise<string> {
  const count = (proof: Proof): number => guideSteps.filter((one) => one.proof === proof).length;
  const proofs = Object.keys(words) as Proof[];
  const lines = [
    '# How each step of the setup is proven',
    '',
    `Made by \`npm run format\` of the checks in \`src/setup/checks\`: ${guideSteps.length} steps and values of the two guides. A step that is proven _by its effect_ can’t be read, but does what it’s for. One that is proven _partly_ is proven by what was typed, or by one example of many.`,
    '',
    '| Proven | Steps |',
    '| --- | --- |',
    ...proofs.map((proof) => `| ${words[proof]} | ${count(proof)} |`),
    '',
    ...(['identityCenter', 'kiro'] as const).flatMap((guide) => [
      `## ${guideTitles(english)[guide]}`,
      '',
      '| # | Step or value | Proven | By | Note |',
      '| --- | --- | --- | --- | --- |',
      ...guideSteps
        .filter((one) => one.guide === guide)
        .map(({ number, step, proof, checks, note = '' }) => {
          const by = checks.map((id) => `${titleOf(guide, id)} (\`${id}\`)`).join('; ');
          return `| ${number} | ${step} | ${words[proof]} | ${by} | ${note} |`;
        }),
      '',
    ]),
  ];
  const options = await resolveConfig(coverageFile);
  return format(lines.join('\n'), { ...options, parser: 'markdown' });
}

function titleOf(guide: SetupGuideId, id: CheckId): string {
  const check = checksOf[guide].find((one) => one.id === id);
  if (check === undefined) throw new Error(`${guide} has no check ${id}.`);
  return check.texts(english).title;
}
