import type { FlowName } from '../../../src/core/oauth/flows.ts';
import type { SignInErrorKind } from '../../../src/core/oauth/errors.ts';
import { html, json } from './changes.ts';
import type { Change, Members } from './changes.ts';
import { errorTypeSuffix, refusalWith } from './refusals.ts';
import type { Row } from './row.ts';
import type { Answer } from './tamperingProxy.ts';

type Outcome = SignInErrorKind | 'signedIn';

/** Responses of SSO-OIDC that its model does not define, or that come from a proxy in between. */
export interface ServiceRow extends Row {
  readonly flow: FlowName;
  /** The failing operation. */
  readonly at: 'registerClient' | 'startDeviceAuthorization' | 'createToken';
  /** Responses that replace the real ones; the last one permanently if `forGood`. */
  readonly answers?: readonly Partial<Answer>[];
  readonly forGood?: true;
  /** Permanent changes to the real responses. */
  readonly change?: Change;
  readonly outcome: Outcome;
  /** Expected number of registrations. */
  readonly registrations: number;
  /** Expectations for a second sign-in right after: its result, and its number of registrations. */
  readonly again?: readonly [outcome: Outcome, registrations: number];
}

const registering = { at: 'registerClient', flow: 'deviceCode', registrations: 1 } as const;
const starting = { at: 'startDeviceAuthorization', flow: 'deviceCode', registrations: 1 } as const;
const polling = { at: 'createToken', flow: 'deviceCode', registrations: 1 } as const;
const exchanging = { at: 'createToken', flow: 'authorizationCode', registrations: 1 } as const;
const nothingAsked = { expected: 'rejected', outcome: 'invalidResponse', tokenRequests: 0 } as const;
const signsIn = { outcome: 'signedIn', tokenRequests: 1 } as const;

const model = 'docs/PROTOCOL.md, 1 (RegisterClient)';
const errors = 'docs/PROTOCOL.md, 1 (x-amzn-errortype)';
const invalidClient = refusalWith('identityCenter', 'invalid_client');
const says = (members: Members): { readonly change: Change } => ({ change: { members } });

/** An error named only in its header, or only in its body. */
const headerOnly = (name: string): Answer => ({
  status: 400,
  headers: { ...json, 'x-amzn-errortype': name },
  body: '{}',
});
const bodyOnly = (error: string): Answer => ({ status: 400, headers: json, body: JSON.stringify({ error }) });

export const serviceRows: readonly ServiceRow[] = [
  {
    ...registering,
    ...nothingAsked,
    source: model,
    done: 'no client secret',
    ...says({ client_secret: undefined }),
  },
  {
    ...registering,
    ...nothingAsked,
    source: model,
    done: 'an empty client secret',
    ...says({ client_secret: '' }),
  },
  {
    ...registering,
    ...nothingAsked,
    source: model,
    done: 'a number as client ID',
    ...says({ client_id: 7 }),
  },
  { ...registering, ...nothingAsked, source: model, done: 'no client id', ...says({ client_id: undefined }) },
  {
    ...registering,
    ...signsIn,
    source: model,
    done: 'a registration that has already expired',
    expected: 'is used once, and renewed for the next sign-in',
    ...says({ client_secret_expires_at: 1 }),
    again: ['signedIn', 1],
  },
  {
    ...registering,
    ...signsIn,
    source: model,
    done: 'a registration with a textual expiry',
    expected: 'is stored for the usual ninety days',
    ...says({ client_secret_expires_at: 'soon' }),
    again: ['signedIn', 0],
  },
  {
    ...registering,
    ...signsIn,
    source: model,
    done: 'a registration that never expires',
    expected: 'kept',
    ...says({ client_secret_expires_at: 1e15 }),
    again: ['signedIn', 0],
  },
  {
    ...registering,
    ...signsIn,
    source: 'RFC 9700, 4.4.2.1',
    done: 'a registration with other endpoints',
    expected: 'sends no request there',
    ...says({
      token_endpoint: 'https://attacker.example/token',
      authorization_endpoint: 'https://attacker.example/authorize',
    }),
  },
  {
    ...registering,
    ...nothingAsked,
    source: 'docs/PROTOCOL.md, 1',
    done: 'a page with status 200 (captive portal)',
    outcome: 'proxy',
    answers: [{ status: 200, headers: html, body: '<p>Log in' }],
    registrations: 0,
  },
  {
    ...registering,
    ...nothingAsked,
    source: 'docs/PROTOCOL.md, 1',
    done: 'a page with status 403 (firewall)',
    expected: 'is recognized',
    outcome: 'proxy',
    answers: [{ status: 403, headers: html, body: '<p>Ask your administrator' }],
    registrations: 0,
  },
  {
    ...registering,
    ...nothingAsked,
    source: 'RFC 6585, 6',
    done: 'a network that requires a sign-in (511)',
    expected: 'is recognized',
    outcome: 'proxy',
    answers: [{ status: 511, headers: html, body: '<p>Log in' }],
    registrations: 0,
  },
  {
    ...registering,
    ...nothingAsked,
    source: 'RFC 9700, 4.12',
    done: 'a redirect of the registration to another host',
    expected: 'not followed',
    outcome: 'proxy',
    answers: [{ status: 308, headers: { location: 'https://attacker.example/register' }, body: '' }],
    registrations: 0,
  },

  {
    ...starting,
    ...signsIn,
    source: 'docs/PROTOCOL.md, 1 (InvalidClient)',
    done: 'InvalidClient at the start',
    expected: 'registers again, and signs in',
    answers: [invalidClient],
    registrations: 2,
  },
  {
    ...starting,
    ...nothingAsked,
    source: 'docs/PROTOCOL.md, 1 (InvalidClient)',
    done: 'InvalidClient at every start',
    expected: 'registers again only once',
    outcome: 'registrationRefused',
    answers: [invalidClient],
    forGood: true,
    registrations: 2,
  },
  {
    ...starting,
    ...signsIn,
    source: 'docs/PROTOCOL.md, 1 (UnauthorizedClient)',
    done: 'UnauthorizedClient at the start',
    expected: 'registers again, and signs in',
    answers: [refusalWith('identityCenter', 'unauthorized_client')],
    registrations: 2,
  },
  {
    ...starting,
    ...nothingAsked,
    source: errors,
    done: 'an error only in the header, with the live suffix',
    expected: 'accepted',
    outcome: 'invalidStartUrl',
    answers: [headerOnly(`InvalidRequestException${errorTypeSuffix}`)],
  },
  {
    ...starting,
    ...nothingAsked,
    source: errors,
    done: 'an error only in the header, without the suffix',
    expected: 'accepted',
    outcome: 'invalidStartUrl',
    answers: [headerOnly('InvalidRequestException')],
  },
  {
    ...starting,
    ...nothingAsked,
    source: errors,
    done: 'an error only in the body',
    expected: 'accepted',
    outcome: 'invalidStartUrl',
    answers: [bodyOnly('invalid_request')],
  },
  {
    ...starting,
    ...nothingAsked,
    source: errors,
    done: 'the suffix without a name',
    answers: [headerOnly(errorTypeSuffix)],
  },
  {
    ...starting,
    ...nothingAsked,
    source: errors,
    done: 'a name that is a property of every object',
    answers: [headerOnly('__proto__')],
  },
  {
    ...starting,
    ...nothingAsked,
    source: errors,
    done: 'an error without content',
    answers: [{ status: 400, headers: json, body: '{}' }],
  },
  {
    ...starting,
    ...nothingAsked,
    source: errors,
    done: 'an error page',
    outcome: 'proxy',
    answers: [{ status: 400, headers: html, body: '<p>Bad request' }],
  },
  {
    ...starting,
    ...nothingAsked,
    source: 'docs/PROTOCOL.md, 1 (InternalServer)',
    done: 'a 500 that names invalid_client',
    expected: 'the status counts, and no registration is deleted',
    outcome: 'serverError',
    answers: [{ ...invalidClient, status: 500 }],
    again: ['signedIn', 0],
  },

  {
    ...polling,
    ...signsIn,
    source: errors,
    done: 'authorization pending, only in the header',
    expected: 'keeps polling',
    answers: [headerOnly(`AuthorizationPendingException${errorTypeSuffix}`)],
    tokenRequests: 2,
  },
  {
    ...polling,
    ...signsIn,
    source: errors,
    done: 'authorization pending, only in the body',
    expected: 'keeps polling',
    answers: [bodyOnly('authorization_pending')],
    tokenRequests: 2,
  },
  {
    ...polling,
    ...signsIn,
    source: 'docs/PROTOCOL.md, 1',
    done: 'a page between polls',
    expected: 'keeps polling',
    answers: [{ status: 200, headers: html, body: '<p>Log in' }],
    tokenRequests: 2,
  },
  // Regression: a registration rejected at the token request was kept and reused until it expired.
  {
    ...polling,
    source: 'docs/PROTOCOL.md, 1 (InvalidClient)',
    done: 'InvalidClient at a poll',
    expected: 'ends, and the next sign-in registers again',
    outcome: 'registrationRefused',
    tokenRequests: 1,
    answers: [invalidClient],
    again: ['signedIn', 1],
  },
  {
    ...exchanging,
    source: 'docs/PROTOCOL.md, 1 (InvalidClient)',
    done: 'InvalidClient for a code',
    expected: 'ends, and the next sign-in registers again',
    outcome: 'registrationRefused',
    tokenRequests: 1,
    answers: [invalidClient],
    again: ['signedIn', 1],
  },
  {
    ...exchanging,
    source: errors,
    done: 'InvalidGrant for a code, only in the header',
    expected: 'ends, and the registration is kept',
    outcome: 'codeExpired',
    tokenRequests: 1,
    answers: [headerOnly(`InvalidGrantException${errorTypeSuffix}`)],
    again: ['signedIn', 0],
  },
];
