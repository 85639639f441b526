import { beforeEach, describe, expect, test, vi } from 'vitest';
import { askCallback } from '../../../../src/shell/signIn/pasteCallback.ts';
import type { PasteOutcome } from '../../../../src/shell/signIn/pasteCallback.ts';
import { screen } from '../../fakes/screen.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const redirectUri = 'http://localhost:8008/oauth/callback';
const request = { url: 'https://example.okta.com', redirectUri, alternatives: [] };

function asking(paste: (text: string) => 'notCallback' | 'otherSignIn' | undefined = () => undefined) {
  const outcomes: PasteOutcome[] = [];
  const question = askCallback('Title', request as never, paste, (how) => outcomes.push(how));
  return { question, outcomes };
}

describe('askCallback', () => {
  test('hides what is typed, since it carries a code', () => {
    asking();
    expect(screen.field).toMatchObject({ password: true, placeholder: `${redirectUri}?code=…&state=…` });
  });

  test('closes once the address is taken', () => {
    const pasted: string[] = [];
    const { outcomes } = asking((text) => void pasted.push(text));
    screen.field.submit(`${redirectUri}?code=1`);
    expect(pasted).toEqual([`${redirectUri}?code=1`]);
    expect(outcomes).toEqual(['taken']);
    expect(screen.input).toBeUndefined();
  });

  test.each([
    ['notCallback', /^That isn’t a callback URL/],
    ['otherSignIn', /^That URL belongs to another sign-in/],
  ] as const)('says what is wrong and stays: %s', (problem, said) => {
    const { outcomes } = asking(() => problem);
    screen.field.submit('x');
    expect(screen.field.validationMessage).toMatch(said);
    expect(outcomes).toEqual([]);
  });

  test('tells Escape, Back and the end of the turn apart, each once', () => {
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
