import { l10n } from 'vscode';
import type { ErrorFacts, SignInErrorKind } from '../core/oauth/errors.ts';

/** An error in words, each a sentence: what happened, why, and who has to act with what to do next. */
export interface ErrorWords {
  readonly title: string;
  readonly cause: string;
  readonly next: string;
  /** The setting that decides, where one does. */
  readonly setting?: string;
}

/** The kinds by which an authorization server, or AWS, refuses a request. */
export type RefusalKind = Extract<
  SignInErrorKind,
  | 'denied'
  | 'registrationRefused'
  | 'grantRevoked'
  | 'codeExpired'
  | 'policy'
  | 'notAssigned'
  | 'scopeRefused'
  | 'requestRefused'
  | 'invalidStartUrl'
  | 'noFlow'
>;

const connections = 'developerSignIn.connections';

/** What a server refused, why, and who can change that. */
export function refusalWords(kind: RefusalKind, facts: ErrorFacts): ErrorWords {
  // At the beginning of a sentence, and within one: languages decline it.
  const host = facts.host ?? l10n.t('The server');
  const there = facts.host ?? l10n.t('the server');
  if (facts.reason === 'dpop') return proofOfPossession(host, facts);
  switch (kind) {
    case 'denied':
      return denied(host, facts);
    case 'registrationRefused':
      return registrationRefused(host, facts);
    case 'grantRevoked':
      return grantRevoked(host, there, facts);
    case 'codeExpired':
      return codeExpired(host, facts);
    case 'policy':
      if (facts.reason?.startsWith('KMS_') === true) return encryptionKey(facts);
      return facts.reason === 'assignmentOrRule' ? notAllowed(host, facts) : policy(there, facts);
    case 'notAssigned':
      return {
        title: l10n.t('You are not assigned to the application at {0}.', there),
        cause: l10n.t('It is open only to the people and groups whom an administrator assigned.'),
        next: l10n.t('Ask your administrator to assign you to it, then sign in again.'),
      };
    case 'scopeRefused':
      return scopeRefused(host, facts);
    case 'requestRefused':
      return {
        title: l10n.t('{0} refused the request.', host),
        cause: (said(facts) ?? l10n.t('It gave no reason.')) + support(facts),
        next: l10n.t('Open the log for details and show it to your administrator.'),
      };
    case 'invalidStartUrl':
      return facts.reason === 'region' ? otherRegion(host, facts) : invalidStartUrl(host, facts);
    case 'noFlow':
      return facts.reason === 'deviceGrant' ? noDeviceGrant(facts) : noFlow();
  }
}

function denied(host: string, facts: ErrorFacts): ErrorWords {
  switch (facts.code) {
    case 'login_required':
    case 'interaction_required':
    case 'account_selection_required':
      return {
        title: l10n.t('{0} wants you to sign in there first.', host),
        cause: l10n.t('This browser is not signed in there.'),
        next: l10n.t('Open it in your browser and sign in, then try again.'),
      };
    case 'consent_required':
      return {
        title: l10n.t('{0} needs your consent.', host),
        cause: said(facts) ?? l10n.t('The application can be used only after you allow access.'),
        next: l10n.t(
          'Sign in again and choose Allow. If the browser does not ask you, ask your administrator.',
        ),
      };
    default:
      return {
        title: l10n.t('Access was not allowed.'),
        cause: said(facts) ?? l10n.t('Access was denied in the browser.'),
        next: l10n.t('To allow it, sign in again and choose Allow. Otherwise, ask your administrator.'),
      };
  }
}

function registrationRefused(host: string, facts: ErrorFacts): ErrorWords {
  if (facts.reason === 'unknownClient') {
    return {
      title: l10n.t('Okta doesn’t recognize this client ID.'),
      cause: (said(facts) ?? l10n.t('It is mistyped, or belongs to another organization.')) + support(facts),
      next: l10n.t('Copy it from the General tab of the Okta application, or ask your administrator.'),
    };
  }
  return {
    title: l10n.t('{0} rejected the client.', host),
    cause: (said(facts) ?? l10n.t('Its registration has expired or was removed.')) + support(facts),
    next: l10n.t('Sign in again. For Okta, check the client ID with your administrator.'),
  };
}

function grantRevoked(host: string, there: string, facts: ErrorFacts): ErrorWords {
  if (facts.code === 'access_denied') {
    return {
      title: l10n.t('{0} no longer gives you access.', host),
      cause: (said(facts) ?? l10n.t('Your assignment or the access policy has changed.')) + support(facts),
      next: l10n.t('Ask your administrator to check both, then sign in again.'),
    };
  }
  return {
    title: l10n.t('Your session at {0} has expired.', there),
    cause: (said(facts) ?? l10n.t('The session expired or was revoked.')) + support(facts),
    next: l10n.t('Sign in again.'),
  };
}

function codeExpired(host: string, facts: ErrorFacts): ErrorWords {
  if (facts.reason === 'codeRefused') {
    return {
      title: l10n.t('{0} refused the sign-in code.', host),
      cause:
        (said(facts) ?? l10n.t('The code was used before, or it belongs to another sign-in.')) +
        support(facts),
      next: l10n.t('Sign in again to get a new one.'),
    };
  }
  return {
    title: l10n.t('The sign-in was not finished in time.'),
    cause: l10n.t('The code expired.'),
    next: l10n.t('Sign in again to get a new one.'),
  };
}

function policy(there: string, facts: ErrorFacts): ErrorWords {
  return {
    title: l10n.t('The access policy of {0} refused this request.', there),
    cause: said(facts) ?? l10n.t('No matching rule.'),
    next: l10n.t(
      'Ask your administrator to check the rule’s assigned clients, users, grant type, and scopes, which must be exactly {0}.',
      facts.scopes?.join(' ') ?? l10n.t('those of this connection'),
    ),
    setting: connections,
  };
}

/** Okta has one code for both, and its sentence is in the person's language. */
function notAllowed(host: string, facts: ErrorFacts): ErrorWords {
  return {
    title: l10n.t('{0} does not give you access to this application.', host),
    cause:
      (said(facts) ?? l10n.t('You are not assigned to it, or no rule of the access policy matches.')) +
      support(facts),
    next: l10n.t('Ask your administrator to check your assignment to the application and the access policy.'),
  };
}

/** AWS says which with the `reason` of an SSO-OIDC error. */
function encryptionKey(facts: ErrorFacts): ErrorWords {
  const { reason = '' } = facts;
  const causes: Readonly<Record<string, string>> = {
    KMS_AccessDeniedException: l10n.t('IAM Identity Center is not allowed to use the key.'),
    KMS_DisabledException: l10n.t('The key is disabled.'),
    KMS_NotFoundException: l10n.t('The key was not found.'),
  };
  const cause = Object.hasOwn(causes, reason) ? causes[reason] : undefined;
  return {
    title: l10n.t('The encryption key of your IAM Identity Center instance cannot be used ({0}).', reason),
    cause:
      (cause ?? said(facts) ?? l10n.t('The key is in a state in which it cannot be used.')) + support(facts),
    next: l10n.t('Ask your administrator to check the key and its policy in AWS KMS, then try again.'),
  };
}

/** RFC 9449. */
function proofOfPossession(host: string, facts: ErrorFacts): ErrorWords {
  return {
    title: l10n.t('{0} requires DPoP, which Developer Sign-In does not support.', host),
    cause:
      (said(facts) ?? l10n.t('The application accepts only tokens that are bound to a key.')) +
      support(facts),
    next: l10n.t(
      'Ask your administrator to clear “Proof of possession: Require Demonstrating Proof of Possession (DPoP) header in token requests” on the General tab of the Okta application.',
    ),
  };
}

function scopeRefused(host: string, facts: ErrorFacts): ErrorWords {
  const title = l10n.t('{0} does not know a requested scope ({1}).', host, facts.scopes?.join(' ') ?? '');
  if (facts.reason === 'orgServer') {
    return {
      title,
      cause: l10n.t('This issuer is the org authorization server of Okta, which has no custom scopes.'),
      next: l10n.t('Use the issuer of a custom authorization server. It ends in /oauth2/ and an ID.'),
      setting: connections,
    };
  }
  return {
    title,
    cause: said(facts) ?? l10n.t('It is missing in the authorization server, or has another name there.'),
    next: l10n.t('Ask your administrator to compare the scopes of the authorization server with these.'),
  };
}

function invalidStartUrl(host: string, facts: ErrorFacts): ErrorWords {
  const region = /(?:^|\.)([a-z]{2,}(?:-[a-z]+)+-\d)\./.exec(facts.host ?? '')?.[1];
  return {
    title: l10n.t('AWS couldn’t find this start URL in {0}.', region ?? host),
    cause: l10n.t('It is mistyped, or it belongs to another Region.') + support(facts),
    next: l10n.t('Check the start URL and the Region of your IAM Identity Center instance.'),
    setting: connections,
  };
}

function otherRegion(host: string, facts: ErrorFacts): ErrorWords {
  const { region } = facts;
  return {
    title: l10n.t('Your IAM Identity Center instance is in another Region.'),
    cause:
      (region === undefined
        ? (said(facts) ?? l10n.t('{0} does not serve it.', host))
        : l10n.t('{0} says that its Region is {1}.', host, region)) + support(facts),
    next:
      region === undefined
        ? l10n.t('Check the Region of the connection, then sign in again.')
        : l10n.t('Change the Region of the connection to {0}, then sign in again.', region),
    setting: connections,
  };
}

function noDeviceGrant(facts: ErrorFacts): ErrorWords {
  return {
    title: l10n.t('This application cannot sign in with a device code.'),
    cause: (said(facts) ?? l10n.t('It lacks the Device Authorization grant.')) + support(facts),
    next: l10n.t(
      'Sign in with browser redirect, or ask your administrator to select Device Authorization under General > Grant type of the Okta application and in the rule of the access policy.',
    ),
  };
}

function noFlow(): ErrorWords {
  return {
    title: l10n.t('No sign-in method is available in this environment.'),
    cause: l10n.t('VS Code runs on another machine than your browser, and the server offers no device code.'),
    next: l10n.t('Open VS Code on your own machine, or ask your administrator for the device grant.'),
  };
}

/** The server's own words, which mostly say best why. */
export function said({ description }: ErrorFacts): string | undefined {
  return description === undefined ? undefined : l10n.t('It said: “{0}”', description);
}

export function support({ requestId }: ErrorFacts): string {
  return requestId === undefined ? '' : ` ${l10n.t('(request ID {0})', requestId)}`;
}
