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
  test('nothing is said when everything was given', () => {
    warnAboutMissingScopes(given(oktaSession, all, 'r'), {});
    warnAboutMissingScopes(given(identityCenterSession, all.slice(0, 2), 'r'), {});
    expect(said).toEqual([]);
  });

  test('a scope that was asked for and not granted is named', () => {
    warnAboutMissingScopes(given(oktaSession, all.slice(1), 'r'), {});
    expect(said).toEqual([expect.stringContaining('didn’t grant codewhisperer:completions.')]);
  });

  test('F18: once, also where the connection and a tool ask for it', () => {
    warnAboutMissingScopes(given(oktaSession, all.slice(1), 'r'), { scopes: all.slice(0, 1) });
    expect(said).toEqual([expect.stringContaining('didn’t grant codewhisperer:completions.')]);
  });

  test('so is one that a tool has asked for, but not a pseudo-scope', () => {
    warnAboutMissingScopes(given(oktaSession, all, 'r'), { scopes: ['email', 'issuer:https://a.example'] });
    expect(said).toEqual([expect.stringContaining('didn’t grant email.')]);
  });

  test('no refresh token is said with the box to tick, where it is Okta', () => {
    warnAboutMissingScopes(given(oktaSession, all, undefined), {});
    expect(said).toEqual([expect.stringContaining('select “Refresh Token” under General > Grant type')]);
    warnAboutMissingScopes(given(identityCenterSession, all.slice(0, 2), undefined), {});
    expect(said[1]).toBe(
      'You’re signed in, but the session can’t be renewed: the server didn’t issue a refresh token.',
    );
  });

  test('whatever is missing, one message says it, and it can be copied for the administrator', async () => {
    answer = 'Copy for Administrator';
    warnAboutMissingScopes(given(oktaSession, ['codewhisperer:completions'], undefined), {});
    expect(said).toEqual([
      expect.stringMatching(/didn’t grant codewhisperer:conversations\..*Refresh Token/),
    ]);
    await expect.poll(() => copied).toBe(said[0]);
  });
});
