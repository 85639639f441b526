import { fields } from './fields.ts';
import type { Field, FieldName } from './fields.ts';
import type { InputName } from './setupPorts.ts';
import type { Translator } from './translator.ts';

const clientTitle = (l10n: Translator): string => l10n.t('Issuer and client ID');

/** Titles of the inputs that are not fields themselves, or the fields that provide them. */
const titles: Readonly<Record<Exclude<InputName, FieldName>, FieldName | ((l10n: Translator) => string)>> = {
  oktaClient: clientTitle,
  oidcClient: clientTitle,
  accessPortal: (l10n) => l10n.t('Start URL and Region'),
  testSignIn: (l10n) => l10n.t('Test sign-in'),
  oktaApi: (l10n) => l10n.t('Read-only Okta API token, or a service app'),
  metadataXml: 'metadataFile',
  confirmedScimHost: 'scimEndpoint',
};

/** The title of a missing input. */
export function inputTitle(l10n: Translator, name: InputName): string {
  const title = isField(name) ? name : titles[name];
  return typeof title === 'string' ? (fields[title] as Field).texts(l10n, 'kiro').title : title(l10n);
}

function isField(name: InputName): name is FieldName & InputName {
  return name in fields;
}
