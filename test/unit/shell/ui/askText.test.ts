import { beforeEach, describe, expect, test, vi } from 'vitest';
import { askText } from '../../../../src/shell/ui/askText.ts';
import { screen } from '../../fakes/screen.ts';
import { settle } from '../../fakes/settle.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const look = { title: 'Title', prompt: 'Prompt', placeholder: 'Placeholder' };

describe('askText', () => {
  test('resolves to what was typed, once nothing is wrong with it', async () => {
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

  test('says nothing of a text that was changed while it was checked', async () => {
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

  test('ignores Enter while it checks', async () => {
    const problem = vi.fn(() => new Promise<string>(() => {}));
    const asked = rejectionOf(askText({ ...look, problem }));
    screen.field.submit('x');
    screen.field.enter();
    expect(problem).toHaveBeenCalledOnce();
    screen.field.escape();
    await asked;
  });

  test('cancels the check with the question', async () => {
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

  test('rejects with what the check throws', async () => {
    const asked = rejectionOf(askText({ ...look, problem: () => Promise.reject(new Error('broken')) }));
    screen.field.submit('x');
    expect(await asked).toMatchObject({ message: 'broken' });
    expect(screen.input).toBeUndefined();
  });
});
