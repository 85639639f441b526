import { l10n, QuickPickItemKind, Uri, window, workspace } from 'vscode';
import type { Memento } from 'vscode';
import { isCancelled, SignInError } from '../../core/oauth/errors.ts';
import { probeStatePrefix } from '../../core/oidc/redirectUri.ts';
import { cleanPasted } from '../../input/pastedText.ts';
import { fieldsOf, secretFields } from '../../setup/fields.ts';
import type { FieldName, SecretField } from '../../setup/fields.ts';
import type { SetupGuideId } from '../../setup/setupGuides.ts';
import { askText } from '../ui/askText.ts';
import { fieldOf, fieldPlaceholder, fieldProblem, fieldPrompt, fieldTitle } from './setupFields.ts';
import type { Answers } from './setupFields.ts';
import { guideTitle } from './checkTexts.ts';
import { askAwsProfile, environmentCredentials } from './awsProfile.ts';
import { anyProfile } from '../../setup/setupPorts.ts';
import { List } from '../ui/quickPick.ts';
import type { ListRow } from '../ui/quickPick.ts';
import { defined } from '../../core/defined.ts';
import { joinSentences } from '../../output/joinSentences.ts';

/** The administrator's choices for a run. */
export interface ChosenOptions {
  readonly answers: Answers;
  readonly testSignIn: boolean;
}

interface Choice extends ListRow {
  readonly field?: FieldName;
  readonly choice?: 'run' | 'testSignIn';
}

/** The initial state of the question for a run's options. */
export interface OptionsQuestion {
  readonly given: Answers;
  readonly checkCount: number;
  readonly awsProfiles: () => Promise<readonly string[]>;
  /** The secrets of the previous run. */
  readonly secretsBefore?: readonly SecretField[];
}

/**
 * Shows one list with all optional inputs of the checks. Remembers answers, except secrets; those of the
 * previous run are asked for again, unless the user removes them.
 * @throws SignInError `cancelled` on Escape
 */
export async function promptForOptions(
  memento: Memento,
  document: SetupGuideId,
  { given, checkCount, awsProfiles, secretsBefore = [] }: OptionsQuestion,
): Promise<ChosenOptions> {
  let answers: Answers = { ...memento.get<Answers>(key(document), {}), ...given };
  let testSignIn = memento.get<boolean>(`${key(document)}.testSignIn`, false);
  let askAgain = secretsBefore;
  let active: FieldName | 'testSignIn' | 'run' = askAgain[0] ?? firstEmpty(document, answers) ?? 'run';
  let isChosen = false;
  for (;;) {
    const missing = isChosen ? askAgain[0] : undefined;
    if (isChosen && missing === undefined) break;
    const chosen: Pick<Choice, 'choice' | 'field'> =
      missing === undefined
        ? await pick(document, { answers, testSignIn, checkCount, active, askAgain })
        : { field: missing };
    if (chosen.choice === 'run') {
      isChosen = true;
    } else if (chosen.choice === 'testSignIn') {
      testSignIn = !testSignIn;
      active = 'testSignIn';
    } else if (chosen.field !== undefined) {
      const { field } = chosen;
      const asked =
        field === 'awsProfile'
          ? awsProfiles().then(askAwsProfile)
          : askField(document, field, answers[field] ?? '');
      const value = await asked.catch((error: unknown) => {
        if (isCancelled(error)) return undefined; // Return to the unchanged list.
        throw error;
      });
      active = field;
      if (value === undefined) {
        isChosen = false;
        continue;
      }
      answers = { ...answers, [field]: value };
      askAgain = askAgain.filter((one) => one !== field && !hasOther(one, answers));
      // A user who only presses Enter reaches this question last, before the checks run.
      active = firstEmpty(document, answers, field) ?? (testSignIn ? 'run' : 'testSignIn');
    }
    await remember(memento, document, answers, testSignIn);
  }
  await remember(memento, document, answers, testSignIn);
  return { answers, testSignIn };
}

/**
 * Asks for a secret again, to repeat a check; undefined if it is left out.
 * @throws SignInError `cancelled`
 */
export async function askSecret(document: SetupGuideId, field: SecretField): Promise<string | undefined> {
  const token = await askField(document, field, '');
  return token === '' ? undefined : token;
}

/**
 * Asks for the person to look up; the previous one is filled in.
 * @throws SignInError `cancelled`
 */
export async function askPerson(document: SetupGuideId, before: string | undefined): Promise<string> {
  const typed = await askText({
    title: `${fieldTitle('userName')} · ${guideTitle(document)}`,
    prompt: l10n.t('The person’s username or email address. Their password isn’t needed.'),
    placeholder: fieldPlaceholder('userName', document),
    ...defined({ value: before }),
    problem: (text) =>
      text.trim() === ''
        ? l10n.t('Enter a username or an email address.')
        : fieldProblem('userName', text, document),
  });
  return typed.trim();
}

function isSecret(field: FieldName): boolean {
  return secretFields.some((one) => one === field);
}

function key(document: SetupGuideId): string {
  return `setup.${document}`;
}

async function remember(
  memento: Memento,
  document: SetupGuideId,
  given: Answers,
  testSignIn: boolean,
): Promise<void> {
  const answers = Object.fromEntries(Object.entries(given).filter(([name]) => !isSecret(name as FieldName)));
  await memento.update(key(document), answers);
  await memento.update(`${key(document)}.testSignIn`, testSignIn);
}

/** The first field without a value, starting after `after`. */
function firstEmpty(document: SetupGuideId, answers: Answers, after?: FieldName): FieldName | undefined {
  const fields = fieldsOf(document);
  const start = after === undefined ? 0 : fields.indexOf(after) + 1;
  return fields.slice(start).find((field) => (answers[field] ?? '') === '' && !hasOther(field, answers));
}

/** Alternatives of fields: Okta's API accepts a token or a service app. */
const insteadOf: Readonly<Partial<Record<FieldName, FieldName>>> = {
  oktaApiToken: 'oktaServiceKey',
  oktaServiceClientId: 'oktaApiToken',
  oktaServiceKey: 'oktaApiToken',
};

function hasOther(field: FieldName, answers: Answers): boolean {
  const other = insteadOf[field];
  return other !== undefined && (answers[other] ?? '') !== '';
}

/** The state of the list. */
interface SetupPick {
  readonly answers: Answers;
  readonly testSignIn: boolean;
  readonly checkCount: number;
  readonly active: FieldName | 'testSignIn' | 'run';
  /** Secrets of the previous run. */
  readonly askAgain: readonly SecretField[];
}

async function pick(
  document: SetupGuideId,
  { answers, testSignIn, checkCount, active, askAgain }: SetupPick,
): Promise<Choice> {
  const list = new List<Choice>({ ignoreFocusOut: true });
  const { promise, resolve, reject } = Promise.withResolvers<Choice>();
  list.title = l10n.t('Check SSO Setup: {0}', guideTitle(document));
  list.placeholder = l10n.t('Select a value to enter. Checks without their input aren’t verified.');
  list.rows = [
    {
      icon: 'play',
      label: l10n.t('Check Now'),
      description: l10n.t('{0} checks, under a minute. No settings are changed.', checkCount),
      detail: tracesNote(document, answers),
      choice: 'run',
    },
    {
      icon: testSignIn ? 'check' : 'circle-large-outline',
      label: l10n.t('Test sign-in'),
      description: testSignIn
        ? l10n.t('On. Your browser opens and stays signed in. The editor doesn’t.')
        : fieldsOf(document).includes('metadataFile')
          ? l10n.t('Off. SAML can’t be verified without a test sign-in.')
          : l10n.t('Off. Checks that need a sign-in aren’t verified.'),
      choice: 'testSignIn',
    },
    { label: l10n.t('Inputs for the checks'), kind: QuickPickItemKind.Separator },
    ...fieldsOf(document).map((field) => ({
      icon: (answers[field] ?? '') === '' ? 'circle-large-outline' : 'check',
      label: fieldTitle(field),
      description: askAgain.some((one) => one === field)
        ? l10n.t('Enter it again. It isn’t saved.')
        : shown(field, answers, document),
      field,
    })),
  ];
  list.active = list.rows.find(({ choice, field }) => (choice ?? field) === active);
  list.onDidAccept(() => {
    const chosen = list.selected;
    if (chosen !== undefined) resolve(chosen);
  });
  list.onDidHide(() => {
    reject(new SignInError('cancelled'));
  });
  list.show();
  try {
    return await promise;
  } finally {
    list.dispose();
  }
}

/** A note, before the run, about the traces it leaves. */
function tracesNote(document: SetupGuideId, { awsProfile = '' }: Answers): string {
  const mark = probeStatePrefix.replace(/-$/, '');
  const traces: Readonly<Record<SetupGuideId, string>> = {
    kiro: l10n.t('Okta may log about 40 refused requests, marked {0}.', mark),
    identityCenter:
      awsProfile === ''
        ? l10n.t('AWS registers a client and issues a sign-in code. Both expire unused.')
        : l10n.t('AWS logs about 15 read calls, and registers a client and a sign-in code, which expire.'),
    openIdConnect: l10n.t('The provider may log about 25 refused requests, marked {0}.', mark),
  };
  return traces[document];
}

/** The text beside a field: its shortened value, but never a secret. */
function shown(field: FieldName, answers: Answers, document: SetupGuideId): string {
  const value = answers[field] ?? '';
  if (value === '') return notProvided(field, answers, document);
  if (isSecret(field)) return l10n.t('Provided, not saved');
  if (field === 'awsProfile' && value === anyProfile) return environmentCredentials();
  const text = field === 'metadataFile' ? Uri.parse(value).path : value;
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** The text beside an empty field; for Okta's API credentials, it names the alternative. */
function notProvided(field: FieldName, answers: Answers, document: SetupGuideId): string {
  if (hasOther(field, answers)) return l10n.t('Not needed');
  if (field === 'oktaApiToken') return l10n.t('Not provided. Either this or a service app.');
  if (field === 'oktaServiceClientId')
    return l10n.t('Not provided. Either this with its key or an API token.');
  if (field === 'metadataFile') return l10n.t('Not provided. {0}', fieldPrompt(field, document));
  return l10n.t('Not provided');
}

async function askField(document: SetupGuideId, field: FieldName, value: string): Promise<string> {
  if (field === 'metadataFile') return askFile(value);
  const text = await askText({
    title: `${fieldTitle(field)} · ${guideTitle(document)}`,
    prompt: joinSentences(fieldPrompt(field, document), l10n.t('Leave empty to skip.')),
    placeholder: fieldPlaceholder(field, document),
    value,
    password: isSecret(field),
    problem: (typed) => fieldProblem(field, typed, document),
  });
  return fieldOf(field).isPasted === true ? cleanPasted(text) : text.trim();
}

async function askFile(value: string): Promise<string> {
  const [folder] = workspace.workspaceFolders ?? [];
  const start = value === '' ? folder?.uri : Uri.parse(value);
  const chosen = await window.showOpenDialog({
    title: fieldTitle('metadataFile'),
    openLabel: l10n.t('Use This File'),
    canSelectMany: false,
    filters: { XML: ['xml'], [l10n.t('All files')]: ['*'] },
    ...defined({ defaultUri: start }),
  });
  const [file] = chosen ?? [];
  if (file === undefined) throw new SignInError('cancelled');
  return file.toString();
}
