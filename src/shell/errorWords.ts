import { l10n } from 'vscode';
import { findSignInError } from '../core/errors.ts';
import type { ErrorFacts, PortRefusal, SignInError } from '../core/errors.ts';
import { inputWords } from './inputWords.ts';

/** An error in words, each a sentence: what happened, why, and whose move it is with what to do next. */
export interface ErrorWords {
  readonly title: string;
  readonly cause: string;
  readonly next: string;
  /** The setting that decides, where one does. */
  readonly setting?: string;
}

/** All of it, where there is one line for it. */
export function inOneLine({ title, cause, next }: ErrorWords): string {
  return `${title} ${cause} ${next}`;
}

/** The one place that has words for every kind of error. */
export function errorWords(error: SignInError): ErrorWords {
  const { facts } = error;
  // At the beginning of a sentence, and within one: languages decline it.
  const host = facts.host ?? l10n.t('The server');
  const there = facts.host ?? l10n.t('the server');
  switch (error.kind) {
    case 'cancelled':
      return {
        title: l10n.t('The sign-in was cancelled.'),
        cause: l10n.t('You ended it, or another one for the same connection took its place.'),
        next: l10n.t('Nothing was changed.'),
      };
    case 'denied':
      if (facts.code === 'login_required') {
        return {
          title: l10n.t('{0} wants you to sign in there first.', host),
          cause: l10n.t('Nobody is signed in there in this browser.'),
          next: l10n.t('Open it in your browser and sign in, then try again.'),
        };
      }
      return {
        title: l10n.t('Access was not allowed.'),
        cause: said(facts) ?? l10n.t('Somebody chose Deny in the browser.'),
        next: l10n.t(
          'If that was not you, ask your administrator; otherwise sign in again and choose Allow.',
        ),
      };
    case 'signInNeeded':
      return {
        title: l10n.t('A sign-in is needed.'),
        cause: l10n.t('Nobody is signed in here, or the last sign-in has ended.'),
        next: l10n.t('Sign in again.'),
      };
    case 'network':
      return {
        title: l10n.t('{0} could not be reached ({1}).', host, facts.code ?? l10n.t('no connection')),
        cause: l10n.t('This machine is offline, or a VPN or firewall is in the way.'),
        next: l10n.t('Check your connection or VPN, then try again. What you are signed in to stays.'),
      };
    case 'timeout':
      return {
        title: l10n.t('{0} did not answer in time.', host),
        cause: l10n.t('The connection is slow, or a firewall swallows the request.'),
        next: l10n.t('Check your connection or VPN, then try again. What you are signed in to stays.'),
      };
    case 'serverError':
      return {
        title: l10n.t('{0} has a problem (HTTP {1}).', host, facts.status ?? 500),
        cause: l10n.t('It is not on your side.') + support(facts),
        next: l10n.t('Try again in a few minutes.'),
      };
    case 'rateLimited':
      return {
        title: l10n.t('{0} asks to be called less often.', host),
        cause: l10n.t('Too many requests came from your organisation in a short time.') + support(facts),
        next: l10n.t('Wait a minute, then try again.'),
      };
    case 'proxy':
      return {
        title: l10n.t('A proxy or firewall answered in place of {0} (HTTP {1}).', there, facts.status ?? 403),
        cause: l10n.t('It wants you to sign in to it first, or it does not let this address through.'),
        next: l10n.t('Sign in to your proxy or VPN, or check the setting http.proxy.'),
        setting: 'http.proxy',
      };
    case 'certificate':
      return {
        title: l10n.t('The certificate of {0} is not trusted ({1}).', there, facts.code ?? 'TLS'),
        cause: l10n.t('Your company inspects traffic, or somebody else answers in place of the server.'),
        next: l10n.t(
          'If your company inspects traffic, its certificate authority must be installed on this machine.',
        ),
      };
    case 'invalidResponse':
      return invalidResponse(facts, host);
    case 'portsUnavailable':
      return {
        title: l10n.t('None of the callback ports is free.'),
        cause: l10n.t('They are taken or reserved: {0}.', refusals(facts)),
        next: l10n.t(
          'Close the program that holds one, or set ports that are registered with your Okta application.',
        ),
        setting: 'developerSignIn.okta.redirectPorts',
      };
    case 'storage':
      return storage(facts);
    case 'configuration':
      return {
        title: l10n.t('A setting on this computer prevents the request.'),
        cause: said(facts) ?? l10n.t('An environment variable or configuration file conflicts with it.'),
        next: l10n.t('Open the log for details, correct the setting, and try again. You stay signed in.'),
      };
    case 'lockBusy':
      return {
        title: l10n.t('Another window is using this sign-in.'),
        cause:
          facts.holder === undefined
            ? l10n.t('Only one window at a time can change it.')
            : l10n.t('Process {0} on {1} is still changing it.', facts.holder.pid, facts.holder.host),
        next: l10n.t('Try again in a moment. If this continues, close the other window.'),
      };
    case 'registrationRefused':
      if (facts.reason === 'unknownClient') {
        return {
          title: l10n.t('Okta doesn’t recognize this client ID.'),
          cause:
            (said(facts) ?? l10n.t('It is mistyped, or belongs to another organization.')) + support(facts),
          next: l10n.t('Copy it from the General tab of the Okta application, or ask your administrator.'),
        };
      }
      return {
        title: l10n.t('{0} does not accept the client registration any more.', host),
        cause: (said(facts) ?? l10n.t('It has expired, or it was removed there.')) + support(facts),
        next: l10n.t('Sign in again; for Okta, check the client id with your administrator.'),
      };
    case 'grantRevoked':
      return {
        title: l10n.t('{0} ended this sign-in.', host),
        cause: said(facts) ?? l10n.t('Its time was over, or an administrator or a new password ended it.'),
        next: l10n.t('Sign in again.'),
      };
    case 'credentialStoreLost':
      return {
        title: l10n.t('The keyring of this system lost the sign-in.'),
        cause: l10n.t('It was reset, or it was locked when the editor started.'),
        next: l10n.t('Check that it is unlocked when you log in, then sign in again.'),
      };
    case 'codeExpired':
      return {
        title: l10n.t('The sign-in was not finished in time.'),
        cause: l10n.t('A link or code is good for a few minutes only.'),
        next: l10n.t('Sign in again; you then have a new link or code.'),
      };
    case 'policy':
      return {
        title: l10n.t('The access policy of {0} refused this request.', there),
        cause: said(facts) ?? l10n.t('No rule of it fits.'),
        next: l10n.t(
          'Your administrator should check four places of the rule: the application it is assigned to, the people, the grant type, and the scopes, which must be exactly {0}.',
          facts.scopes?.join(' ') ?? l10n.t('those of this connection'),
        ),
        setting: 'developerSignIn.connections',
      };
    case 'blockedByOrganization':
      return blockedByOrganization(facts);
    case 'notAssigned':
      return {
        title: l10n.t('You are not assigned to the application at {0}.', there),
        cause: l10n.t('It is open only to the people and groups whom an administrator assigned.'),
        next: l10n.t('Ask your administrator to assign you to it, then sign in again.'),
      };
    case 'scopeRefused':
      return {
        title: l10n.t('{0} does not know a requested scope ({1}).', host, facts.scopes?.join(' ') ?? ''),
        cause: said(facts) ?? l10n.t('It is missing in the authorization server, or has another name there.'),
        next: l10n.t(
          'Your administrator should compare the scopes of the authorization server with this connection.',
        ),
      };
    case 'requestRefused':
      return {
        title: l10n.t('{0} refused the request.', host),
        cause: (said(facts) ?? l10n.t('It did not say why.')) + support(facts),
        next: l10n.t('Open the log for the details and show it to your administrator.'),
      };
    case 'invalidStartUrl':
      return {
        title: l10n.t('{0} does not know this start URL.', host),
        cause: l10n.t('It is mistyped, or it belongs to another region.'),
        next: l10n.t(
          'Check the start URL, and that the region is the one where your IAM Identity Center lives.',
        ),
        setting: 'developerSignIn.connections',
      };
    case 'noFlow':
      return {
        title: l10n.t('No way of signing in works here.'),
        cause: l10n.t(
          'The editor runs on another machine than your browser, and this server offers no device code.',
        ),
        next: l10n.t('Open the editor on your own machine, or ask your administrator for the device grant.'),
      };
    case 'metadataMissing':
      return {
        title: l10n.t('{0} has no OpenID metadata at this issuer.', host),
        cause: l10n.t('The issuer is mistyped or not complete; it usually ends in /oauth2/ and an id.'),
        next: l10n.t(
          'Compare the issuer with Security > API > Authorization Servers in the Okta Admin Console.',
        ),
        setting: 'developerSignIn.connections',
      };
    case 'metadataMismatch':
      return metadataMismatch(facts);
    case 'connectionChanged':
      return {
        title: l10n.t('The settings of this connection name another server now.'),
        cause: l10n.t('A sign-in is only ever sent to the server that gave it.'),
        next: l10n.t('Sign in again.'),
      };
    case 'invalidInput':
      return {
        title: l10n.t('This cannot be used for a sign-in.'),
        cause: inputWords(facts),
        next: l10n.t('Correct it and try again.'),
      };
  }
}

/** Words for anything that was thrown, also what is no {@link SignInError}. */
export function wordsFor(error: unknown): ErrorWords {
  const known = findSignInError(error);
  if (known !== undefined) return errorWords(known);
  return {
    title: l10n.t('Something unexpected went wrong.'),
    cause: l10n.t('This is a fault of Developer Sign-In.'),
    next: l10n.t('Open the log for the details. What you are signed in to stays.'),
  };
}

function invalidResponse(facts: ErrorFacts, host: string): ErrorWords {
  if (facts.reason === 'foreignPage') {
    return {
      title: l10n.t('The service named a sign-in page that is not its own ({0}).', host),
      cause: l10n.t('The region or an endpoint setting is wrong, or somebody is in between.'),
      next: l10n.t('It was not opened. Check the region and the endpoint settings.'),
      setting: 'developerSignIn.identityCenter.endpoint',
    };
  }
  if (facts.reason === 'idTokenTimes') {
    return {
      title: l10n.t('The clock of this computer and the clock of {0} differ.', facts.host ?? ''),
      cause: l10n.t('The ID token is expired or not valid yet by more than five minutes.'),
      next: l10n.t('Set the date, time, and time zone of this computer, then try again.'),
    };
  }
  if (facts.reason === 'idToken') {
    return {
      title: l10n.t('{0} sent an ID token that is not valid ({1}).', host, facts.code ?? ''),
      cause: l10n.t('It was not issued for this sign-in, or it was not signed by this server.'),
      next: l10n.t('Compare the issuer and client ID with those of your administrator, then try again.'),
      setting: 'developerSignIn.connections',
    };
  }
  if (facts.reason === 'otherSubject') {
    return {
      title: l10n.t('{0} sent tokens of another account.', host),
      cause: l10n.t('The ID token names a different user than the one who signed in here.'),
      next: l10n.t(
        'The tokens were discarded, and you stay signed in. If this happens again, sign in again.',
      ),
    };
  }
  if (facts.reason === 'mixUp') {
    return {
      title: l10n.t('The sign-in at {0} was stopped: the browser came back from another server.', host),
      cause:
        facts.input === undefined
          ? l10n.t('This server may have tried to receive a sign-in meant for another one.')
          : l10n.t(
              'The response is from {0}. This server may have tried to receive a sign-in meant for another one.',
              facts.input,
            ),
      next: l10n.t('Nothing was sent to it. Don’t sign in there again, and tell your administrator.'),
    };
  }
  return {
    title: l10n.t('{0} gave an answer that makes no sense.', host),
    cause: (said(facts) ?? l10n.t('A proxy or VPN page may be in between.')) + support(facts),
    next: l10n.t('Check your connection, then try again.'),
  };
}

function storage({ reason, operation, file = '', code = '' }: ErrorFacts): ErrorWords {
  if (operation === 'awsCli') {
    return {
      title: l10n.t('{0} could not be changed ({1}).', file, code),
      cause: l10n.t('The disk is full, or you may not write in that folder.'),
      next: l10n.t('Check the folder, then try again.'),
    };
  }
  if (reason === 'newerElsewhere') {
    return {
      title: l10n.t('This window cannot read this sign-in.'),
      cause: l10n.t('Another window has written a newer token since.'),
      next: l10n.t('Reload this window.'),
    };
  }
  return {
    title: l10n.t('The sign-in could not be stored.'),
    cause: l10n.t('The keyring of this system is locked or missing, or the disk is full.'),
    next: l10n.t('Check that the keyring of your system is unlocked, then sign in again.'),
  };
}

function metadataMismatch({ reason, host }: ErrorFacts): ErrorWords {
  const setting = 'developerSignIn.connections';
  switch (reason) {
    case 'noS256':
      return {
        title: l10n.t('This authorization server does not offer PKCE with S256.'),
        cause: l10n.t('Developer Sign-In does not sign in without it.'),
        next: l10n.t('Ask your administrator to allow it.'),
        setting,
      };
    case 'foreignEndpoint':
      return {
        title: l10n.t('The metadata of this issuer names an endpoint on another host ({0}).', host ?? ''),
        cause: l10n.t('A sign-in that is sent to a foreign host could be stolen.'),
        next: l10n.t('Nothing was sent there. Check the issuer with your administrator.'),
        setting,
      };
    case 'noEndpoint':
      return {
        title: l10n.t('The metadata of this issuer lacks an endpoint.'),
        cause: l10n.t('The issuer is mistyped, or the server is not set up for sign-ins.'),
        next: l10n.t('Check the issuer with your administrator.'),
        setting,
      };
    default:
      return {
        title: l10n.t('The metadata found here belongs to another issuer.'),
        cause: l10n.t('The issuer is spelled otherwise than the server spells itself.'),
        next: l10n.t(
          'Copy the issuer from Security > API > Authorization Servers in the Okta Admin Console.',
        ),
        setting,
      };
  }
}

function blockedByOrganization({ reason, input = '', file = '' }: ErrorFacts): ErrorWords {
  const title = {
    issuer: l10n.t('Your organisation does not allow this machine to sign in at {0}.', input),
    startUrl: l10n.t('Your organisation does not allow this machine to sign in at {0}.', input),
    flow: l10n.t('Your organisation does not allow a way of signing in that works here.'),
    cliCache: l10n.t('Your organisation does not allow this machine to write sign-ins for the AWS CLI.'),
  }[reason ?? ''];
  return {
    title: title ?? l10n.t('Your organisation does not allow this on this machine.'),
    cause: l10n.t('The rules are in {0}; nothing was sent.', file),
    next: l10n.t('Ask the administrator of this machine.'),
  };
}

/** The server's own words, which mostly say best why. */
function said({ description }: ErrorFacts): string | undefined {
  return description === undefined ? undefined : l10n.t('It said: “{0}”', description);
}

function support({ requestId }: ErrorFacts): string {
  return requestId === undefined ? '' : ` ${l10n.t('(request id {0})', requestId)}`;
}

/** Which ports, where, and why; those that share an address and a reason together. */
function refusals({ ports = [] }: ErrorFacts): string {
  const groups = new Map<string, PortRefusal[]>();
  for (const refusal of ports) {
    const group = `${refusal.address} ${refusal.code}`;
    groups.set(group, [...(groups.get(group) ?? []), refusal]);
  }
  return [...groups.values()]
    .map((group) => {
      const [{ address, code } = { address: 'localhost', code: '' }] = group;
      const numbers = group.map(({ port }) => port).join(', ');
      return l10n.t('{0} on {1} ({2})', numbers, address, refusalWords(code));
    })
    .join(', ');
}

function refusalWords(code: string): string {
  switch (code) {
    case 'EADDRINUSE':
      return l10n.t('held by another program');
    case 'EACCES':
      return l10n.t('reserved by the system');
    case 'EFOREIGN':
      return l10n.t('another program answers there');
    default:
      return code;
  }
}
