import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { AwsCliPause, IdentityCenterSession } from '../../../../src/core/session/session.ts';
import { askAboutPausedSharing } from '../../../../src/shell/awsCli/pausedSharing.ts';
import type { ShellContext } from '../../../../src/shell/context.ts';
import { identityCenterSession } from '../../fakes/examples.ts';
import { fakeLog } from '../../fakes/fakeLog.ts';

const editor = vi.hoisted(() => ({ asked: [] as unknown[][], chooses: undefined as string | undefined }));
vi.mock('vscode', async () => ({
  ...(await import('../../fakes/vscode.ts')),
  window: {
    showWarningMessage: async (...given: unknown[]) => {
      editor.asked.push(given);
      return editor.chooses;
    },
    setStatusBarMessage: () => undefined,
  },
}));

const name = 'my-company';
const paused = (why: AwsCliPause, asked?: true): IdentityCenterSession => ({
  ...identityCenterSession,
  awsCli: { name, paused: why, ...(asked === undefined ? {} : { asked }) },
});

/** A window; `claims` says whether it may ask. */
function windowThat(claims: boolean) {
  const shared: (string | undefined)[] = [];
  const context = {
    log: fakeLog(),
    cliSharing: {
      claimQuestion: async () => claims,
      share: async (_id: string, as: string | undefined) => void shared.push(as),
    },
    awsCliPaths: async () => ({ hostName: 'devbox', pathOf: () => '~/.aws/sso/cache/1.json' }),
    organization: async () => ({ file: '', state: 'none', policy: {}, files: [] }),
    connections: async () => [],
    connectionSettings: async () => ({ saveConnection: async () => undefined }),
    memento: { get: (_key: string, fallback: unknown) => fallback, update: async () => undefined },
  } as unknown as ShellContext;
  return { context, shared };
}

beforeEach(() => {
  editor.asked.length = 0;
  editor.chooses = undefined;
});

describe('askAboutPausedSharing', () => {
  test.each([
    ['removed', '~/.aws/sso/cache/1.json was removed, so'],
    ['replaced', 'The AWS CLI has another sign-in in ~/.aws/sso/cache/1.json, so'],
    ['notPrivate', 'Other users of this computer can change ~/.aws/sso/cache/1.json, so'],
  ] as const)('F3: reports a file that was %s, with two choices', async (why, words) => {
    const { context, shared } = windowThat(true);
    await askAboutPausedSharing(context, paused(why));
    expect(editor.asked).toEqual([[expect.stringContaining(words), 'Share Again', 'Stop Sharing']]);
    expect(shared).toEqual([]);
  });

  test.each([
    ['Share Again', [name]],
    ['Stop Sharing', [undefined]],
  ])('%s does so', async (choice, expected) => {
    const { context, shared } = windowThat(true);
    editor.chooses = choice;
    await askAboutPausedSharing(context, paused('removed'));
    expect(shared).toEqual(expected);
  });

  test('asks in one window', async () => {
    await askAboutPausedSharing(windowThat(false).context, paused('removed'));
    expect(editor.asked).toEqual([]);
  });

  test('asks once at a time', async () => {
    const { context } = windowThat(true);
    await Promise.all([1, 2, 3].map(async () => askAboutPausedSharing(context, paused('removed'))));
    expect(editor.asked).toHaveLength(1);
  });

  test('does not ask about a session that is not paused', async () => {
    await askAboutPausedSharing(windowThat(true).context, { ...identityCenterSession, awsCli: { name } });
    expect(editor.asked).toEqual([]);
  });
});
