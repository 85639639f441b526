import { l10n } from 'vscode';
import type { ErrorDetails, SignInErrorKind } from '../core/oauth/errors.ts';
import { defined } from '../core/defined.ts';
import { clientDemandMessage } from './clientDemandMessage.ts';
import { serverDescription, requestIdSentence } from './errorText.ts';
import type { ErrorMessage } from './errorText.ts';

const connections = 'developerSignIn.connections';

/**
 * The parts of a refusal; `host` is for the beginning of a sentence, `there` for within one: other languages
 * inflect it.
 */
interface Refusal {
  readonly host: string;
  readonly there: string;
  readonly details: ErrorDetails;
}

/** Messages by the kind of a server's refusal: what was refused, why, and who can change it. */
const refusals = {
  denied: ({ host, details }) => denied(host, details),
  registrationRefused: ({ host, details }) => registrationRefused(host, details),
  grantRevoked: ({ host, there, details }) => grantRevoked(host, there, details),
  codeExpired: ({ host, details }) => codeExpired(host, details),
  policy: ({ host, there, details }) => {
    if (details.reason?.startsWith('KMS_') === true) return encryptionKey(details);
    return details.reason === 'assignmentOrRule' ? notAllowed(host, details) : policy(there, details);
  },
  notAssigned: ({ there }) => ({
    title: l10n.t('You aren’t assigned to this application at {0}.', there),
    cause: l10n.t('Only people and groups that an administrator assigned can use it.'),
    next: l10n.t('Ask your administrator to assign you to it, then sign in again.'),
  }),
  scopeRefused: ({ host, details }) => scopeRefused(host, details),
  requestRefused: ({ host, details }) => ({
    title: l10n.t('{0} refused the request.', host),
    cause:
      (serverDescription(details) ??
        serverDescription(defined({ description: details.code })) ??
        l10n.t('No reason was given.')) + requestIdSentence(details),
    next: l10n.t('Open the log for details and show it to your administrator.'),
  }),
  invalidStartUrl: ({ host, details }) =>
    details.reason === 'region' ? otherRegion(host, details) : invalidStartUrl(host, details),
  noFlow: ({ details }) => (details.reason === 'deviceGrant' ? noDeviceGrant(details) : noFlow()),
} satisfies Partial<Record<SignInErrorKind, (refusal: Refusal) => ErrorMessage>>;

/** A kind of refusal with a message above. */
export type RefusalKind = keyof typeof refusals;

/** The message for a refusal. */
export function refusalMessage(kind: RefusalKind, details: ErrorDetails): ErrorMessage {
  const host = details.host ?? l10n.t('The server');
  const demand = clientDemandMessage(host, details);
  if (demand !== undefined) return demand;
  return refusals[kind]({ host, there: details.host ?? l10n.t('the server'), details });
}

function denied(host: string, details: ErrorDetails): ErrorMessage {
  switch (details.code) {
    case 'login_required':
    case 'interaction_required':
    case 'account_selection_required':
    case 'mfa_required':
      return {
        title: l10n.t('{0} requires you to sign in first.', host),
        cause: l10n.t('Your browser isn’t signed in there.'),
        next: l10n.t('Sign in there in your browser, then try again.'),
      };
    case 'consent_required':
      return {
        title: l10n.t('{0} needs your consent.', host),
        cause:
          serverDescription(details) ?? l10n.t('The application can be used only after you allow access.'),
        next: l10n.t(
          'Sign in again and choose Allow. If the browser doesn’t ask you, ask your administrator.',
        ),
      };
    default:
      return {
        title: l10n.t('Access was denied.'),
        // The title already says “Access denied”.
        cause:
          (/^access.denied\W*$/i.test(details.description ?? '') ? undefined : serverDescription(details)) ??
          l10n.t('You or a policy of your organization declined the request.'),
        next: l10n.t(
          'To sign in, try again and choose Allow. If you didn’t decline, ask your administrator.',
        ),
      };
  }
}

function registrationRefused(host: string, details: ErrorDetails): ErrorMessage {
  if (details.reason === 'unknownClient') {
    return {
      title:
        details.isGeneric === true
          ? l10n.t('{0} doesn’t recognize this client ID.', host)
          : l10n.t('Okta doesn’t recognize this client ID.'),
      cause:
        (serverDescription(details) ?? l10n.t('It’s mistyped, or it belongs to another organization.')) +
        requestIdSentence(details),
      next:
        details.isGeneric === true
          ? l10n.t('Copy it from the application in your provider’s console, or ask your administrator.')
          : l10n.t('Copy it from the General tab of the Okta application, or ask your administrator.'),
    };
  }
  return {
    title: l10n.t('{0} rejected the client.', host),
    cause:
      (serverDescription(details) ?? l10n.t('Its registration has expired or was removed.')) +
      requestIdSentence(details),
    next:
      details.isGeneric === true
        ? l10n.t('Sign in again. If this happens again, check the client ID with your administrator.')
        : l10n.t('Sign in again. For Okta, check the client ID with your administrator.'),
  };
}

function grantRevoked(host: string, there: string, details: ErrorDetails): ErrorMessage {
  if (details.code === 'access_denied') {
    return {
      title: l10n.t('{0} no longer gives you access.', host),
      cause:
        (serverDescription(details) ?? l10n.t('Your assignment or the access policy has changed.')) +
        requestIdSentence(details),
      next: l10n.t('Ask your administrator to check both, then sign in again.'),
    };
  }
  return {
    title: l10n.t('Your session at {0} has expired.', there),
    cause:
      (serverDescription(details) ?? l10n.t('The session expired or was revoked.')) +
      requestIdSentence(details),
    next: l10n.t('Sign in again.'),
  };
}

function codeExpired(host: string, details: ErrorDetails): ErrorMessage {
  if (details.reason === 'codeRefused') {
    return {
      title: l10n.t('{0} refused the sign-in code.', host),
      cause:
        (serverDescription(details) ??
          l10n.t('The code was used before, or it belongs to another sign-in.')) + requestIdSentence(details),
      next: l10n.t('Sign in again to get a new one.'),
    };
  }
  return {
    title: l10n.t('Sign-in timed out.'),
    cause: l10n.t('The code expired.'),
    next: l10n.t('Sign in again to get a new one.'),
  };
}

function policy(there: string, details: ErrorDetails): ErrorMessage {
  return {
    title: l10n.t('The access policy of {0} refused this request.', there),
    cause: serverDescription(details) ?? l10n.t('No matching rule.'),
    next: l10n.t(
      'Ask your administrator to check the rule’s assigned clients, users, grant type, and scopes, which must be exactly {0}.',
      details.scopes?.join(' ') ?? l10n.t('those of this connection'),
    ),
    setting: connections,
  };
}

/** Okta has one code for both cases, and its description is in the user's language. */
function notAllowed(host: string, details: ErrorDetails): ErrorMessage {
  return {
    title: l10n.t('{0} doesn’t give you access to this application.', host),
    cause:
      (serverDescription(details) ??
        l10n.t('You aren’t assigned to it, or no rule of the access policy matches.')) +
      requestIdSentence(details),
    next: l10n.t('Ask your administrator to check your assignment to the application and the access policy.'),
  };
}

/** The message about the encryption key, by the `reason` of AWS's SSO-OIDC error. */
function encryptionKey(details: ErrorDetails): ErrorMessage {
  const { reason = '' } = details;
  const causes: Readonly<Record<string, string>> = {
    KMS_AccessDeniedException: l10n.t('IAM Identity Center isn’t allowed to use the key.'),
    KMS_DisabledException: l10n.t('The key is disabled.'),
    KMS_NotFoundException: l10n.t('The key wasn’t found.'),
  };
  const cause = Object.hasOwn(causes, reason) ? causes[reason] : undefined;
  return {
    title: l10n.t('The encryption key of your IAM Identity Center instance can’t be used ({0}).', reason),
    cause:
      (cause ?? serverDescription(details) ?? l10n.t('The key can’t be used in its current state.')) +
      requestIdSentence(details),
    next: l10n.t('Ask your administrator to check the key and its policy in AWS KMS, then try again.'),
  };
}

function scopeRefused(host: string, details: ErrorDetails): ErrorMessage {
  if (details.code === 'not_allowed') {
    return {
      title: l10n.t('{0} doesn’t allow the scope “offline_access” for you.', host),
      cause: serverDescription(details) ?? l10n.t('No reason was given.'),
      next: l10n.t('Remove it from the scopes of the connection, or ask your administrator to allow it.'),
      setting: connections,
    };
  }
  const title = l10n.t(
    '{0} doesn’t recognize a requested scope ({1}).',
    host,
    details.scopes?.join(' ') ?? '',
  );
  if (details.reason === 'orgServer' && details.isGeneric !== true) {
    return {
      title,
      cause: l10n.t('This issuer is Okta’s org authorization server, which has no custom scopes.'),
      next: l10n.t('Use the issuer of a custom authorization server. It ends in /oauth2/ and an ID.'),
      setting: connections,
    };
  }
  return {
    title,
    cause:
      serverDescription(details) ??
      l10n.t('The authorization server doesn’t have it, or has it under another name.'),
    next: l10n.t('Ask your administrator to compare the scopes of the authorization server with these.'),
  };
}

function invalidStartUrl(host: string, details: ErrorDetails): ErrorMessage {
  const region = /(?:^|\.)([a-z]{2,}(?:-[a-z]+)+-\d)\./.exec(details.host ?? '')?.[1];
  return {
    title: l10n.t('AWS couldn’t find this start URL in {0}.', region ?? host),
    cause: l10n.t('It’s mistyped, or it belongs to another Region.') + requestIdSentence(details),
    next: l10n.t('Check the start URL and the Region of your IAM Identity Center instance.'),
    setting: connections,
  };
}

function otherRegion(host: string, details: ErrorDetails): ErrorMessage {
  const { region } = details;
  return {
    title: l10n.t('Your IAM Identity Center instance is in another Region.'),
    cause:
      (region === undefined
        ? (serverDescription(details) ?? l10n.t('{0} doesn’t host it.', host))
        : l10n.t('{0} says that its Region is {1}.', host, region)) + requestIdSentence(details),
    next:
      region === undefined
        ? l10n.t('Check the Region of the connection, then sign in again.')
        : l10n.t('Change the Region of the connection to {0}, then sign in again.', region),
    setting: connections,
  };
}

function noDeviceGrant(details: ErrorDetails): ErrorMessage {
  return {
    title: l10n.t('This application doesn’t support device codes.'),
    cause:
      (serverDescription(details) ?? l10n.t('The Device Authorization grant isn’t enabled.')) +
      requestIdSentence(details),
    next:
      details.isGeneric === true
        ? l10n.t(
            'Sign in with browser redirect, or ask your administrator to allow the device authorization grant for the application.',
          )
        : l10n.t(
            'Sign in with browser redirect, or ask your administrator to select Device Authorization under General > Grant type of the Okta application and in the rule of the access policy.',
          ),
  };
}

function noFlow(): ErrorMessage {
  return {
    title: l10n.t('No sign-in method is available in this environment.'),
    cause: l10n.t(
      'VS Code and your browser run on different computers, and the server doesn’t support device codes.',
    ),
    next: l10n.t('Use VS Code on your own computer, or ask your administrator to enable device codes.'),
  };
}
