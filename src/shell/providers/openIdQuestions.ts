import { l10n } from 'vscode';
import type { OidcConnection, OktaConnection, OpenIdConnection } from '../../core/connection/connection.ts';
import { parseClientId, parseIssuer } from '../../input/issuer.ts';
import { openIdProtocol } from '../../core/providers/openId.ts';
import { checkAllowed } from '../../features/organizationPolicy.ts';
import { askInSteps, askText } from '../ui/askText.ts';
import { remember } from '../remember.ts';
import { validationMessage } from '../validationMessage.ts';
import { editTitle, renamed } from './editableInput.ts';
import type { EditableInput } from './editableInput.ts';
import { otherProvider } from './otherProvider.ts';
import type { QuestionContext, NewPlace } from './provider.ts';
import { typedBefore } from './typedBefore.ts';
import type { TextQuestion } from './typedBefore.ts';

/** Asks for a new connection, as `askNew` of `provider.ts`. */
export async function askNewOkta(
  context: QuestionContext,
  title: string,
  place: NewPlace<OpenIdConnection>,
  given: Partial<OpenIdConnection> = {},
): Promise<OktaConnection> {
  return { type: 'okta', ...(await askNew(context, { title, ...place }, oktaQuestions(), given)) };
}

/** Like {@link askNewOkta}, for any OpenID Connect provider. */
export async function askNewOidc(
  context: QuestionContext,
  title: string,
  place: NewPlace<OpenIdConnection>,
  given: Partial<OpenIdConnection> = {},
): Promise<OidcConnection> {
  return { type: 'oidc', ...(await askNew(context, { title, ...place }, oidcQuestions(), given)) };
}

/** The questions for issuer and client ID. */
interface OpenIdQuestions {
  /** Keys of the remembered answers, separate for each provider. */
  readonly remembered: { readonly issuer: string; readonly clientId: string };
  /** As in `ErrorDetails`. */
  readonly isGeneric?: true;
  readonly issuer: { readonly prompt: string; readonly placeholder: string };
  readonly clientId: { readonly prompt: string; readonly placeholder: string };
}

const oktaQuestions = (): OpenIdQuestions => ({
  remembered: { issuer: 'issuer', clientId: 'clientId' },
  issuer: {
    prompt: l10n.t(
      'The issuer of the authorization server, or its Metadata URI. Ask your administrator for it.',
    ),
    placeholder: 'https://example.okta.com/oauth2/aus1a2b3c4d5',
  },
  clientId: {
    prompt: l10n.t(
      'The client ID that your administrator gave you. In Okta, it’s on the application’s General tab.',
    ),
    placeholder: '0oa1b2c3d4E5f6G7h8i9',
  },
});

const oidcQuestions = (): OpenIdQuestions => ({
  isGeneric: true,
  remembered: { issuer: 'oidc.issuer', clientId: 'oidc.clientId' },
  issuer: {
    prompt: l10n.t('Enter the issuer URL of your OpenID Connect provider, or its metadata URL.'),
    placeholder: 'https://login.example.com',
  },
  clientId: {
    prompt: l10n.t('The client ID of the public (native) application.'),
    placeholder: 'developer-sign-in',
  },
});

/** The questions by connection type. */
const questionsOf: Readonly<Record<OpenIdConnection['type'], () => OpenIdQuestions>> = {
  okta: oktaQuestions,
  oidc: oidcQuestions,
};

async function askNew(
  context: QuestionContext,
  { title, totalSteps, hasBack, before }: NewPlace<OpenIdConnection> & Pick<TextQuestion, 'title'>,
  texts: OpenIdQuestions,
  given: Partial<OpenIdConnection>,
): Promise<{ readonly name: string; readonly issuer: string; readonly clientId: string }> {
  const { memento } = context;
  // A single question needs no step number.
  const isOnly = given.issuer !== undefined || given.clientId !== undefined;
  const names = texts.remembered;
  const question = (step: number, name: string): TextQuestion => ({
    ...(isOnly ? { title } : { title, totalSteps, step, hasBack: step === 1 ? hasBack : true }),
    ...typedBefore(memento, name),
  });
  let { issuer = before?.issuer ?? '', clientId = '' } = given;
  await askInSteps(
    [
      async () => {
        if (given.issuer !== undefined) return false;
        issuer = await askIssuer(context, question(1, names.issuer), texts);
        return true;
      },
      async () => {
        if (given.clientId !== undefined) return false;
        clientId = await askClientId(context, question(2, names.clientId), texts);
        return true;
      },
    ],
    before === undefined ? 0 : 1,
  );
  return { name: new URL(issuer).hostname, issuer, clientId };
}

/**
 * Asks for another issuer or client ID.
 * @throws SignInError `cancelled`
 */
export async function editOpenId<C extends OpenIdConnection>(
  context: QuestionContext,
  connection: C,
  input: EditableInput,
  hasBack?: true,
): Promise<C> {
  const title = editTitle(input);
  const texts = questionsOf[connection.type]();
  if (input !== 'issuer')
    return {
      ...connection,
      clientId: await askClientId(context, { title, hasBack, value: connection.clientId }, texts),
    };
  const issuer = await askIssuer(context, { title, hasBack, value: connection.issuer }, texts);
  const [before, after] = [new URL(connection.issuer).hostname, new URL(issuer).hostname];
  return { ...connection, name: renamed(connection.name, [before], after), issuer };
}

/** Asks for an issuer that has metadata and that the organization allows, and remembers it. */
async function askIssuer(
  asking: QuestionContext,
  question: TextQuestion,
  { issuer: texts, isGeneric, remembered }: OpenIdQuestions,
): Promise<string> {
  const type = isGeneric === true ? 'oidc' : 'okta';
  const typed = await askText({
    ...question,
    ...texts,
    problem: async (text, signal) =>
      otherProvider(type, text) ??
      validationMessage(async () => {
        const issuer = parseIssuer(text);
        checkAllowed(await asking.organization(), { type, name: issuer, issuer, clientId: '' });
        const { discover } = await openIdProtocol();
        await discover(asking, issuer, signal, isGeneric === true ? 'partial' : 'complete');
      }, isGeneric),
  });
  const issuer = parseIssuer(typed);
  await remember(asking.memento, `typed.${remembered.issuer}`, issuer);
  return issuer;
}

/** Asks for a client ID, as an administrator copies it, and remembers it. */
async function askClientId(
  { memento }: QuestionContext,
  question: TextQuestion,
  { clientId: texts, isGeneric, remembered }: OpenIdQuestions,
): Promise<string> {
  const typed = await askText({
    ...question,
    ...texts,
    problem: (text) => validationMessage(() => parseClientId(text), isGeneric),
  });
  const clientId = parseClientId(typed);
  await remember(memento, `typed.${remembered.clientId}`, clientId);
  return clientId;
}
