import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { joinSentences } from '../../../src/output/joinSentences.ts';
import { projectRoot } from '../../tools/lib/paths.ts';

describe('joinSentences', () => {
  test.each([
    [['It failed.', 'Try again.'], 'It failed. Try again.'],
    [['失敗しました。', 'もう一度お試しください。'], '失敗しました。もう一度お試しください。'],
    [['It failed.', '', 'Try again.'], 'It failed. Try again.'],
    [[''], ''],
  ])('%s', (sentences, line) => {
    expect(joinSentences(...sentences)).toBe(line);
  });

  test('a space stood between Japanese sentences that were put together by hand', () => {
    const found = globSync('src/{shell,setup}/**/*.ts', { cwd: projectRoot }).filter((path) =>
      /\$\{(?:title|cause|sentence)\} \$\{|\} \$\{l10n\.t\(/.test(
        readFileSync(join(projectRoot, path), 'utf8'),
      ),
    );
    expect(found).toEqual([]);
  });
});
