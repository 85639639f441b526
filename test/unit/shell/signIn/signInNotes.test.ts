import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Session } from '../../../../src/core/session/session.ts';
import { warnAboutMissingScopes } from '../../../../src/shell/signIn/signInNotes.ts';
import { identityCenterSession, oktaSession } from '../../fakes/examples.ts';

const said: string[] = [];
let answer: string | undefined;
let copied: string | undefined;

vi.mock('vscode', async () => ({
  ...(await import('../../fakes/vscode.ts')),
  window: {
    showWarningMessage: (message: string) => {
      said.push(message);
      return Promise.resolve(answer);
    },
  },
  env: { clipboard: { writeText: (text: string) => Promise.resolve((copied = text)) } },
}));

beforeEach(() => {
  said.length = 0;
  answer = copied = undefined;
});

const all = ['codewhisperer:completions', 'codewhisperer:conversations', 'offline_access'];
const given = (session: Session, scopes: readonly string[], refreshToken: string | undefined): Session => {
  const { refreshToken: _before, ...tokenSet } = session.tokenSet;
  const renewed = refreshToken === undefined ? {} : { refreshToken };
  return { ...session, tokenSet: { ...tokenSet, ...renewed, scopes } };
};

describe('warnAboutMissingScopes: after a sign-in', () => {
  test('shows nothing if everything was granted', () => {
    warnAboutMissingScopes(given(oktaSession, all, 'r'), {});
    warnAboutMissingScopes(given(identityCenterSession, all.slice(0, 2), 'r'), {});
    expect(said).toEqual([]);
  });

  test('names a requested scope that was not granted', () => {
    warnAboutMissingScopes(given(oktaSession, all.slice(1), 'r'), {});
    expect(said).toEqual([expect.stringContaining('didn’t grant codewhisperer:completions.')]);
  });

  test('F18: once, even if the connection and a tool request it', () => {
    warnAboutMissingScopes(given(oktaSession, all.slice(1), 'r'), { scopes: all.slice(0, 1) });
    expect(said).toEqual([expect.stringContaining('didn’t grant codewhisperer:completions.')]);
  });

  test('also for a scope requested by a tool, but not for a pseudo-scope', () => {
    warnAboutMissingScopes(given(oktaSession, all, 'r'), { scopes: ['email', 'issuer:https://a.example'] });
    expect(said).toEqual([expect.stringContaining('didn’t grant email.')]);
  });

  test('names the checkbox for a missing refresh token at Okta', () => {
    warnAboutMissingScopes(given(oktaSession, all, undefined), {});
    expect(said).toEqual([expect.stringContaining('select “Refresh Token” under General > Grant type')]);
    warnAboutMissingScopes(given(identityCenterSession, all.slice(0, 2), undefined), {});
    expect(said[1]).toBe(
      'You’re signed in, but the session can’t be renewed: the server didn’t issue a refresh token.',
    );
  });

  test('shows one message for everything missing, which can be copied for the administrator', async () => {
    answer = 'Copy for Administrator';
    warnAboutMissingScopes(given(oktaSession, ['codewhisperer:completions'], undefined), {});
    expect(said).toEqual([
      expect.stringMatching(/didn’t grant codewhisperer:conversations\..*Refresh Token/),
    ]);
    await expect.poll(() => copied).toBe(said[0]);
  });
});
