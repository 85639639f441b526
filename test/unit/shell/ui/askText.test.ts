import { beforeEach, describe, expect, test, vi } from 'vitest';
import { askInSteps, askText, backError, isBack } from '../../../../src/shell/ui/askText.ts';
import { screen } from '../../fakes/screen.ts';
import { settle } from '../../fakes/settle.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const look = { title: 'Title', prompt: 'Prompt', placeholder: 'Placeholder' };

describe('askText', () => {
  test('resolves to the typed text once it is valid', async () => {
    const asked = askText({ ...look, problem: (text) => (text === 'good' ? undefined : 'Not good.') });
    screen.field.submit('bad');
    await settle();
    expect(screen.field.validationMessage).toBe('Not good.');
    screen.field.type('good');
    expect(screen.field.validationMessage).toBeUndefined();
    screen.field.enter();
    expect(await asked).toBe('good');
    expect(screen.input).toBeUndefined();
  });

  test('ignores the result for text that changed during validation', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const asked = rejectionOf(askText({ ...look, problem: () => promise }));
    screen.field.submit('old');
    expect(screen.field.busy).toBe(true);
    screen.field.type('new');
    resolve('Not good.');
    await settle();
    expect(screen.field).toMatchObject({ busy: false, validationMessage: undefined });
    screen.field.escape();
    await asked;
  });

  test('a text that was corrected before its check ended is not replaced by the earlier one', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const asked = rejectionOf(askText({ ...look, problem: () => promise }));
    screen.field.submit('old');
    screen.field.type('new');
    resolve(undefined);
    await settle();
    expect(screen.field).toMatchObject({ busy: false, value: 'new' });
    screen.field.escape();
    await asked;
  });

  test('Enter on a corrected text does not wait for the check of the wrong one', async () => {
    const signals: AbortSignal[] = [];
    const problem = (text: string, signal: AbortSignal) => {
      signals.push(signal);
      return text === 'good' ? undefined : new Promise<string>(() => {});
    };
    const asked = askText({ ...look, problem });
    screen.field.submit('wrong');
    screen.field.submit('good');
    expect(await asked).toBe('good');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  });

  test('Enter on the same text does not check it twice', async () => {
    const problem = vi.fn(() => new Promise<string>(() => {}));
    const asked = rejectionOf(askText({ ...look, problem }));
    screen.field.submit('x');
    screen.field.enter();
    expect(problem).toHaveBeenCalledOnce();
    expect(screen.field.busy).toBe(true);
    screen.field.escape();
    await asked;
  });

  test('has Back if requested, distinct from Escape', async () => {
    const plain = rejectionOf(askText({ ...look, problem: () => undefined }));
    expect(screen.field.buttons).toEqual([]);
    screen.field.escape();
    expect(isBack(await plain)).toBe(false);
    const asked = rejectionOf(askText({ ...look, hasBack: true, problem: () => undefined }));
    screen.field.press('Back');
    const left = await asked;
    expect([isBack(left), left]).toMatchObject([true, { kind: 'cancelled' }]);
    expect(screen.input).toBeUndefined();
  });

  test('cancels the validation with the question', async () => {
    const signals: AbortSignal[] = [];
    const problem = (_text: string, signal: AbortSignal) => {
      signals.push(signal);
      return new Promise<string>(() => {});
    };
    const asked = rejectionOf(askText({ ...look, problem }));
    screen.field.submit('x');
    screen.field.escape();
    expect(await asked).toMatchObject({ kind: 'cancelled' });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test("rejects with the validation's error", async () => {
    const asked = rejectionOf(askText({ ...look, problem: () => Promise.reject(new Error('broken')) }));
    screen.field.submit('x');
    expect(await asked).toMatchObject({ message: 'broken' });
    expect(screen.input).toBeUndefined();
  });
});

describe('askInSteps', () => {
  /** Steps that go back as often as given, and record the order of questions. */
  function stepsOf(backs: Record<string, number>, silent: readonly string[] = []) {
    const asked: string[] = [];
    const step = (name: string) => async () => {
      asked.push(name);
      if ((backs[name] ?? 0) > 0) {
        backs[name] = (backs[name] ?? 0) - 1;
        throw backError();
      }
      return !silent.includes(name);
    };
    return { asked, steps: ['a', 'b', 'c'].map(step) };
  }

  test('Back returns to the previous step', async () => {
    const { asked, steps } = stepsOf({ c: 2 });
    await askInSteps(steps);
    expect(asked.join('')).toBe('abcbcbc');
  });

  test('Back skips a step that asked nothing', async () => {
    const { asked, steps } = stepsOf({ c: 1 }, ['b']);
    await askInSteps(steps);
    expect(asked.join('')).toBe('abcabc');
  });

  test('Back leaves the first step', async () => {
    const { steps } = stepsOf({ a: 1 });
    expect(isBack(await rejectionOf(askInSteps(steps)))).toBe(true);
  });

  test('can start with a later step, and knows the previous ones', async () => {
    const { asked, steps } = stepsOf({ b: 1 });
    await askInSteps(steps, 1);
    expect(asked.join('')).toBe('babc');
  });

  test('another error ends them', async () => {
    const failing = async () => Promise.reject(new Error('other'));
    expect(await rejectionOf(askInSteps([async () => true, failing]))).toMatchObject({ message: 'other' });
  });
});
