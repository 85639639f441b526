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
const nothingAsked = { expected: 'refused', outcome: 'invalidResponse', tokenRequests: 0 } as const;
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
    done: 'a number as client id',
    ...says({ client_id: 7 }),
  },
  { ...registering, ...nothingAsked, source: model, done: 'no client id', ...says({ client_id: undefined }) },
  {
    ...registering,
    ...signsIn,
    source: model,
    done: 'a registration that has ended already',
    expected: 'used once, and made anew for the next sign-in',
    ...says({ client_secret_expires_at: 1 }),
    again: ['signedIn', 1],
  },
  {
    ...registering,
    ...signsIn,
    source: model,
    done: 'a registration that ends in words',
    expected: 'kept for the usual ninety days',
    ...says({ client_secret_expires_at: 'soon' }),
    again: ['signedIn', 0],
  },
  {
    ...registering,
    ...signsIn,
    source: model,
    done: 'a registration that never ends',
    expected: 'kept',
    ...says({ client_secret_expires_at: 1e15 }),
    again: ['signedIn', 0],
  },
  {
    ...registering,
    ...signsIn,
    source: 'RFC 9700, 4.4.2.1',
    done: 'a registration that names other endpoints',
    expected: 'no request goes there',
    ...says({
      token_endpoint: 'https://attacker.example/token',
      authorization_endpoint: 'https://attacker.example/authorize',
    }),
  },
  {
    ...registering,
    ...nothingAsked,
    source: 'docs/PROTOCOL.md, 1',
    done: 'a page that says yes (captive portal)',
    outcome: 'proxy',
    answers: [{ status: 200, headers: html, body: '<p>Log in' }],
    registrations: 0,
  },
  {
    ...registering,
    ...nothingAsked,
    source: 'docs/PROTOCOL.md, 1',
    done: 'a page that forbids (firewall)',
    expected: 'taken for what it is',
    outcome: 'proxy',
    answers: [{ status: 403, headers: html, body: '<p>Ask your administrator' }],
    registrations: 0,
  },
  {
    ...registering,
    ...nothingAsked,
    source: 'RFC 6585, 6',
    done: 'a network that wants a sign-in of its own (511)',
    expected: 'taken for what it is',
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
    expected: 'registers anew, and signs in',
    answers: [invalidClient],
    registrations: 2,
  },
  {
    ...starting,
    ...nothingAsked,
    source: 'docs/PROTOCOL.md, 1 (InvalidClient)',
    done: 'InvalidClient at the start, always',
    expected: 'registers anew once, and no more',
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
    expected: 'registers anew, and signs in',
    answers: [refusalWith('identityCenter', 'unauthorized_client')],
    registrations: 2,
  },
  {
    ...starting,
    ...nothingAsked,
    source: errors,
    done: 'an error in the header alone, with the live suffix',
    expected: 'understood',
    outcome: 'invalidStartUrl',
    answers: [headerOnly(`InvalidRequestException${errorTypeSuffix}`)],
  },
  {
    ...starting,
    ...nothingAsked,
    source: errors,
    done: 'an error in the header alone, without the suffix',
    expected: 'understood',
    outcome: 'invalidStartUrl',
    answers: [headerOnly('InvalidRequestException')],
  },
  {
    ...starting,
    ...nothingAsked,
    source: errors,
    done: 'an error in the body alone',
    expected: 'understood',
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
    done: 'a name that every object has',
    answers: [headerOnly('__proto__')],
  },
  {
    ...starting,
    ...nothingAsked,
    source: errors,
    done: 'a refusal without a word',
    answers: [{ status: 400, headers: json, body: '{}' }],
  },
  {
    ...starting,
    ...nothingAsked,
    source: errors,
    done: 'a refusal that is a page',
    outcome: 'proxy',
    answers: [{ status: 400, headers: html, body: '<p>Bad request' }],
  },
  {
    ...starting,
    ...nothingAsked,
    source: 'docs/PROTOCOL.md, 1 (InternalServer)',
    done: 'a 500 that names invalid_client',
    expected: 'its status counts, and no registration is thrown away',
    outcome: 'serverError',
    answers: [{ ...invalidClient, status: 500 }],
    again: ['signedIn', 0],
  },

  {
    ...polling,
    ...signsIn,
    source: errors,
    done: 'not yet, in the header alone',
    expected: 'goes on polling',
    answers: [headerOnly(`AuthorizationPendingException${errorTypeSuffix}`)],
    tokenRequests: 2,
  },
  {
    ...polling,
    ...signsIn,
    source: errors,
    done: 'not yet, in the body alone',
    expected: 'goes on polling',
    answers: [bodyOnly('authorization_pending')],
    tokenRequests: 2,
  },
  {
    ...polling,
    ...signsIn,
    source: 'docs/PROTOCOL.md, 1',
    done: 'a page in between the polls',
    expected: 'goes on polling',
    answers: [{ status: 200, headers: html, body: '<p>Log in' }],
    tokenRequests: 2,
  },
  // Regression: a registration rejected at the token request was kept and reused until it expired.
  {
    ...polling,
    source: 'docs/PROTOCOL.md, 1 (InvalidClient)',
    done: 'InvalidClient at a poll',
    expected: 'over, and the next sign-in registers anew',
    outcome: 'registrationRefused',
    tokenRequests: 1,
    answers: [invalidClient],
    again: ['signedIn', 1],
  },
  {
    ...exchanging,
    source: 'docs/PROTOCOL.md, 1 (InvalidClient)',
    done: 'InvalidClient for a code',
    expected: 'over, and the next sign-in registers anew',
    outcome: 'registrationRefused',
    tokenRequests: 1,
    answers: [invalidClient],
    again: ['signedIn', 1],
  },
  {
    ...exchanging,
    source: errors,
    done: 'InvalidGrant for a code, in the header alone',
    expected: 'over, and the registration is kept',
    outcome: 'codeExpired',
    tokenRequests: 1,
    answers: [headerOnly(`InvalidGrantException${errorTypeSuffix}`)],
    again: ['signedIn', 0],
  },
];
