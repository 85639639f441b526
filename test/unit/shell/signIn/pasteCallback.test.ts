import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Callback } from '../../../../src/core/oauth/userInteraction.ts';
import { askCallback } from '../../../../src/shell/signIn/pasteCallback.ts';
import type { PasteOutcome } from '../../../../src/shell/signIn/pasteCallback.ts';
import { screen } from '../../fakes/screen.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const redirectUri = 'http://localhost:8008/oauth/callback';

function asking(takeCallback: (callback: Callback) => boolean = () => true) {
  const outcomes: PasteOutcome[] = [];
  const question = askCallback('Title', { redirectUri, takeCallback }, (how) => outcomes.push(how));
  return { question, outcomes };
}

describe('askCallback', () => {
  test('masks the input, since it contains a code', () => {
    asking();
    expect(screen.field).toMatchObject({ password: true, placeholder: `${redirectUri}?code=…&state=…` });
  });

  test('closes once the address is accepted', () => {
    const taken: unknown[] = [];
    const { outcomes } = asking(({ parameters }) => taken.push(parameters.get('code')) > 0);
    screen.field.submit(`${redirectUri}?code=1`);
    expect(taken).toEqual(['1']);
    expect(outcomes).toEqual(['taken']);
    expect(screen.input).toBeUndefined();
  });

  test.each([
    ['x', /^That isn’t a callback URL. It starts with http:\S+[^?]$/],
    [`${redirectUri}?code=1`, /^That URL belongs to another sign-in/],
  ] as const)('reports the problem and stays open: %s', (text, said) => {
    const { outcomes } = asking(() => false);
    screen.field.submit(text);
    expect(screen.field.validationMessage).toMatch(said);
    expect(outcomes).toEqual([]);
  });

  test('distinguishes Escape, Back and the end of the prompt, each once', () => {
    const escaped = asking();
    screen.field.escape();
    const back = asking();
    screen.field.press('Back');
    const over = asking();
    over.question[Symbol.dispose]();
    over.question[Symbol.dispose]();
    expect([escaped.outcomes, back.outcomes, over.outcomes]).toEqual([['cancelled'], ['back'], ['over']]);
  });
});
