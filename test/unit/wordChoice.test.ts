import { describe, expect, test } from 'vitest';

import { languages, manifestTexts, sourceTexts, translatedTexts } from '../tools/lib/words.ts';

/** One word per concept, in addition to the terms in docs/TERMS.md: variants that occurred, and the one to use. */
const oneWord: Readonly<Record<'en' | (typeof languages)[number], readonly (readonly [RegExp, string])[]>> = {
  en: [
    [/\blacks?\b/i, 'is missing, doesn’t have'],
    [/\buser names?\b/i, 'username'],
    [/\bannounce/i, 'list'],
    [/\bmay not\b/i, 'isn’t allowed to, or may … not'],
    [/\bLeave it empty\b/i, 'Leave empty'],
    [/(?<![\w“])(?:is|are|was|were|do|does|did) not\b(?! verified)/, 'isn’t, aren’t …'],
    [/\b(?:cannot|You are|There is|It is)\b/, 'can’t, You’re, There’s, It’s'],
    [/\bplease\b/i, 'no “please” at all'],
    [/\bat its end\b/i, 'trailing'],
  ],
  de: [
    [/[\w})]…/, 'a space before …'],
    [/Client-Geheimnis/, 'Client Secret'],
    [/Dienst-App/, 'Service-App'],
    [/\bAnfragen?\b|anfragen?\b/, 'Anforderung'],
    [/Gewährung/, 'Grant-Typ'],
    [/IAM Identity Center-\w/, 'IAM-Identity-Center-…'],
    [/["“](?=\p{L})|(?<=\p{L})["”]/u, '„…“'],
  ],
  ja: [
    [/[「」“”［］]/, '"…" and […]'],
    [/テストサインイン|エラーコード|サインインエンドポイント/, 'a space between katakana words'],
    [/証明機関/, '認証局'],
    [/秘密キー/, '秘密鍵'],
    [/グラント/, '付与タイプ'],
    [/すでに/, '既に'],
    [/この確認/, 'このチェック'],
    [/リクエスト/, '要求'],
    [/\p{Script=Han} [\p{Script=Hiragana}\p{Script=Han}]/u, 'no space between Japanese words'],
  ],
};

/** Leaves out typed values and names of consoles or files, which are not ours to choose. */
const own = (text: string): string =>
  text.replaceAll(/`[^`]*`|\]\([^)]*\)|[\w.-]+ "[^"]*"/g, ' ').replaceAll(/\[sso-session[^\]]*\]/g, ' ');

describe.each(['en', ...languages] as const)('in %s', (language) => {
  const texts =
    language === 'en'
      ? { ...sourceTexts(), ...manifestTexts() }
      : { ...translatedTexts(language), ...manifestTexts(language) };

  test.each(oneWord[language])('%s does not occur; use %s', (variant, instead) => {
    expect(
      Object.values(texts).filter((text) => variant.test(own(text))),
      `Say instead: ${instead}`,
    ).toEqual([]);
  });
});
