import { l10n } from 'vscode';
import type {
  Connection,
  IdentityCenterConnection,
  OktaConnection,
} from '../../core/connection/connection.ts';
import { parseStartUrl } from '../../core/identityCenter/startUrl.ts';
import type { StartUrl } from '../../core/identityCenter/startUrl.ts';
import { resolveStartUrl } from '../../core/identityCenter/customStartUrl.ts';
import { discover } from '../../core/oidc/discovery.ts';
import { parseClientId, parseIssuer } from '../../core/oidc/issuer.ts';
import { checkAllowed } from '../../features/organizationPolicy.ts';
import { askRegion } from './askRegion.ts';
import type { RegionContext } from './askRegion.ts';
import { askText } from '../ui/askText.ts';
import type { ShellContext } from '../context.ts';
import { problemOf } from '../validationMessage.ts';
import { remember } from '../remember.ts';

export type Asking = RegionContext & Pick<ShellContext, 'http' | 'isSameOrganization' | 'organisation'>;

/** How a question stands among others, and what the answer is by now. */
interface Question {
  readonly title: string;
  readonly step?: number;
  readonly totalSteps?: number;
  readonly value?: string;
}

/**
 * A connection that is not in the settings, asked for in two steps; `totalSteps` are more where others follow.
 * @throws SignInError `cancelled`
 */
export async function askNewConnection(
  context: Asking,
  type: Connection['type'],
  title: string,
  totalSteps = 2,
): Promise<Connection> {
  return type === 'okta'
    ? askOkta(context, title, totalSteps)
    : askIdentityCenter(context, title, totalSteps);
}

async function askIdentityCenter(
  context: Asking,
  title: string,
  totalSteps: number,
): Promise<IdentityCenterConnection> {
  const { memento } = context;
  const found = await askStartUrl(context, {
    title,
    step: 1,
    totalSteps,
    ...remembered(memento, 'startUrl'),
  });
  await remember(memento, 'typed.startUrl', found.url);
  const region = found.region ?? (await askRegion(context, title, found, { step: 2, totalSteps }));
  return { type: 'identityCenter', name: found.alias, startUrl: found.url, region };
}

async function askOkta(context: Asking, title: string, totalSteps: number): Promise<OktaConnection> {
  const { memento } = context;
  const issuer = await askIssuer(context, { title, step: 1, totalSteps, ...remembered(memento, 'issuer') });
  await remember(memento, 'typed.issuer', issuer);
  const clientId = await askClientId({ title, step: 2, totalSteps, ...remembered(memento, 'clientId') });
  await remember(memento, 'typed.clientId', clientId);
  return { type: 'okta', name: new URL(issuer).hostname, issuer, clientId };
}

/** A start URL, where a company's own address leads to, and one that the organisation allows. */
export async function askStartUrl(context: Asking, question: Question): Promise<StartUrl> {
  const { http, organisation } = context;
  let startUrl: StartUrl | undefined;
  const typed = await askText({
    ...question,
    prompt: l10n.t(
      'The start URL of your organisation. It is in the e-mail that invited you to the AWS access portal.',
    ),
    placeholder: 'https://d-1234567890.awsapps.com/start',
    problem: async (text, signal) =>
      problemOf(async () => {
        startUrl = await resolveStartUrl(http, parseStartUrl(text), signal);
        const { alias: name, url } = startUrl;
        checkAllowed(await organisation(), { type: 'identityCenter', name, startUrl: url, region: '' });
      }),
  });
  return startUrl ?? parseStartUrl(typed);
}

/** An issuer that has metadata, and that the organisation allows. */
export async function askIssuer(asking: Asking, question: Question): Promise<string> {
  const typed = await askText({
    ...question,
    prompt: l10n.t(
      'The issuer of the authorization server, or its Metadata URI, as your administrator has it.',
    ),
    placeholder: 'https://example.okta.com/oauth2/aus1a2b3c4d5',
    problem: async (text, signal) =>
      problemOf(async () => {
        const issuer = parseIssuer(text);
        checkAllowed(await asking.organisation(), { type: 'okta', name: issuer, issuer, clientId: '' });
        await discover(asking, issuer, signal);
      }),
  });
  return parseIssuer(typed);
}

/** A client id, as an administrator copies it. */
export async function askClientId(question: Question): Promise<string> {
  const typed = await askText({
    ...question,
    prompt: l10n.t('The client id of the Okta application, from its General tab.'),
    placeholder: '0oa1b2c3d4E5f6G7h8i9',
    problem: (text) => problemOf(() => parseClientId(text)),
  });
  return parseClientId(typed);
}

function remembered(memento: Asking['memento'], name: string): { value?: string } {
  const value = memento.get<string>(`typed.${name}`);
  return value === undefined ? {} : { value };
}
