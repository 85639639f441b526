import { commands, Disposable } from 'vscode';
import type { Sessions } from '../core/session/sessions.ts';
import { providerTypes } from './providers/registration.ts';

/** Tells the walkthroughs who has signed in: their steps tick themselves off. */
export function updateWalkthroughContext(sessions: Sessions): Disposable {
  const tell = async (): Promise<void> => {
    const { sessions: stored } = await sessions.list();
    for (const type of providerTypes) {
      const signedIn = stored.some((session) => session.type === type && session.ended === undefined);
      void commands.executeCommand('setContext', `developerSignIn.signedIn.${type}`, signedIn);
    }
  };
  void tell();
  const watch = sessions.onDidChange(() => void tell());
  return new Disposable(() => watch[Symbol.dispose]());
}
