import { expect, test, vi } from 'vitest';
import { parseConnectionLink } from '../../../../src/features/connectionLink.ts';
import { planOf } from '../../../../src/core/session/acquireTokens.ts';
import { connectionDetail } from '../../../../src/shell/format/formatConnection.ts';
import { plainLines } from '../../../../src/shell/ui/plainText.ts';
import { oktaConnection, signInSettings } from '../../fakes/examples.ts';
import { thrownBy } from '../../fakes/thrownBy.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

/** Scopes with these many characters, the important one last. */
const scopesOf = (count: number) => [
  ...Array.from({ length: count }, (_, index) => `okta.apps${index}.read`),
  'okta.users.manage',
];

test('A03: the confirmation shows its text up to the last line', () => {
  const plan = planOf(oktaConnection, { scopes: scopesOf(99).slice(20) }, signInSettings);
  const drawn = plainLines(connectionDetail('arguments', oktaConnection, plan, { after: ['the end'] }));
  expect(drawn).toContain('okta.users.manage');
  expect(drawn).toContain('Callback ports: 8008');
  expect(drawn.endsWith('the end')).toBe(true);
});

test.each([
  ['a long path of an issuer', 'a'.repeat(3000), []],
  ['many scopes', '', Array.from({ length: 30 }, (_, index) => `okta.${'x'.repeat(80)}${index}`)],
] as const)('A03: a link with %s is invalid', (_, path, scopes) => {
  const query = `issuer=https://evil.example/${path}&scopes=${[...scopes, 'okta.users.manage'].join('+')}`;
  const connection = parseConnectionLink('/connect', `type=okta&clientId=0oa1&${query}`);
  const refused = thrownBy(() =>
    connectionDetail('link', connection, planOf(connection, {}, signInSettings)),
  );
  expect(refused).toMatchObject({ kind: 'invalidInput', details: { operation: 'link', reason: 'tooLong' } });
});
