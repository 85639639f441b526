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
  shown: 'shown',
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
    '# How each setup step is verified',
    '',
    `The ${guideSteps.length} steps and values of the two guides. \`npm run format\` generates this page from the checks in \`src/setup/checks\`. _By its effect_: no API returns the setting, but its effect shows that it’s right. _Shown_: it’s read, and you compare it. _Partly_: a check covers what was typed, or one example of many.`,
    '',
    '| Verified | Steps |',
    '| --- | --- |',
    ...proofs.map((proof) => `| ${words[proof]} | ${count(proof)} |`),
    '',
    ...(['identityCenter', 'kiro'] as const).flatMap((guide) => [
      `## ${guideTitles(english)[guide]}`,
      '',
      '| # | Step or value | Verified | By | Note |',
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
