import { describe, expect, test, vi } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { loopbackPageTexts } from '../../../../src/shell/signIn/loopbackPageTexts.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

describe('loopbackPageTexts', () => {
  test.each(['notAssigned', 'denied', 'scopeRefused', 'requestRefused'] as const)(
    '27: the page of a failed sign-in shows the reason on one line: %s',
    (kind) => {
      const error = new SignInError(kind, { host: 'example.okta.com' });
      const why = loopbackPageTexts('en').why(error);
      expect(why).toMatch(/^\S.*[.!]$/);
      expect(why).not.toContain('\n');
      expect(why.length).toBeLessThan(120);
    },
  );
});
