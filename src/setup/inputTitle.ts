import { fields } from './fields.ts';
import type { Field, FieldName } from './fields.ts';
import type { InputName } from './setupPorts.ts';
import type { Translator } from './translator.ts';

/** The title of a missing input. */
export function inputTitle(l10n: Translator, name: InputName): string {
  const titleOf = (field: FieldName): string => (fields[field] as Field).texts(l10n, 'kiro').title;
  switch (name) {
    case 'okta':
    case 'oidc':
      return l10n.t('Issuer and client ID');
    case 'identityCenter':
      return l10n.t('Start URL and Region');
    case 'testSignIn':
      return l10n.t('Test sign-in');
    case 'oktaApi':
      return l10n.t('Read-only Okta API token, or a service app');
    case 'metadataXml':
      return titleOf('metadataFile');
    case 'confirmedScimHost':
      return titleOf('scimEndpoint');
    default:
      return titleOf(name);
  }
}
