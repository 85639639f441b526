import { describe, expect, test } from 'vitest';
import { terminalsData } from '../../../../src/shell/diagnostics/terminalsData.ts';
import { oktaSession } from '../../fakes/examples.ts';
import { fakeTerminals } from '../../fakes/fakeTerminals.ts';

describe('terminalsData', () => {
  test('terminalsData returns what this window shares, and whose, without AWS accounts', async () => {
    const terminals = fakeTerminals();
    terminals.state.isOpen = true;
    terminals.state.awsAccount = {
      ...{ accountId: '111122223333', roleName: 'Dev', accountName: 'Sandbox', profile: 'x' },
      sessionId: 'center',
    };
    terminals.uses.push({ program: 'curl', count: 2, lastAt: 7 });
    await terminals.control.setDefault(oktaSession.id);
    const facts = await terminalsData(
      { terminals, editorEnvironment: { ui: 'desktop', remoteName: 'ssh-remote', runs: 'ui' } },
      [oktaSession],
    );
    expect(facts).toEqual({
      hostName: 'laptop',
      areHere: false,
      isOpen: true,
      chosen: oktaSession.id,
      ofAwsAccount: 'center',
      uses: { [oktaSession.id]: [{ program: 'curl', count: 2, lastAt: 7 }] },
    });
  });
});
