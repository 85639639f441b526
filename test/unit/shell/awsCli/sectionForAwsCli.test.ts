import { beforeEach, describe, expect, test, vi } from 'vitest';
import { offerSection, showNextCommand } from '../../../../src/shell/awsCli/sectionForAwsCli.ts';
import { identityCenterSession } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const { connection, tokenSet } = identityCenterSession;
const file = '/home/ada/.aws/config';
const withAccounts = { ...identityCenterSession, tokenSet: { ...tokenSet, scopes: ['sso:account:access'] } };

describe('offerSection', () => {
  test('only copies the lines for a file in another encoding, which they would corrupt', async () => {
    const problems = [{ section: '', line: 1, reason: 'encoding' }] as const;
    const { context } = await shellWorld({ awsConfig: { file, sections: [], problems } });
    const offered = offerSection(context, 'work', connection, identityCenterSession);
    await settleUntil(() => screen.messages.length > 0);
    expect(screen.message.isModal).toBe(false);
    expect(screen.message.buttons).toEqual(['Copy']);
    screen.message.answer('Copy');
    expect(await offered).toBe(false);
    expect(screen.clipboard).toMatch(/^\[sso-session work\]\n/);
  });
});

describe('showNextCommand', () => {
  test('only says that it is shared if no command would work', async () => {
    const { context } = await shellWorld({ awsConfig: { file, sections: [] } });
    await showNextCommand(context, 'work', {
      ...identityCenterSession,
      tokenSet: { ...tokenSet, scopes: [] },
    });
    expect(screen.messages).toEqual([]);
    expect(screen.statusMessages.at(-1)?.text).toMatch(/Shared with the AWS CLI as work/);
  });

  test('copies how the AWS CLI creates a missing profile', async () => {
    const { context } = await shellWorld({ awsConfig: { file, sections: [] } });
    const said = showNextCommand(context, 'work', withAccounts);
    await settleUntil(() => screen.messages.length > 0);
    screen.message.answer('Copy Command');
    await said;
    expect(screen.clipboard).toBe('aws configure sso');
    // The message that names the session is gone when the AWS CLI asks for it.
    expect(screen.statusMessages.at(-1)?.text).toContain('enter work as the session name');
  });
});
