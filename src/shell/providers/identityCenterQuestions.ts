import { l10n } from 'vscode';
import { valueOf } from '../../core/connection/connection.ts';
import type { Connection, IdentityCenterConnection } from '../../core/connection/connection.ts';
import { endpointsOf, isAwsEndpoint } from '../../core/identityCenter/endpoints.ts';
import { resolveStartUrl } from '../../input/customStartUrl.ts';
import { nameOfStartUrl, parseStartUrl } from '../../input/startUrl.ts';
import type { StartUrl } from '../../input/startUrl.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import { isLoopbackUrl } from '../../core/text/webAddress.ts';
import { checkAllowed, templatesUnder } from '../../features/organizationPolicy.ts';
import type { ShellContext } from '../context.ts';
import { messageFor } from '../errorMessages.ts';
import { askText, isBack } from '../ui/askText.ts';
import { showError } from '../ui/messages.ts';
import { notificationOf } from '../ui/reportError.ts';
import { remember } from '../remember.ts';
import { validationMessage } from '../validationMessage.ts';
import { askRegion, findRegionWithProgress } from './askRegion.ts';
import { editLabel, editTitle, renamed } from './editableInput.ts';
import type { EditableInput } from './editableInput.ts';
import { otherProvider } from './otherProvider.ts';
import type { QuestionContext, NewPlace } from './provider.ts';
import { typedBefore } from './typedBefore.ts';
import type { TextQuestion } from './typedBefore.ts';

/**
 * Asks for a new connection, as `askNew` of `provider.ts`.
 * @throws SignInError `cancelled`, or `invalidInput` for an invalid given start URL
 */
export async function askNewIdentityCenter(
  context: QuestionContext,
  title: string,
  { totalSteps, hasBack, before, known = [] }: NewPlace<IdentityCenterConnection>,
  given: Partial<IdentityCenterConnection> = {},
): Promise<IdentityCenterConnection> {
  const { memento } = context;
  if (given.startUrl !== undefined) {
    const named = parseStartUrl(given.startUrl);
    const region = given.region ?? (await askRegion(context, title, named));
    return { type: 'identityCenter', name: nameOfStartUrl(named), startUrl: named.url, region };
  }
  const first = { title, step: 1, totalSteps, hasBack };
  let asked = before === undefined ? undefined : parseStartUrl(before.startUrl);
  if (asked?.region !== undefined) asked = undefined; // The Region was not asked for, so there is only one question.
  for (;;) {
    const found = asked ?? (await askStartUrl(context, { ...first, ...typedBefore(memento, 'startUrl') }));
    asked = undefined;
    const region =
      found.region ??
      given.region ??
      regionAmong(known, found) ??
      (await askRegion(context, title, found, { step: 2, totalSteps, hasBack: true }).catch(undefinedIfBack));
    if (region !== undefined)
      return { type: 'identityCenter', name: nameOfStartUrl(found), startUrl: found.url, region };
  }
}

/** The Region of the connections with this start URL, if they all have the same. */
function regionAmong(known: readonly Connection[], { url }: StartUrl): string | undefined {
  const same = known.flatMap((one) => (valueOf(one, 'startUrl') === url ? [valueOf(one, 'region')] : []));
  const [region] = new Set(same).size === 1 ? same : [];
  return typeof region === 'string' ? region : undefined;
}

/**
 * Asks for another start URL or region.
 * @throws SignInError `cancelled`
 */
export async function editIdentityCenter(
  context: QuestionContext,
  connection: IdentityCenterConnection,
  input: EditableInput,
  hasBack?: true,
): Promise<IdentityCenterConnection> {
  const title = editTitle(input);
  const before = parseStartUrl(connection.startUrl);
  if (input === 'region')
    return { ...connection, region: await askRegion(context, title, before, { hasBack }) };
  let found: StartUrl;
  let region: string | undefined;
  do {
    found = await askStartUrl(context, { title, hasBack, value: connection.startUrl });
    region =
      found.region ?? (await askRegion(context, title, found, { hasBack: true }).catch(undefinedIfBack));
  } while (region === undefined);
  const name = renamed(connection.name, [nameOfStartUrl(before), before.alias], nameOfStartUrl(found));
  return { ...connection, name, startUrl: found.url, region };
}

/** *Back* returns to the previous question. */
function undefinedIfBack(error: unknown): undefined {
  if (!isBack(error)) throw error;
}

/**
 * Offers a correction for a start URL that is unknown in its region: the region that knows it, or the user's
 * edit. Undefined if no other region knows it.
 * @throws SignInError `cancelled`
 */
export async function offerRegion(
  context: QuestionContext,
  connection: IdentityCenterConnection,
  error: SignInError,
  canEdit: boolean,
): Promise<IdentityCenterConnection | undefined> {
  const find = l10n.t('Detect Region');
  const edit = editLabel('startUrl');
  // An error, since VS Code hides a warning after a while, and this is a question.
  const chosen = await showError(notificationOf(error, messageFor(error)), find, ...(canEdit ? [edit] : []));
  if (chosen === edit) return editIdentityCenter(context, connection, 'startUrl');
  if (chosen !== find) throw new SignInError('cancelled', {}, error);
  const { signal } = new AbortController();
  const startUrl = await resolveStartUrl(context.http, parseStartUrl(connection.startUrl), signal);
  const region = await findRegionWithProgress(context, startUrl);
  if (region === undefined || region === connection.region) return undefined;
  return { ...connection, startUrl: startUrl.url, region };
}

/** Asks for a start URL that the organization allows, resolves a custom one, and remembers it. */
async function askStartUrl(context: QuestionContext, question: TextQuestion): Promise<StartUrl> {
  const { http, organization, memento } = context;
  let startUrl: StartUrl | undefined;
  const typed = await askText({
    ...question,
    prompt: l10n.t(
      'Your organization’s start URL. Find it in the email that invited you to the AWS access portal.',
    ),
    placeholder: 'https://d-1234567890.awsapps.com/start',
    problem: async (text, signal) =>
      otherProvider('identityCenter', text) ??
      validationMessage(async () => {
        startUrl = await resolveStartUrl(http, parseStartUrl(text), signal);
        const connection = { type: 'identityCenter', name: nameOfStartUrl(startUrl), region: '' } as const;
        checkAllowed(await organization(), { ...connection, startUrl: startUrl.url });
      }),
  });
  startUrl ??= parseStartUrl(typed);
  await remember(memento, 'typed.startUrl', startUrl.url);
  return startUrl;
}

/**
 * The hosts of endpoints other than AWS's own sign-in hosts and loopback.
 * @throws SignInError `invalidInput` for an endpoint that is not an https address
 */
export async function foreignHosts(
  { organization, settings }: Pick<ShellContext, 'organization' | 'settings'>,
  { region, startUrl }: IdentityCenterConnection,
): Promise<readonly string[]> {
  const templates = templatesUnder(await organization(), settings().endpoints);
  const { oidc, portal } = endpointsOf(region, templates, startUrl);
  const foreign = [oidc, portal]
    .map((endpoint) => new URL(endpoint))
    .filter((url) => !isAwsEndpoint(url) && !isLoopbackUrl(url));
  return [...new Set(foreign.map(({ host }) => host))];
}
