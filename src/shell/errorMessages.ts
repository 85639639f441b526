import { env, l10n, UIKind } from 'vscode';
import { findSignInError } from '../core/oauth/errors.ts';
import type { ErrorDetails, PortRefusal, SignInError } from '../core/oauth/errors.ts';
import { inputMessage } from './inputMessages.ts';
import { serverDescription, requestIdSentence } from './errorText.ts';
import type { ErrorMessage } from './errorText.ts';
import { refusalMessage } from './refusalMessages.ts';
import { invalidResponse, metadataMismatch, metadataMissing } from './responseMessages.ts';
import { joinSentences } from '../output/joinSentences.ts';

export type { ErrorMessage } from './errorText.ts';

/** An error message in one line. */
export function inOneLine({ title, cause, next }: ErrorMessage): string {
  return joinSentences(title, cause, next);
}

/** The message for an error of any kind; the only place with texts for all kinds. */
export function errorMessage(error: SignInError): ErrorMessage {
  const { details } = error;
  // Two forms, for the beginning of a sentence and within one: other languages inflect it.
  const host = details.host ?? l10n.t('The server');
  const there = details.host ?? l10n.t('the server');
  switch (error.kind) {
    case 'cancelled':
      return {
        title: l10n.t('The sign-in was canceled.'),
        cause: l10n.t('You canceled it, or another sign-in to the same connection replaced it.'),
        next: l10n.t('Nothing was changed.'),
      };
    case 'signInNeeded':
      // A status is from the AWS access portal; without one, the session is missing here.
      if (details.status !== undefined) {
        return {
          title: l10n.t('{0} no longer accepts your sign-in.', host),
          cause:
            (serverDescription(details) ?? l10n.t('Your session at the AWS access portal has ended.')) +
            requestIdSentence(details),
          next: l10n.t('Sign in again.'),
        };
      }
      return {
        title: l10n.t('You need to sign in.'),
        cause: l10n.t('You aren’t signed in here, or your session has expired.'),
        next: l10n.t('Sign in again.'),
      };
    case 'network':
      return {
        title: l10n.t('{0} couldn’t be reached ({1}).', host, details.code ?? l10n.t('no connection')),
        cause: l10n.t('You’re offline, or a VPN or firewall is blocking the connection.'),
        next: l10n.t('Check your network connection or VPN, then try again.'),
      };
    case 'timeout':
      return {
        title: l10n.t('{0} didn’t answer in time.', host),
        cause: l10n.t('The connection is slow, or a firewall may be blocking the request.'),
        next: l10n.t('Check your network connection or VPN, then try again.'),
      };
    case 'serverError':
      return {
        title: l10n.t('{0} returned an error (HTTP {1}).', host, details.status ?? 500),
        cause:
          (serverDescription(details) ?? l10n.t('This isn’t a problem on your side.')) +
          requestIdSentence(details),
        next: l10n.t('Try again in a few minutes.'),
      };
    case 'rateLimited':
      return {
        title: l10n.t('Too many requests to {0} (rate limited).', there),
        cause:
          l10n.t('Your organization sent too many requests in a short time.') + requestIdSentence(details),
        next: l10n.t('Wait a minute, then try again.'),
      };
    case 'proxy':
      if (details.reason === 'vanity') {
        return {
          title: l10n.t('{0} isn’t an AWS access portal (HTTP {1}).', host, details.status ?? 200),
          cause: l10n.t('The URL is wrong, or a proxy or your network’s sign-in page answered.'),
          next: l10n.t('Sign in to your network or VPN, check the URL, and try again.'),
        };
      }
      return {
        title: l10n.t(
          'A proxy or firewall answered instead of {0} (HTTP {1}).',
          there,
          details.status ?? 403,
        ),
        cause: l10n.t('It requires you to sign in first, or it blocks this address.'),
        next:
          details.operation === 'metadata'
            ? l10n.t('Sign in to your proxy or VPN, or check the issuer and the http.proxy setting.')
            : l10n.t('Sign in to your proxy or VPN, or check the http.proxy setting.'),
        setting: 'http.proxy',
      };
    case 'certificate': {
      const title = l10n.t('The certificate of {0} isn’t trusted ({1}).', there, details.code ?? 'TLS');
      // The codes of Node and Electron. A clock is often wrong in a virtual machine that slept.
      if (/NOT_YET_VALID|HAS_EXPIRED|DATE_INVALID/.test(details.code ?? '')) {
        return {
          title,
          cause: l10n.t('It has expired or isn’t valid yet, or this computer’s clock is wrong.'),
          next: l10n.t('Check this computer’s clock.'),
        };
      }
      // A captive portal presents its own certificate; one that inspects traffic makes one for the right host.
      if (/ALTNAME|HOSTNAME|COMMON_NAME/.test(details.code ?? '')) {
        return {
          title,
          cause: l10n.t(
            'It was issued for another host: your network’s sign-in page answered, or the connection is being intercepted.',
          ),
          next: l10n.t(
            'Sign in to your network or VPN, then try again. If that doesn’t help, don’t continue.',
          ),
        };
      }
      return {
        title,
        cause: l10n.t('Your organization inspects traffic, or the connection is being intercepted.'),
        next: l10n.t(
          'If your organization inspects traffic, install its certificate authority on this computer. Otherwise, don’t continue.',
        ),
      };
    }
    case 'invalidResponse':
      return invalidResponse(details, host);
    case 'portsUnavailable':
      return {
        title: l10n.t('No callback port is available.'),
        cause: l10n.t('In use or reserved: {0}.', refusals(details)),
        next:
          details.isGeneric === true
            ? l10n.t(
                'Close the program that uses one of them, or set other ports that are registered with the application.',
              )
            : l10n.t(
                'Close the program that uses one of them, or set other ports that are registered with your Okta application.',
              ),
        setting: 'developerSignIn.okta.redirectPorts',
      };
    case 'storage':
      return storage(details);
    case 'configuration':
      return {
        title: l10n.t('A setting on this computer prevents the request.'),
        cause:
          serverDescription(details) ??
          l10n.t('An environment variable or configuration file conflicts with it.'),
        next: l10n.t('Open the log for details, correct the setting, and try again.'),
      };
    case 'lockBusy':
      return {
        title: l10n.t('Another window is using this sign-in.'),
        cause:
          details.holder === undefined
            ? l10n.t('Only one window at a time can change it.')
            : l10n.t('Process {0} on {1} is still changing it.', details.holder.pid, details.holder.host),
        next: l10n.t('Try again in a moment. If this continues, close the other window.'),
      };
    case 'credentialStoreLost':
      return credentialStoreLost();
    case 'blockedByOrganization':
      return blockedByOrganization(details);
    case 'metadataMissing':
      return metadataMissing(details, host);
    case 'metadataMismatch':
      return metadataMismatch(details);
    case 'connectionChanged':
      return {
        title: l10n.t('This connection’s settings now point to another server.'),
        cause: l10n.t('A token is sent only to the server that issued it.'),
        next: l10n.t('Sign in again.'),
      };
    case 'invalidInput':
      return {
        title: l10n.t('This value can’t be used to sign in.'),
        cause: inputMessage(details),
        next: l10n.t('Correct it, then try again.'),
      };
    default:
      return refusalMessage(error.kind, details);
  }
}

/** The message for anything that was thrown, not only a {@link SignInError}. */
export function messageFor(error: unknown): ErrorMessage {
  const known = findSignInError(error);
  if (known !== undefined) return errorMessage(known);
  return {
    title: l10n.t('Something went wrong.'),
    cause: l10n.t('This is a problem in Developer Sign-In.'),
    next: l10n.t('Open the log for details.'),
  };
}

/** VS Code in a browser keeps secrets there; Eclipse Theia, which has no remote name, keeps them on its server. */
function credentialStoreLost(): ErrorMessage {
  if (env.uiKind === UIKind.Web && env.remoteName === undefined) {
    return {
      title: l10n.t('Your saved sign-in is no longer on the server.'),
      cause: l10n.t('Its keychain was reset, or it keeps secrets only in memory.'),
      next: l10n.t('Sign in again.'),
    };
  }
  if (env.uiKind === UIKind.Web) {
    return {
      title: l10n.t('Your saved sign-in is no longer in this browser.'),
      cause: l10n.t('Its site data was cleared, or the server keeps secrets only in memory.'),
      next: l10n.t('Sign in again.'),
    };
  }
  return {
    title: l10n.t('Your saved sign-in is no longer in the system keychain.'),
    cause: l10n.t('The keychain was reset, or it was locked when VS Code started.'),
    next: l10n.t('Make sure it’s unlocked when you log in, then sign in again.'),
  };
}

function storage({ reason, operation, file = '', code = '' }: ErrorDetails): ErrorMessage {
  if (operation === 'awsCli' || operation === 'awsConfig') {
    return {
      title: l10n.t('{0} couldn’t be changed ({1}).', file, code),
      cause: l10n.t('The disk is full, or you don’t have permission to write to that folder.'),
      next: l10n.t('Check the folder, then try again.'),
    };
  }
  if (reason === 'newerElsewhere') {
    return {
      title: l10n.t('This window can’t read your saved sign-in.'),
      cause: l10n.t('Another window saved a newer token.'),
      next: l10n.t('Reload this window.'),
    };
  }
  if (reason === 'unreadable') {
    return {
      title: l10n.t('This window can’t read your saved sign-in.'),
      cause: l10n.t('The system keychain is locked, or the file can’t be read ({0}).', code),
      next: l10n.t('Unlock the system keychain, then try again.'),
    };
  }
  return {
    title: l10n.t('Your sign-in couldn’t be saved.'),
    cause: l10n.t('The system keychain is locked or missing, or the disk is full.'),
    next: l10n.t('Unlock the system keychain, check the free disk space, and sign in again.'),
  };
}

function blockedByOrganization({ reason, input = '', file = '' }: ErrorDetails): ErrorMessage {
  const title = {
    issuer: l10n.t('Your organization doesn’t allow sign-in to {0} on this computer.', input),
    startUrl: l10n.t('Your organization doesn’t allow sign-in to {0} on this computer.', input),
    flow: l10n.t('Your organization doesn’t allow any sign-in method that works here.'),
    terminal: l10n.t('Your organization doesn’t allow programs in the terminal to use sign-ins.'),
    cliCache: l10n.t('Your organization doesn’t allow sharing with the AWS CLI on this computer.'),
    policyMissing: l10n.t('The policy file that your organization requires is missing.'),
    policyBroken: l10n.t('The policy file that your organization requires can’t be applied.'),
  }[reason ?? ''];
  return {
    title: title ?? l10n.t('Your organization doesn’t allow this on this computer.'),
    cause:
      reason === 'policyMissing'
        ? l10n.t('The file should be at {0}. Nothing was sent.', file)
        : l10n.t('Set by policy in {0}. Nothing was sent.', file),
    next: l10n.t('Ask your administrator.'),
  };
}

/** The unavailable ports with address and reason; ports with the same ones are grouped. */
function refusals({ ports = [] }: ErrorDetails): string {
  const groups = new Map<string, PortRefusal[]>();
  for (const refusal of ports) {
    const group = `${refusal.address} ${refusal.code}`;
    groups.set(group, [...(groups.get(group) ?? []), refusal]);
  }
  return [...groups.values()]
    .map((group) => {
      const [{ address, code } = { address: 'localhost', code: '' }] = group;
      const numbers = group.map(({ port }) => port).join(', ');
      return l10n.t('{0} on {1} ({2})', numbers, address, portText(code));
    })
    .join(', ');
}

function portText(code: string): string {
  switch (code) {
    case 'EADDRINUSE':
      return l10n.t('in use by another program');
    case 'EACCES':
      return l10n.t('reserved by the system');
    case 'EFOREIGN':
      return l10n.t('another program answers');
    default:
      return code;
  }
}
