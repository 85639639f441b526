import { beforeEach, describe, expect, test, vi } from 'vitest';
import { anyProfile } from '../../../../src/setup/setupPorts.ts';
import { askAwsProfile } from '../../../../src/shell/setup/awsProfile.ts';
import { screen } from '../../fakes/screen.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

describe('askAwsProfile', () => {
  test('starts with skipping AWS, and ends with credentials outside of profiles', () => {
    void askAwsProfile(['admin', 'default']).catch(() => undefined);
    expect(screen.pick.labels).toEqual([
      'Skip AWS Checks',
      'admin',
      'default',
      'Credentials from the environment',
    ]);
    screen.pick.escape();
  });

  test.each([
    ['Skip AWS Checks', ''],
    ['admin', 'admin'],
    ['Credentials from the environment', anyProfile],
  ])('%s is "%s"', async (label, value) => {
    const asked = askAwsProfile(['admin', 'default']);
    screen.pick.choose(label);
    expect(await asked).toBe(value);
  });

  test('is canceled by Escape', async () => {
    const asked = askAwsProfile([]);
    screen.pick.escape();
    expect(await rejectionOf(asked)).toMatchObject({ kind: 'cancelled' });
  });
});
