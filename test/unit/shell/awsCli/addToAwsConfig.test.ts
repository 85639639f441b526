import { beforeEach, describe, expect, test, vi } from 'vitest';
import { addToAwsConfig } from '../../../../src/shell/awsCli/addToAwsConfig.ts';
import { fakeTerminals } from '../../fakes/fakeTerminals.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const lines = ['[profile dev]', 'region = eu-central-1'];

async function answered(answer: string | undefined, isMissing = true, fails?: Error) {
  const terminals = fakeTerminals();
  if (fails !== undefined) terminals.config.fails = fails;
  const done = addToAwsConfig(
    { terminals },
    { question: 'Add it?', lines, isMissing: async () => isMissing, others: ['Copy'] },
  );
  await settleUntil(() => screen.messages.length > 0);
  expect(screen.message).toMatchObject({ isModal: true, message: 'Add it?', detail: lines.join('\n') });
  screen.message.answer(answer);
  return { terminals, done };
}

describe('addToAwsConfig', () => {
  test.each([
    ['Add', true, 'added', `${lines.join('\n')}\n`],
    ['Add', false, 'added', ''],
    ['Copy', true, { instead: 'Copy' }, ''],
    [undefined, true, { instead: undefined }, ''],
  ])('%s, missing: %s', async (answer, isMissing, outcome, written) => {
    const { terminals, done } = await answered(answer, isMissing);
    expect(await done).toEqual(outcome);
    expect(terminals.config.text).toBe(written);
  });

  test('reports the file that cannot be written', async () => {
    const { done } = await answered('Add', true, Object.assign(new Error('read-only'), { code: 'EROFS' }));
    expect(await rejectionOf(done)).toMatchObject({
      kind: 'storage',
      details: { operation: 'awsConfig', code: 'EROFS', file: '/home/ada/.aws/config' },
    });
  });
});
