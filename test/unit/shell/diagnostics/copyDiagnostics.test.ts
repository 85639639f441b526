import { beforeEach, describe, expect, test, vi } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { DiagnosticsData } from '../../../../src/features/diagnosticsData.ts';
import type { ShellContext } from '../../../../src/shell/context.ts';
import { copyDiagnostics } from '../../../../src/shell/diagnostics/copyDiagnostics.ts';
import { diagnosticsReport } from '../../../../src/shell/diagnostics/diagnosticsReport.ts';
import { diagnosticsOf } from '../../fakes/diagnosticsOf.ts';
import { oktaConnection, oktaSession } from '../../fakes/examples.ts';
import { fakeTerminals } from '../../fakes/fakeTerminals.ts';
import { screen } from '../../fakes/screen.ts';
import { settle, settleUntil } from '../../fakes/settle.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const facts: DiagnosticsData = { ...diagnosticsOf(oktaConnection), sessions: [oktaSession] };
const terminals = fakeTerminals();
const editorEnvironment = { ui: 'desktop', remoteName: undefined, runs: 'ui' } as const;
const report = diagnosticsReport(facts, {
  ...{ hostName: 'laptop', areHere: true, isOpen: false, chosen: undefined, ofAwsAccount: undefined },
  uses: { [oktaSession.id]: [] },
});
const gathering = (gather: () => Promise<DiagnosticsData>) =>
  ({ diagnosticsData: gather, terminals, editorEnvironment }) as unknown as ShellContext;
const shown = () => settleUntil(() => screen.messages.length > 0);

describe('copyDiagnostics', () => {
  test('completes after copying, without waiting for its message to close', async () => {
    await copyDiagnostics(gathering(async () => facts));
    expect(screen.clipboard).toBe(report);
    expect(screen.clipboard).not.toContain(oktaSession.tokenSet.accessToken);
  });

  test('says what was copied, and where', async () => {
    await copyDiagnostics(gathering(async () => facts));
    await shown();
    expect(screen.message).toMatchObject({ severity: 'information', isModal: false });
    expect(screen.message.message).toBe('Diagnostics copied to clipboard.');
  });

  test('opens the copied text for review', async () => {
    await copyDiagnostics(gathering(async () => facts));
    await shown();
    screen.message.press(/^(read|view|open|show)/i);
    await settleUntil(() => screen.documents.length > 0);
    expect(screen.documents).toEqual([{ language: 'markdown', content: report }]);
  });

  test('opens nothing when the message is closed', async () => {
    await copyDiagnostics(gathering(async () => facts));
    await shown();
    screen.message.answer(undefined);
    await settle();
    expect(screen.documents).toEqual([]);
  });

  test('reports a failure, and leaves the clipboard unchanged', async () => {
    const done = copyDiagnostics(
      gathering(async () => {
        throw new SignInError('storage', { operation: 'records', code: 'EACCES' });
      }),
    );
    await shown();
    expect(screen.message.severity).toBe('error');
    expect(screen.clipboard).toBe('');
    screen.message.answer(undefined);
    await done;
  });
});
