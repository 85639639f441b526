import { expect, test, vi } from 'vitest';
import type { InteractionRequest } from '../../../../src/core/oauth/userInteraction.ts';
import { errorPageList } from '../../../../src/shell/signIn/errorPageRows.ts';
import type { PromptActions, PromptSubject } from '../../../../src/shell/signIn/prompt.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

const redirectUri = 'http://localhost:49153/oauth/callback';
const loopback: InteractionRequest = {
  connectionName: 'Example',
  url: 'https://example.okta.com/oauth2/aus1/v1/authorize?state=secret',
  redirectUri,
  expiresAt: 0,
  alternatives: [],
  loopbackSupport: 'works',
};
const device: InteractionRequest = {
  connectionName: 'Example',
  url: 'https://d-9067642ac7.awsapps.com/start/#/device?user_code=ABCD-EFGH',
  userCode: 'ABCD-EFGH',
  expiresAt: 0,
  alternatives: [],
  loopbackSupport: 'works',
};
const subject: PromptSubject = {
  mistypable: 'nothing',
  beyond: [],
  browserErrors: [
    { label: '“redirect_uri”', leadsTo: 'redirectUri' },
    { label: '“client_id”', detail: 'Compare it.', leadsTo: 'clientId' },
    { label: '“Not assigned”', detail: 'Ask.', leadsTo: 'administrator' },
    { label: 'Expired', detail: 'Open it.', leadsTo: 'page' },
  ],
  clientId: '0oa1',
  canEdit: true,
  canChooseAnother: false,
  canUseOtherAccount: false,
  where: 'Example',
  isScreenReaderOn: false,
};

/** The rows, and the effect of choosing each. */
function listOf(interaction: InteractionRequest, more: Partial<PromptSubject> = {}) {
  const done: string[] = [];
  const actions = new Proxy({} as PromptActions, {
    get: (_, name) => (text?: string) => done.push([String(name), text ?? ''].join(' ').trim()),
  });
  const { rows } = errorPageList(
    {
      interaction,
      subject: { ...subject, ...more },
      isProceeding: true,
      isSilent: false,
      list: 'errorPages',
      left: '10 min',
      redirectStatus: undefined,
    },
    actions,
  );
  return rows.map(({ label, description, detail, choose }) => {
    done.length = 0;
    choose?.();
    return { label, description, detail, does: [...done] };
  });
}

test('each row says what choosing it does, and does it', () => {
  expect(listOf(loopback, { checkedName: 'Example' })).toEqual([
    {
      label: '“redirect_uri”',
      description: 'Copy for Administrator',
      detail: `Not registered: ${redirectUri}`,
      does: [
        [
          `copy ${redirectUri} isn’t registered with this Okta application`,
          'Authorization endpoint: https://example.okta.com/oauth2/aus1/v1/authorize',
          'Client ID: 0oa1',
          `Redirect URI: ${redirectUri}`,
        ].join('\n'),
      ],
    },
    {
      label: '“client_id”',
      description: 'Edit Client ID…',
      detail: 'Compare it.',
      does: ['editClientId'],
    },
    {
      label: '“Not assigned”',
      description: 'Copy for Administrator',
      detail: 'Ask.',
      does: [
        [
          'copy “Not assigned”',
          'Sign-in page: https://example.okta.com/oauth2/aus1/v1/authorize',
          'Client ID: 0oa1',
          `Redirect URI: ${redirectUri}`,
        ].join('\n'),
      ],
    },
    { label: 'Expired', description: undefined, detail: 'Open it.', does: ['open'] },
    {
      label: 'Copy Diagnostics',
      description: 'For your administrator or a bug report',
      detail: undefined,
      does: ['copyDiagnostics'],
    },
    {
      label: 'Check SSO Setup',
      description: 'For administrators',
      detail: undefined,
      does: ['checkSetup Example'],
    },
  ]);
});

test('a redirect URI beside a long label was cut at the edge of the list: it has a line of its own', () => {
  const [first] = listOf(loopback);
  expect(first?.description).not.toContain(redirectUri);
  expect(first?.detail).toContain(redirectUri);
});

test('copies a client ID for the administrator if it cannot be edited here', () => {
  expect(listOf(loopback, { canEdit: false })[1]).toMatchObject({
    description: 'Copy for Administrator',
    does: [expect.stringContaining('Client ID: 0oa1')],
  });
});

test('without a redirect URI or setup, names neither, and copies no code', () => {
  const { clientId: _none, ...plain } = subject;
  const rows = listOf(device, { ...plain, browserErrors: subject.browserErrors.slice(2) });
  expect(rows.map(({ label }) => label)).toEqual(['“Not assigned”', 'Expired', 'Copy Diagnostics']);
  expect(rows[0]?.does[0]).toContain('https://d-9067642ac7.awsapps.com/start/');
  expect(rows[0]?.does[0]).not.toContain('ABCD');
});
