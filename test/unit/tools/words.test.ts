import { describe, expect, test } from 'vitest';

import { parse } from '../../tools/lib/house/source.ts';
import { wordsIn } from '../../tools/lib/words.ts';

const of = (text: string) => wordsIn(parse('file.ts', text));

describe('wordsIn', () => {
  test.each([
    ["l10n.t('Sign in')", ['Sign in']],
    ['l10n.t("It\'s here")', ["It's here"]],
    ["l10n.t('“{0}” isn\\'t \\u2026', name)", ["“{0}” isn't …"]],
    ["f(l10n.t('outer: {0}', l10n.t('inner')))", ['outer: {0}', 'inner']],
    ["l10n.t(\n  'on a line of its own',\n  1,\n)", ['on a line of its own']],
    ['l10n.t(text)', []],
    ["other.t('no')", []],
    ["// l10n.t('no')\nconst s = \"l10n.t('no')\";", []],
  ])('%s', (text, words) => {
    expect(of(text)).toEqual(words);
  });
});
