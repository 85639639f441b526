import { afterEach, describe, expect, test, vi } from 'vitest';

import { errorEffects, SignInError } from '../../../src/core/oauth/errors.ts';
import type { ErrorDetails, SignInErrorKind } from '../../../src/core/oauth/errors.ts';
import { dialects } from '../../../src/core/oauth/errorMeanings.ts';
import type { OAuthRequest, OAuthStep } from '../../../src/core/oauth/errorMeanings.ts';
import { meaningOf, OAuthErrorResponse } from '../../../src/core/oauth/errorResponse.ts';
import { errorMessage, inOneLine } from '../../../src/shell/errorMessages.ts';
import { refusalMessage } from '../../../src/shell/refusalMessages.ts';
import type { RefusalKind } from '../../../src/shell/refusalMessages.ts';
import { inputMessage } from '../../../src/shell/inputMessages.ts';
import { env, UIKind } from '../fakes/vscode.ts';

vi.mock('vscode', async () => import('../fakes/vscode.ts'));

const details = { operation: 'token', host: 'example.okta.com', status: 400 } as const;
const wordsAt = (request: OAuthRequest, code: string, more: ErrorDetails = {}) =>
  inOneLine(errorMessage(meaningOf(new OAuthErrorResponse(code, { ...details, ...more }), request)));
const atOkta = (step: OAuthStep, code: string, more: ErrorDetails = {}) =>
  wordsAt({ dialect: dialects.okta, step }, code, more);
const atAws = (step: OAuthStep, code: string, more: ErrorDetails = {}) =>
  wordsAt({ dialect: dialects.ssoOidc, step }, code, { host: 'oidc.eu-west-1.amazonaws.com', ...more });

const codes = [
  ...['invalid_grant', 'expired_token', 'access_denied', 'interaction_required', 'login_required'],
  ...['consent_required', 'invalid_scope', 'unsupported_grant_type', 'invalid_client', 'invalid_request'],
];

describe('refusalMessage: F4: a rejected refresh', () => {
  test.each(codes)('with %s is not described as a sign-in', (code) => {
    for (const words of [atOkta('refresh', code), atAws('refresh', code)])
      expect(words).not.toMatch(/in time|Deny|choose Allow|requires you to sign in first|link or code/);
  });

  test('with access_denied suggests an administrator', () => {
    expect(atOkta('refresh', 'access_denied')).toMatch(/assignment or the access policy.*administrator/);
  });
});

describe('refusalMessage: F7: Okta’s access_denied', () => {
  const sentences = [
    'ユーザーはクライアントアプリケーションに割り当てられていません。',
    'Der Benutzer ist der Clientanwendung nicht zugewiesen.',
    'The resource owner or authorization server denied the request.',
    'User is not assigned to the client application.',
    'Policy evaluation failed for this request, please check the policy configurations.',
    undefined,
  ];
  test.each(sentences)('(%s) suggests an administrator and never says Allow', (description) => {
    const more = description === undefined ? {} : { description };
    for (const step of ['authorize', 'deviceAuthorization', 'devicePoll', 'codeExchange'] as const) {
      const words = atOkta(step, 'access_denied', more);
      expect(words).toMatch(/administrator/);
      expect(words).not.toMatch(/Allow\b|Deny/);
    }
  });

  test("differs from a denial on Identity Center's page, which has Allow", () => {
    expect(atAws('devicePoll', 'access_denied')).toMatch(/choose Allow/);
  });

  test("says once that it was denied, without suggesting an administrator after the user's own denial", () => {
    const words = atAws('devicePoll', 'access_denied');
    expect(words.match(/denied/gi)).toHaveLength(1);
    expect(words).toMatch(/If you didn’t decline, ask your administrator/);
  });

  test('differs from consent_required, whose page has Allow', () => {
    expect(atOkta('authorize', 'consent_required')).toMatch(/choose Allow/);
  });
});

describe('refusalMessage: F10: the encryption key of an IAM Identity Center instance', () => {
  test.each([
    ['KMS_DisabledException', /The key is disabled/],
    ['KMS_AccessDeniedException', /isn’t allowed to use the key/],
    ['KMS_NotFoundException', /wasn’t found/],
    ['KMS_InvalidStateException', /current state/],
    ['KMS_SomethingNew', /current state/],
  ])('%s names the key, the administrator and the request ID', (reason, cause) => {
    for (const step of ['register', 'deviceAuthorization', 'devicePoll', 'refresh'] as const) {
      const words = atAws(step, 'invalid_request', { reason, requestId: 'r-1' });
      expect(words).toMatch(/encryption key of your IAM Identity Center instance/);
      expect(words).toMatch(/administrator.*AWS KMS/);
      expect(words).toContain(reason);
      expect(words).toContain('Request ID: r-1.');
      expect(words).toMatch(cause);
      expect(words).not.toMatch(/start URL|Allow/);
    }
  });

  test('another Region is named, with the request ID', () => {
    const more = { reason: 'invalid_request_region', region: 'us-west-2', requestId: 'r-2' };
    const words = atAws('deviceAuthorization', 'invalid_request', more);
    expect(words).toMatch(/Region of the connection to us-west-2/);
    expect(words).toContain('Request ID: r-2.');
  });
});

describe('refusalMessage: F13: an application that requires DPoP', () => {
  test.each(['codeExchange', 'refresh'] as const)('names the checkbox to clear, at %s', (step) => {
    expect(atOkta(step, 'invalid_dpop_proof')).toContain(
      'clear “Proof of possession: Require Demonstrating Proof of Possession (DPoP) header in token requests”',
    );
  });

  test('also for a token of that type', () => {
    const words = inOneLine(errorMessage(new SignInError('requestRefused', { reason: 'dpop' })));
    expect(words).toContain('Proof of possession');
  });
});

test('a refusal with a code that isn’t known was told as a response of a proxy', () => {
  const words = atOkta('authorize', 'admin_policy_enforced');
  expect(words).toContain('refused the request. The server said: “admin_policy_enforced.”');
  expect(words).not.toContain('proxy');
});

test('F5: a missing device grant is named, with where to select it', () => {
  const words = atOkta('deviceAuthorization', 'unauthorized_client');
  expect(words).toMatch(/Device Authorization under General > Grant type/);
});

test('a rejected code is described as rejected', () => {
  for (const words of [atOkta('codeExchange', 'invalid_grant'), atAws('codeExchange', 'invalid_grant')]) {
    expect(words).toMatch(/refused the sign-in code/);
    expect(words).not.toMatch(/in time/);
  }
});

test('B17: a scope that the org authorization server cannot have', () => {
  const refused = new SignInError('scopeRefused', { ...details, reason: 'orgServer', scopes: ['a:b'] });
  expect(inOneLine(errorMessage(refused))).toMatch(/org authorization server.*ends in \/oauth2\//);
});

test('Keycloak’s refusal of offline_access, which is a default scope, was told as an unexpected response', () => {
  const description = 'Offline tokens not allowed for the user or client';
  const details = { host: 'id.example.com', code: 'not_allowed', description, isGeneric: true } as const;
  const { title, cause, next } = refusalMessage('scopeRefused', details);
  expect(title).toContain('offline_access');
  expect(cause).toContain(description);
  expect(next).toContain('scopes of the connection');
});

test('a start URL is looked for in the Region of the requested host', () => {
  expect(atAws('deviceAuthorization', 'invalid_request')).toMatch(/start URL in eu-west-1\./);
});

describe('errorMessage: B24: lost secrets', () => {
  afterEach(() => {
    env.uiKind = UIKind.Desktop;
    env.remoteName = undefined;
  });

  test('are the browser’s for a workbench in a browser', () => {
    const words = () => inOneLine(errorMessage(new SignInError('credentialStoreLost')));
    expect(words()).toMatch(/system keychain/);
    env.uiKind = UIKind.Web;
    env.remoteName = '127.0.0.1:8080';
    expect(words()).toMatch(/this browser/);
    expect(words()).not.toMatch(/keychain/);
  });

  test('are the server’s if a workbench in a browser has no remote name', () => {
    env.uiKind = UIKind.Web;
    expect(inOneLine(errorMessage(new SignInError('credentialStoreLost')))).toMatch(
      /no longer on the server.*only in memory/,
    );
  });
});

describe('errorMessage: any OpenID Connect provider', () => {
  const kinds = Object.keys(errorEffects) as SignInErrorKind[];
  const reasons = [
    'unknownClient',
    'dpop',
    'deviceGrant',
    'orgServer',
    'issuer',
    'noS256',
    'assignmentOrRule',
  ];
  const others = reasons.map((reason) => ({
    ...details,
    host: 'id.example.com',
    reason,
    isGeneric: true as const,
  }));

  test.each(kinds)('%s names neither Okta nor its console', (kind) => {
    for (const one of [{ isGeneric: true as const }, ...others])
      expect(inOneLine(errorMessage(new SignInError(kind, one)))).not.toMatch(/Okta|oauth2|General/);
  });

  test('says where to find its client ID', () => {
    const unknown = { host: 'id.example.com', reason: 'unknownClient', isGeneric: true } as const;
    expect(errorMessage(new SignInError('registrationRefused', unknown))).toMatchObject({
      title: 'id.example.com doesn’t recognize this client ID.',
      next: 'Copy it from the application in your provider’s console, or ask your administrator.',
    });
  });
});

describe('inputMessage: any OpenID Connect provider', () => {
  test.each([
    ['clientId', 'notClientId', /valid client ID, without spaces.*provider’s console/],
    ['issuer', 'notUrl', /login\.example\.com/],
  ])('%s, %s', (operation, reason, expected) => {
    const words = inputMessage({ operation, reason, isGeneric: true });
    expect(words).toMatch(expected);
    expect(words).not.toMatch(/okta/i);
  });
});

describe('refusalMessage', () => {
  const host = 'login.example.com';
  const variants: readonly (readonly [RefusalKind, ErrorDetails])[] = [
    ['denied', {}],
    ['denied', { code: 'login_required' }],
    ['denied', { code: 'consent_required' }],
    ['registrationRefused', {}],
    ['registrationRefused', { reason: 'unknownClient' }],
    ['grantRevoked', {}],
    ['grantRevoked', { code: 'access_denied' }],
    ['codeExpired', {}],
    ['codeExpired', { reason: 'codeRefused' }],
    ['policy', {}],
    ['policy', { reason: 'assignmentOrRule' }],
    ['notAssigned', {}],
    ['scopeRefused', { scopes: ['openid'] }],
    ['scopeRefused', { scopes: ['openid'], reason: 'orgServer' }],
    ['requestRefused', {}],
    ['requestRefused', { reason: 'dpop' }],
    ['noFlow', {}],
    ['noFlow', { reason: 'deviceGrant' }],
    ['noFlow', { reason: 'par' }],
    ['noFlow', { reason: 'jar' }],
  ];

  test.each(variants)('%s %o for other providers names no product’s console', (kind, more) => {
    const { title, cause, next } = refusalMessage(kind, { host, ...more, isGeneric: true });
    expect(`${title} ${cause} ${next}`).not.toMatch(/okta|aws|identity center|General (tab|>)/i);
  });

  test.each(variants)('%s %o differs from all others in its cause or its next step', (kind, more) => {
    const all = variants.map(([one, facts]) => {
      const { title, next } = refusalMessage(one, { host, ...facts });
      return `${title} ${next}`;
    });
    const { title, next } = refusalMessage(kind, { host, ...more });
    expect(all.filter((words) => words === `${title} ${next}`)).toHaveLength(1);
  });

  test('without a host, a sentence is capitalized and complete', () => {
    expect(refusalMessage('registrationRefused', {}).title).toMatch(/^The server /);
    expect(refusalMessage('grantRevoked', {}).title).toMatch(/ the server /);
  });

  test.each(variants)("%s %o marks the server's message as a quotation if it shows it", (kind, more) => {
    const description = 'Ask somewhere else.';
    const { title, cause, next } = refusalMessage(kind, { host, ...more, description });
    expect(`${title} ${cause} ${next}`.replace(`“${description}”`, '')).not.toContain(description);
  });

  test('shows the server’s message instead of a guess', () => {
    const description = 'Ask somewhere else.';
    const said = variants.filter(([kind, more]) =>
      refusalMessage(kind, { ...more, description }).cause.includes(description),
    );
    expect(said.map(([kind]) => kind)).toEqual(
      expect.arrayContaining(['denied', 'grantRevoked', 'policy', 'scopeRefused', 'requestRefused']),
    );
  });

  test("links to the setting only if the connection's configuration is the cause", () => {
    const withSetting = variants.filter(([kind, more]) => refusalMessage(kind, more).setting !== undefined);
    expect(withSetting).toEqual([
      ['policy', {}],
      ['scopeRefused', { scopes: ['openid'], reason: 'orgServer' }],
    ]);
    const atAnother = { host: 'oidc.eu-west-1.amazonaws.com' };
    expect(refusalMessage('invalidStartUrl', atAnother).setting).toBe('developerSignIn.connections');
    expect(refusalMessage('invalidStartUrl', atAnother).title).toContain('eu-west-1');
  });
});
