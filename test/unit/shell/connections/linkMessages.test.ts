import { describe, expect, test, vi } from 'vitest';
import { linkMessage } from '../../../../src/shell/connections/linkMessages.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

const reasons = [
  ...[
    'path',
    'type',
    'missing',
    'repeated',
    'secret',
    'unknown',
    'unreadable',
    'notHttps',
    'tooLong',
    'value',
    'scopes',
  ],
  'name',
];

describe('linkMessage', () => {
  test('each reason to reject a link has its own sentence', () => {
    const sentences = reasons.map((reason) => linkMessage({ operation: 'link', reason, input: 'clientId' }));
    expect(new Set(sentences).size).toBe(reasons.length);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z“].*\.$/);
  });

  test('an invalid part has the same message as when it is typed', () => {
    expect(linkMessage({ operation: 'clientId', reason: 'notClientId' })).toMatch(/no spaces/);
  });
});
