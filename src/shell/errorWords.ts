import { l10n } from 'vscode';
import { findSignInError } from '../core/errors.ts';
import type { ErrorFacts, PortRefusal, SignInError } from '../core/errors.ts';

/** An error in words: what happened, and whose move it is with what to do next. */
export interface ErrorWords {
  readonly title: string;
  readonly next: string;
  /** The setting that decides, where one does. */
  readonly setting?: string;
}

/** The one place that has words for every kind of error. */
export function errorWords(error: SignInError): ErrorWords {
  const { facts } = error;
  const host = facts.host ?? l10n.t('the server');
  switch (error.kind) {
    case 'cancelled':
      return { title: l10n.t('The sign-in was cancelled.'), next: l10n.t('Nothing was changed.') };
    case 'denied':
      if (facts.code === 'login_required') {
        return {
          title: l10n.t('{0} wants you to sign in there first.', host),
          next: l10n.t('Open it in your browser and sign in, then try again.'),
        };
      }
      return {
        title: l10n.t('Access was not allowed.') + said(facts),
        next: l10n.t(
          'If that was not you, ask your administrator; otherwise sign in again and choose Allow.',
        ),
      };
    case 'signInNeeded':
      return { title: l10n.t('A sign-in is needed.'), next: l10n.t('Sign in again.') };
    case 'network':
      return {
        title: l10n.t('{0} could not be reached ({1}).', host, facts.code ?? l10n.t('no connection')),
        next: l10n.t('Check your connection or VPN, then try again. What you are signed in to stays.'),
      };
    case 'timeout':
      return {
        title: l10n.t('{0} did not answer in time.', host),
        next: l10n.t('Check your connection or VPN, then try again. What you are signed in to stays.'),
      };
    case 'serverError':
      return {
        title: l10n.t('{0} has a problem (HTTP {1}).', host, facts.status ?? 500) + support(facts),
        next: l10n.t('It is not on your side. Try again in a few minutes.'),
      };
    case 'rateLimited':
      return {
        title: l10n.t('{0} asks to be called less often.', host) + support(facts),
        next: l10n.t('Wait a minute, then try again.'),
      };
    case 'proxy':
      return {
        title: l10n.t('A proxy or firewall answered in place of {0} (HTTP {1}).', host, facts.status ?? 403),
        next: l10n.t('Sign in to your proxy or VPN, or check the setting http.proxy.'),
        setting: 'http.proxy',
      };
    case 'certificate':
      return {
        title: l10n.t('The certificate of {0} is not trusted ({1}).', host, facts.code ?? 'TLS'),
        next: l10n.t(
          'If your company inspects traffic, its certificate authority must be installed on this machine.',
        ),
      };
    case 'unexpectedAnswer':
      return unexpectedAnswer(facts, host);
    case 'portsUnavailable':
      return {
        title: l10n.t('None of the callback ports is free: {0}.', refusals(facts)),
        next: l10n.t(
          'Close the program that holds one, or set ports that are registered with your Okta application.',
        ),
        setting: 'developerSignIn.okta.redirectPorts',
      };
    case 'browser':
      return {
        title: l10n.t('The browser could not be opened.'),
        next: l10n.t('Copy the link and open it in a browser on this machine.'),
      };
    case 'storage':
      if (facts.reason === 'newerElsewhere') {
        return {
          title: l10n.t('Another window holds a newer token of this sign-in that this window cannot read.'),
          next: l10n.t('Reload this window.'),
        };
      }
      return {
        title: l10n.t('The sign-in could not be stored.'),
        next: l10n.t('Check that the keyring of your system is unlocked, then sign in again.'),
      };
    case 'lockBusy':
      return {
        title: l10n.t('Another window is refreshing this sign-in.'),
        next: l10n.t('Try again in a moment.'),
      };
    case 'registrationRefused':
    case 'registrationExpired':
      return {
        title:
          l10n.t('{0} does not accept the client registration any more.', host) +
          said(facts) +
          support(facts),
        next: l10n.t('Sign in again; for Okta, check the client id with your administrator.'),
      };
    case 'grantOver':
      return {
        title: l10n.t('{0} ended this sign-in.', host) + said(facts),
        next: l10n.t('Sign in again.'),
      };
    case 'lostByKeyring':
      return {
        title: l10n.t('The keyring of this system lost the sign-in.'),
        next: l10n.t('Check that it is unlocked when you log in, then sign in again.'),
      };
    case 'codeExpired':
      return {
        title: l10n.t('The sign-in was not finished in time.'),
        next: l10n.t('Sign in again; you then have a new link or code.'),
      };
    case 'policy':
      return {
        title: l10n.t('The access policy of {0} refused this request.', host) + said(facts),
        next: l10n.t(
          'Your administrator should check four places of the rule: the application it is assigned to, the people, the grant type, and the scopes, which must be exactly {0}.',
          facts.scopes?.join(' ') ?? l10n.t('those of this connection'),
        ),
        setting: 'developerSignIn.connections',
      };
    case 'organisationRule':
      return organisationRule(facts);
    case 'notAssigned':
      return {
        title: l10n.t('You are not assigned to the application at {0}.', host),
        next: l10n.t('Ask your administrator to assign you to it, then sign in again.'),
      };
    case 'scopeRefused':
      return {
        title:
          l10n.t(
            '{0} does not know one of the requested scopes ({1}).',
            host,
            facts.scopes?.join(' ') ?? '',
          ) + said(facts),
        next: l10n.t(
          'Your administrator should compare the scopes of the authorization server with this connection.',
        ),
      };
    case 'requestRefused':
      return {
        title: l10n.t('{0} refused the request.', host) + said(facts) + support(facts),
        next: l10n.t('Open the log for the details and show it to your administrator.'),
      };
    case 'startUrlRefused':
      return {
        title: l10n.t('{0} does not know this start URL.', host),
        next: l10n.t(
          'Check the start URL, and that the region is the one where your IAM Identity Center lives.',
        ),
        setting: 'developerSignIn.connections',
      };
    case 'noFlow':
      return {
        title: l10n.t('No way of signing in works here.'),
        next: l10n.t(
          'The editor runs on another machine than your browser, and this server offers no device code. Open the editor on your own machine, or ask your administrator for the device grant.',
        ),
      };
    case 'metadataMissing':
      return {
        title: l10n.t('{0} has no OpenID metadata at this issuer.', host),
        next: l10n.t(
          'Compare the issuer with Security > API > Authorization Servers in the Okta Admin Console; it usually ends in /oauth2/ and an id.',
        ),
        setting: 'developerSignIn.connections',
      };
    case 'metadataMismatch':
      return metadataMismatch(facts);
    case 'connectionChanged':
      return {
        title: l10n.t('The settings of this connection name another server now.'),
        next: l10n.t('Sign in again.'),
      };
    case 'invalidInput':
      return { title: inputWords(facts), next: l10n.t('Correct it and try again.') };
  }
}

/** What is wrong with something that was typed, in one line that says what to type. */
export function inputWords({ operation, reason }: ErrorFacts): string {
  if (reason === 'empty') return l10n.t('Please type something here.');
  if (operation === 'region') return l10n.t('A region looks like us-east-1 or eu-central-1.');
  if (operation === 'clientId') {
    return reason === 'spaces'
      ? l10n.t('A client id has no spaces. Copy it from the General tab of the Okta application.')
      : l10n.t('This is no client id. It looks like 0oa1b2c3d4E5f6G7h8i9.');
  }
  if (reason === 'notHttps') return l10n.t('The address must begin with https://.');
  if (reason === 'userInfo') return l10n.t('The address must not contain a user name or password.');
  if (reason === 'queryOrFragment') return l10n.t('An issuer has no ? or # in it.');
  if (operation === 'startUrl') {
    if (reason === 'vanity')
      return l10n.t('This address does not lead to a start URL of AWS. Ask your administrator for it.');
    return reason === 'notStartUrl'
      ? l10n.t(
          'This is an AWS address, but no start URL. One looks like https://d-1234567890.awsapps.com/start.',
        )
      : l10n.t('This is no address. A start URL looks like https://d-1234567890.awsapps.com/start.');
  }
  return l10n.t('This is no address. An issuer looks like https://example.okta.com/oauth2/aus1a2b3c4d5.');
}

/** Words for anything that was thrown, also what is no {@link SignInError}. */
export function wordsFor(error: unknown): ErrorWords {
  const known = findSignInError(error);
  if (known !== undefined) return errorWords(known);
  return {
    title: l10n.t('Something unexpected went wrong.'),
    next: l10n.t('Open the log for the details. What you are signed in to stays.'),
  };
}

/** The words for what a check throws, or undefined when it passes. A cancelled check is nobody's problem. */
export async function problemOf(check: () => unknown): Promise<string | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    const known = findSignInError(error);
    if (known === undefined || known.kind === 'cancelled') throw error;
    if (known.kind === 'invalidInput') return inputWords(known.facts);
    const { title, next } = errorWords(known);
    return `${title} ${next}`;
  }
}

function unexpectedAnswer(facts: ErrorFacts, host: string): ErrorWords {
  if (facts.reason === 'foreignPage') {
    return {
      title: l10n.t('The service named a sign-in page that is not its own ({0}).', host),
      next: l10n.t('It was not opened. Check the region and the endpoint settings.'),
      setting: 'developerSignIn.identityCenter.endpoint',
    };
  }
  return {
    title: l10n.t('{0} gave an answer that makes no sense.', host) + said(facts) + support(facts),
    next: l10n.t('A proxy or VPN page may be in between. Check your connection, then try again.'),
  };
}

function metadataMismatch({ reason, host }: ErrorFacts): ErrorWords {
  const setting = 'developerSignIn.connections';
  switch (reason) {
    case 'noS256':
      return {
        title: l10n.t('This authorization server does not offer PKCE with S256.'),
        next: l10n.t('Developer Sign-In does not sign in without it. Ask your administrator.'),
        setting,
      };
    case 'foreignEndpoint':
      return {
        title: l10n.t('The metadata of this issuer names an endpoint on another host ({0}).', host ?? ''),
        next: l10n.t('Nothing was sent there. Check the issuer with your administrator.'),
        setting,
      };
    case 'noEndpoint':
      return {
        title: l10n.t('The metadata of this issuer lacks an endpoint.'),
        next: l10n.t('Check the issuer with your administrator.'),
        setting,
      };
    default:
      return {
        title: l10n.t('The metadata found here belongs to another issuer.'),
        next: l10n.t(
          'Copy the issuer from Security > API > Authorization Servers in the Okta Admin Console.',
        ),
        setting,
      };
  }
}

function organisationRule({ reason, input = '', file = '' }: ErrorFacts): ErrorWords {
  const title = {
    issuer: l10n.t('Your organisation does not allow this machine to sign in at {0}.', input),
    startUrl: l10n.t('Your organisation does not allow this machine to sign in at {0}.', input),
    flow: l10n.t('Your organisation does not allow a way of signing in that works here.'),
    cliCache: l10n.t('Your organisation does not allow this machine to write sign-ins for the AWS CLI.'),
  }[reason ?? ''];
  return {
    title: title ?? l10n.t('Your organisation does not allow this on this machine.'),
    next: l10n.t('Nothing was sent. The rules are in {0}; the administrator of this machine decides.', file),
  };
}

function said({ description }: ErrorFacts): string {
  return description === undefined ? '' : ` ${l10n.t('It said: “{0}”', description)}`;
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
