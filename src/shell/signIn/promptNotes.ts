import { l10n } from 'vscode';
import type { FlowName } from '../../core/oauth/flows.ts';
import type { InteractionRequest, RedirectUriStatus } from '../../core/oauth/userInteraction.ts';
import type { PromptRow, PromptSubject, InteractionView } from './prompt.ts';
import { defined } from '../../core/defined.ts';

/** Rows with important notes on an interaction; each takes one line and has no action. */
export function notesOf(view: InteractionView): PromptRow[] {
  const { interaction, redirectStatus, subject } = view;
  const { fallbackFrom, missingGrant } = interaction;
  const missing: PromptRow = {
    key: 'instead',
    icon: 'info',
    ...(subject.isGeneric === true
      ? {
          label: l10n.t('This application doesn’t allow device codes'),
          detail: l10n.t('Administrators: allow the device authorization grant for the application.'),
        }
      : {
          label: l10n.t('This Okta application doesn’t allow device codes'),
          detail: l10n.t('Administrators: enable it under Grant type and in the access policy rule.'),
        }),
  };
  const instead: PromptRow[] =
    missingGrant !== undefined
      ? [missing]
      : fallbackFrom === undefined
        ? []
        : [{ key: 'instead', icon: 'info', label: insteadText(fallbackFrom) }];
  if (redirectStatus?.wrongParameter === 'client_id') {
    const detail = subject.clientId === undefined ? undefined : l10n.t('Client ID: {0}', subject.clientId);
    return [
      ...instead,
      {
        key: 'redirectStatus',
        icon: 'warning',
        label: unknownClientText(subject),
        ...defined({ detail }),
      },
    ];
  }
  if (redirectStatus?.registration === 'notRegistered') {
    const detail =
      redirectStatus.registered === undefined
        ? l10n.t('No redirect URI is registered. Check the client ID.')
        : l10n.t('You’ll see an error page. Ask your administrator to add this redirect URI.');
    return [
      ...instead,
      {
        key: 'redirectStatus',
        icon: 'warning',
        label: shortNotRegisteredText(redirectStatus, subject),
        detail,
      },
    ];
  }
  return instead;
}

/** A hint after a long wait; undefined before, and if another note is displayed. */
export function noResponseHint(view: InteractionView): string | undefined {
  const { redirectStatus, isSilent, interaction } = view;
  const isSaid = redirectStatus?.registration === 'notRegistered' || interaction.loopbackSupport === 'never';
  return !isSilent || isSaid ? undefined : noResponseText(view);
}

/** A one-line hint after a long wait that mentions only what this sign-in offers. */
function noResponseText({ interaction, redirectStatus, subject }: InteractionView): string {
  const { redirectStatus: asked, redirectUri, alternatives, userCode } = interaction;
  // A wrong Region may give out a code; only the page that the user approves it on refuses it.
  if (userCode !== undefined && subject.mistypable === 'startUrlAndRegion')
    return noResponseAtIdentityCenter(subject, false);
  if (userCode !== undefined || redirectUri === undefined)
    return l10n.t('If you closed the page, open it again.');
  if (asked === undefined) return noResponseAtIdentityCenter(subject, alternatives.includes('deviceCode'));
  if (redirectStatus?.registration === 'registered') return l10n.t('Error page? Find out what it means.');
  return alternatives.includes('nextPort')
    ? l10n.t('Error page? {0} may be unregistered. Try the next port.', redirectUri)
    : l10n.t('Error page? Ask your administrator to register {0}.', redirectUri);
}

/** The page does not return after a refusal; with a device code, the reason is displayed here. */
function noResponseAtIdentityCenter({ mistypable }: PromptSubject, hasDeviceCode: boolean): string {
  switch (mistypable) {
    case 'startUrl':
      return hasDeviceCode
        ? l10n.t('Error page? Check the start URL, or use a device code instead.')
        : l10n.t('Error page? Check the start URL, or ask your administrator.');
    case 'startUrlAndRegion':
      return hasDeviceCode
        ? l10n.t('Error page? Check the start URL and Region, or use a device code instead.')
        : l10n.t('Error page? Check the start URL and Region, or ask your administrator.');
    case 'nothing':
      return hasDeviceCode
        ? l10n.t('If the browser shows an error page, use a device code instead.')
        : l10n.t('Error page? Find out what it means.');
  }
}

/** Rows about scopes beyond the connection's own, which the user sees before consenting. */
export function beyondRows({ beyond }: PromptSubject): PromptRow[] {
  if (beyond.length === 0) return [];
  const label = l10n.t('This sign-in also requests: {0}', beyond.join(' '));
  return [{ key: 'beyond', icon: 'info', label }];
}

function insteadText(flow: FlowName): string {
  return flow === 'authorizationCode'
    ? l10n.t('Uses a code, because your browser can’t redirect to this editor')
    : l10n.t('Uses a browser redirect, because this server doesn’t offer codes');
}

/** The values for an administrator to compare, line by line. */
export function forAdministrator(
  interaction: InteractionRequest,
  redirectStatus: RedirectUriStatus,
  clientId: string,
  subject: Pick<PromptSubject, 'isGeneric'> = {},
): string {
  return [
    redirectStatus.wrongParameter === 'client_id'
      ? unknownClientText(subject)
      : notRegisteredText(redirectStatus, subject),
    l10n.t('Authorization endpoint: {0}', interaction.url.replace(/\?.*/s, '')),
    l10n.t('Client ID: {0}', clientId),
    l10n.t('Redirect URI: {0}', redirectStatus.redirectUri),
  ].join('\n');
}

function unknownClientText({ isGeneric }: Pick<PromptSubject, 'isGeneric'>): string {
  return isGeneric === true
    ? l10n.t('The provider doesn’t recognize this client ID')
    : l10n.t('Okta doesn’t recognize this client ID');
}

/**
 * The unregistered redirect URI by its port, since a row has no room for the whole URI, which is copied for the
 * administrator.
 */
function shortNotRegisteredText(
  redirectStatus: RedirectUriStatus,
  subject: Pick<PromptSubject, 'isGeneric'>,
): string {
  const { port } = new URL(redirectStatus.redirectUri);
  if (port === '') return notRegisteredText(redirectStatus, subject);
  return subject.isGeneric === true
    ? l10n.t('Port {0} isn’t registered with this application', port)
    : l10n.t('Port {0} isn’t registered with this Okta application', port);
}

/** A note that a redirect URI is registered, the counterpart of {@link notesOf}'s. */
export function shortRegisteredText(redirectUri: string): string {
  const { port } = new URL(redirectUri);
  return port === '' ? l10n.t('{0} is registered', redirectUri) : l10n.t('Port {0} is registered', port);
}

function notRegisteredText(
  { redirectUri }: RedirectUriStatus,
  { isGeneric }: Pick<PromptSubject, 'isGeneric'>,
): string {
  return isGeneric === true
    ? l10n.t('{0} isn’t registered with this application', redirectUri)
    : l10n.t('{0} isn’t registered with this Okta application', redirectUri);
}
