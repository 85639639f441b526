import { describe, expect, test } from 'vitest';
import { errorEffects } from '../../../../src/core/oauth/errors.ts';
import type { ErrorDetails, SignInErrorKind } from '../../../../src/core/oauth/errors.ts';
import { dialects } from '../../../../src/core/oauth/errorMeanings.ts';
import type { OAuthStep } from '../../../../src/core/oauth/errorMeanings.ts';
import { errorAt, meaningOf, OAuthErrorResponse } from '../../../../src/core/oauth/errorResponse.ts';
import { isAmbiguous } from '../../../../src/core/session/refreshPolicy.ts';
import { jwt } from '../../fakes/jwt.ts';

const refusal = (error: string, details: ErrorDetails = {}) =>
  new OAuthErrorResponse(error, { operation: 'token', status: 400, ...details });

const dialectNames = ['ssoOidc', 'okta', 'openId'] as const;
const steps = [
  ...(['register', 'authorize', 'deviceAuthorization', 'devicePoll'] as const),
  ...(['codeExchange', 'refresh', 'revoke'] as const),
];
const requests = dialectNames.flatMap((dialect) => steps.map((step) => ({ dialect, step })));

/** The meaning of a code by default, and at steps of all dialects or of one. */
type Row = readonly [
  code: string,
  usual: SignInErrorKind,
  at?: Readonly<Partial<Record<OAuthStep | `${keyof typeof dialects} ${OAuthStep}`, SignInErrorKind>>>,
];

const person = { authorize: 'denied', devicePoll: 'denied', codeExchange: 'denied' } as const;
const deviceGrant = {
  'okta deviceAuthorization': 'noFlow',
  'openId deviceAuthorization': 'noFlow',
} as const;
const table: readonly Row[] = [
  [
    'invalid_grant',
    'requestRefused',
    { devicePoll: 'codeExpired', codeExchange: 'codeExpired', refresh: 'grantRevoked' },
  ],
  [
    'expired_token',
    'requestRefused',
    { devicePoll: 'codeExpired', codeExchange: 'codeExpired', refresh: 'grantRevoked' },
  ],
  ['invalid_token', 'requestRefused', { refresh: 'grantRevoked' }],
  ['token_inactive', 'requestRefused', { refresh: 'grantRevoked' }],
  [
    'access_denied',
    'policy',
    {
      'ssoOidc register': 'requestRefused',
      'ssoOidc authorize': 'denied',
      'ssoOidc deviceAuthorization': 'requestRefused',
      'ssoOidc devicePoll': 'denied',
      'ssoOidc codeExchange': 'denied',
      'ssoOidc revoke': 'requestRefused',
      'openId register': 'requestRefused',
      'openId authorize': 'denied',
      'openId deviceAuthorization': 'requestRefused',
      'openId devicePoll': 'denied',
      'openId codeExchange': 'requestRefused',
      'openId revoke': 'requestRefused',
      refresh: 'grantRevoked',
    },
  ],
  ['invalid_client', 'registrationRefused'],
  ['unauthorized_client', 'registrationRefused', deviceGrant],
  ['invalid_scope', 'scopeRefused', { refresh: 'grantRevoked' }],
  [
    'invalid_request',
    'requestRefused',
    {
      'ssoOidc authorize': 'invalidStartUrl',
      'ssoOidc deviceAuthorization': 'invalidStartUrl',
      ...deviceGrant,
    },
  ],
  ['unsupported_grant_type', 'requestRefused', { refresh: 'grantRevoked', ...deviceGrant }],
  ['unsupported_response_type', 'requestRefused'],
  ['invalid_client_metadata', 'requestRefused'],
  ['invalid_redirect_uri', 'requestRefused'],
  ['invalid_request_region', 'invalidStartUrl'],
  ['invalid_dpop_proof', 'requestRefused', { refresh: 'grantRevoked' }],
  ['use_dpop_nonce', 'requestRefused', { refresh: 'grantRevoked' }],
  ['login_required', 'requestRefused', { ...person, refresh: 'grantRevoked' }],
  ['interaction_required', 'requestRefused', { ...person, refresh: 'grantRevoked' }],
  ['account_selection_required', 'requestRefused', { ...person, refresh: 'grantRevoked' }],
  ['consent_required', 'requestRefused', { ...person, refresh: 'grantRevoked' }],
  ['mfa_required', 'requestRefused', { ...person, refresh: 'grantRevoked' }],
  ['unmet_authentication_requirements', 'requestRefused', { ...person, refresh: 'grantRevoked' }],
  ['insufficient_user_authentication', 'requestRefused', { ...person, refresh: 'grantRevoked' }],
  ['user_cancelled_login', 'requestRefused', person],
  ['user_cancelled_authorize', 'requestRefused', person],
  ['invalid_target', 'scopeRefused', { refresh: 'grantRevoked' }],
  ['invalid_resource', 'scopeRefused', { refresh: 'grantRevoked' }],
  ['not_allowed', 'scopeRefused', { refresh: 'grantRevoked' }],
  ['unauthorized', 'requestRefused', { 'openId authorize': 'denied' }],
  ['request_not_supported', 'requestRefused'],
  ['redirect_uri_mismatch', 'requestRefused'],
  ['device_flow_disabled', 'requestRefused', deviceGrant],
  ['code_expired', 'requestRefused', { devicePoll: 'codeExpired', codeExchange: 'codeExpired' }],
  ['bad_verification_code', 'requestRefused', { devicePoll: 'codeExpired', codeExchange: 'codeExpired' }],
  ['incorrect_device_code', 'requestRefused', { devicePoll: 'codeExpired', codeExchange: 'codeExpired' }],
  [
    'authorization_declined',
    'requestRefused',
    {
      'ssoOidc authorize': 'denied',
      'ssoOidc devicePoll': 'denied',
      'ssoOidc codeExchange': 'denied',
      'openId authorize': 'denied',
      'openId devicePoll': 'denied',
    },
  ],
  ['slow_down', 'rateLimited'],
  ['E0000047', 'rateLimited'],
  ['rate_limit_exceeded', 'rateLimited'],
  // AWS responds with 400, and the code in the header `x-amzn-errortype`.
  ['throttling', 'rateLimited'],
  ['request_limit_exceeded', 'rateLimited'],
  ['service_unavailable', 'serverError'],
  ['temporarily_unavailable', 'serverError'],
  ['server_error', 'serverError'],
  ['internal_server', 'serverError'],
  ['E0000015', 'requestRefused', deviceGrant],
  ['E0000022', 'requestRefused', deviceGrant],
  ['E0000021', 'requestRefused'],
  ['authorization_pending', 'requestRefused'],
  // oauthlib/oauthlib#707: told as a response that makes no sense, maybe of a proxy.
  ['admin_policy_enforced', 'requestRefused'],
  ['too_many_moons', 'requestRefused'],
  ['', 'requestRefused'],
  // A code that is a property of every object.
  ['constructor', 'requestRefused'],
  ['__proto__', 'requestRefused'],
];

/** Steps of a page that not all dialects have. */
const noPage: readonly string[] = ['ssoOidc codeExchange', 'ssoOidc devicePoll'];

const matrix = table.flatMap(([code, usual, at = {}]) =>
  requests.map(({ dialect, step }) => {
    const own = at[`${dialect} ${step}`] ?? at[step] ?? usual;
    const isOfPage =
      own === 'denied' && !['access_denied', 'authorization_declined', 'unauthorized'].includes(code);
    const kind = isOfPage && noPage.includes(`${dialect} ${step}`) ? usual : own;
    return { code, dialect, step, kind };
  }),
);

test('a code that was added to a dialect needed no row here', () => {
  const rows = new Set(table.map(([code]) => code));
  const codes = requests.flatMap(({ dialect, step }) => [...dialects[dialect][step].keys()]);
  expect(codes.filter((code) => !rows.has(code))).toEqual([]);
});

describe('meaningOf: F4, F10, F13: an error code means what its step defines', () => {
  test.each(matrix)('$code at $dialect, $step: $kind', ({ code, dialect, step, kind }) => {
    expect(meaningOf(refusal(code), { dialect: dialects[dialect], step }).kind).toBe(kind);
  });

  test.each(matrix)('$code at $dialect, $step, with 503: serverError', ({ code, dialect, step }) => {
    expect(meaningOf(refusal(code, { status: 503 }), { dialect: dialects[dialect], step }).kind).toBe(
      'serverError',
    );
  });

  test.each(matrix)('$code at $dialect, $step, with 429: rateLimited', ({ code, dialect, step }) => {
    expect(meaningOf(refusal(code, { status: 429 }), { dialect: dialects[dialect], step }).kind).toBe(
      'rateLimited',
    );
  });

  test.each(matrix)('$code at $dialect, $step, for an AWS key: policy', ({ code, dialect, step }) => {
    const { kind, details } = meaningOf(
      refusal(code, { reason: 'KMS_DisabledException', requestId: 'r-1' }),
      {
        dialect: dialects[dialect],
        step,
      },
    );
    expect([kind, details.reason, details.requestId]).toEqual(['policy', 'KMS_DisabledException', 'r-1']);
    expect(errorEffects[kind].session).toBe('kept');
  });
});

describe('meaningOf: F4: a permanently rejected refresh ends the session', () => {
  const over = ['grantRevoked', 'registrationRefused'];
  test.each(dialectNames)('at %s, whatever the code', (dialect) => {
    const ending = matrix.filter((row) => row.dialect === dialect && row.step === 'refresh');
    const kept = ending.filter(({ kind }) => !over.includes(kind)).map(({ code }) => code);
    expect(kept).toEqual([
      ...['invalid_request', 'unsupported_response_type', 'invalid_client_metadata', 'invalid_redirect_uri'],
      ...[
        'invalid_request_region',
        'user_cancelled_login',
        'user_cancelled_authorize',
        'unauthorized',
        'request_not_supported',
        'redirect_uri_mismatch',
      ],
      ...['device_flow_disabled', 'code_expired', 'bad_verification_code', 'incorrect_device_code'],
      ...[
        'authorization_declined',
        'slow_down',
        'E0000047',
        'rate_limit_exceeded',
        'throttling',
        'request_limit_exceeded',
      ],
      ...['service_unavailable'],
      ...['temporarily_unavailable', 'server_error', 'internal_server', 'E0000015', 'E0000022', 'E0000021'],
      ...['authorization_pending', 'admin_policy_enforced', 'too_many_moons', '', 'constructor', '__proto__'],
    ]);
  });

  test.each(dialectNames)('at %s, no sign-in error is reported', (dialect) => {
    const kinds = matrix
      .filter((row) => row.dialect === dialect && row.step === 'refresh')
      .map(({ kind }) => kind);
    expect(kinds).not.toContain('codeExpired');
    expect(kinds).not.toContain('denied');
  });
});

test.each([
  ['authentication_expired', 'authorize', 'codeExpired'],
  ['Try later.', 'authorize', 'serverError'],
  [undefined, 'authorize', 'serverError'],
  ['authentication_expired', 'refresh', 'serverError'],
] as const)(
  'meaningOf: Keycloak’s page that expired was told as a server in trouble: %s',
  (description, step, kind) => {
    const details = description === undefined ? {} : { description };
    const expired = refusal('temporarily_unavailable', details);
    expect(meaningOf(expired, { dialect: dialects.openId, step }).kind).toBe(kind);
  },
);

describe("meaningOf: F4: a gateway's word ended a session at once", () => {
  test.each(
    ['access_denied', 'invalid_token'].flatMap((code) =>
      [400, 401, 403].map((status) => [code, status] as const),
    ),
  )('%s with status %d', (code, status) => {
    for (const dialect of Object.values(dialects)) {
      const error = meaningOf(refusal(code, { status }), { dialect, step: 'refresh' });
      expect(error.kind).toBe(status < 403 ? 'grantRevoked' : 'requestRefused');
      expect(isAmbiguous(error)).toBe(status === 403);
    }
  });
});

test.each(
  ['not_found', 'E404', 'access_denied'].flatMap((code) =>
    [404, 405, 410, 421, 425, 451].map((status) => [code, status] as const),
  ),
)('meaningOf: a gateway that answered for ten minutes ended a session: %s with status %d', (code, status) => {
  for (const dialect of Object.values(dialects)) {
    const error = meaningOf(refusal(code, { status }), { dialect, step: 'refresh' });
    expect(error.kind).toBe('invalidResponse');
    expect(isAmbiguous(error)).toBe(false);
  }
});

describe('meaningOf: F7: Okta’s access_denied requires an administrator, in any language', () => {
  const sentences: readonly (readonly [string | undefined, SignInErrorKind, string | undefined])[] = [
    ['User is not assigned to the client application.', 'notAssigned', undefined],
    [
      'Policy evaluation failed for this request, please check the policy configurations.',
      'policy',
      undefined,
    ],
    ['The resource owner or authorization server denied the request.', 'policy', 'assignmentOrRule'],
    ['ユーザーはクライアントアプリケーションに割り当てられていません。', 'policy', 'assignmentOrRule'],
    ['Der Benutzer ist der Clientanwendung nicht zugewiesen.', 'policy', 'assignmentOrRule'],
    ['This device is not assigned to a user. Enroll it first.', 'policy', 'assignmentOrRule'],
    ['Group "User is not assigned to the client application" is denied.', 'policy', 'assignmentOrRule'],
    ['User is not assigned to the client application portal.', 'policy', 'assignmentOrRule'],
    ['Policy evaluation failed: token inline hook timed out.', 'policy', 'assignmentOrRule'],
    [undefined, 'policy', 'assignmentOrRule'],
  ];
  test.each(sentences)('%s: %s', (description, kind, reason) => {
    for (const step of ['authorize', 'deviceAuthorization', 'devicePoll', 'codeExchange'] as const) {
      const details = description === undefined ? {} : { description };
      const error = meaningOf(refusal('access_denied', details), { dialect: dialects.okta, step });
      expect([error.kind, error.details.reason]).toEqual([kind, reason]);
    }
  });
});

test('F5: an application without the device grant is reported', () => {
  const at = { dialect: dialects.okta, step: 'deviceAuthorization' } as const;
  expect(meaningOf(refusal('unauthorized_client'), at).details.reason).toBe('deviceGrant');
});

test('F13: an application that requires proof of possession is reported', () => {
  for (const { dialect, step } of requests) {
    const error = meaningOf(refusal('invalid_dpop_proof'), { dialect: dialects[dialect], step });
    expect(error.details.reason).toBe('dpop');
  }
});

test.each([
  ['INVALID_GRANT', 'grantRevoked'],
  ['Invalid_Client', 'registrationRefused'],
])('F4: %s in different letter case is the same code', (code, kind) => {
  expect(meaningOf(refusal(code), { dialect: dialects.okta, step: 'refresh' }).kind).toBe(kind);
});

// aws/aws-toolkit-jetbrains#3638, goauthentik/authentik#9742: refused at once, and told as a sign-in that timed out.
describe.each(dialectNames)(
  'meaningOf: at %s, a rejected code is distinguished from an unused one',
  (dialect) => {
    test.each(['codeExchange', 'devicePoll'] as const)('at the %s', (step) => {
      const reasonOf = (code: string): string | undefined =>
        meaningOf(refusal(code), { dialect: dialects[dialect], step }).details.reason;
      expect(['invalid_grant', 'bad_verification_code', 'incorrect_device_code'].map(reasonOf)).toEqual(
        Array.from({ length: 3 }, () => 'codeRefused'),
      );
      const expired = step === 'devicePoll' ? undefined : 'codeRefused';
      expect(['expired_token', 'code_expired'].map(reasonOf)).toEqual([expired, expired]);
    });
  },
);

describe('meaningOf: the error', () => {
  const at = { dialect: dialects.okta, step: 'refresh' } as const;

  test('has the code next to the details', () => {
    const details = { operation: 'token', host: 'a.example', status: 400, description: 'Words.' };
    expect(meaningOf(new OAuthErrorResponse('invalid_grant', details), at).details).toEqual({
      ...details,
      code: 'invalid_grant',
    });
  });

  test('has the response as its cause', () => {
    const response = refusal('invalid_grant');
    expect(meaningOf(response, at).cause).toBe(response);
  });

  test('is unchanged if it is not an error response', () => {
    const other = new Error('other');
    expect(errorAt(at, other)).toBe(other);
    expect(errorAt(at, refusal('invalid_grant'))).toMatchObject({ kind: 'grantRevoked' });
  });
});

describe('meaningOf: a code that echoes a token', () => {
  const token = jwt({ sub: 'ada@example.com' });

  test('is redacted in the error and its details', () => {
    const echoed = refusal(`bad token ${token}`);
    expect(echoed.error).not.toContain(token);
    const details = meaningOf(echoed, { dialect: dialects.okta, step: 'refresh' }).details;
    expect(JSON.stringify(details)).not.toContain(token);
  });

  test('is redacted in the message too', () => {
    expect(refusal(`bad token ${token}`).message).not.toContain(token);
  });
});

test('F10: the correct Region is known because the error names it', () => {
  for (const { dialect, step } of requests) {
    const error = refusal('invalid_request', { region: 'us-west-2' });
    const { kind, details } = meaningOf(error, { dialect: dialects[dialect], step });
    expect([kind, details.reason, details.region]).toEqual(['invalidStartUrl', 'region', 'us-west-2']);
  }
});
