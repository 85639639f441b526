import { count, fact } from './checkResult.ts';
import type { CheckResult } from './checkResult.ts';
import type { ReasonText } from './check.ts';
import type { SamlFileProblem } from './setupPorts.ts';
import type { Translator } from './translator.ts';

/** Texts for a file that is not the metadata of one provider. */
export const samlFileResults = (l10n: Translator): Readonly<Record<SamlFileProblem, ReasonText>> => {
  const saveAgain = l10n.t(
    'Save the identity provider’s metadata as metadata.xml. In Okta, it’s under View IdP metadata.',
  );
  const browserCopy = l10n.t('Save the page with the browser’s Save As instead of copying its text.');
  const instead = (found: string): ReasonText => ({ found, next: saveAgain });
  return {
    empty: instead(l10n.t('The file is empty.')),
    tooLarge: instead(l10n.t('The file is too large for the metadata of one application.')),
    archive: instead(l10n.t('The file is an archive, not SAML metadata.')),
    pdf: instead(l10n.t('The file is a PDF document, not SAML metadata.')),
    webPage: instead(l10n.t('The file is a web page, such as a sign-in page, not SAML metadata.')),
    browserView: {
      found: l10n.t('The file is text copied from a browser, not the XML document.'),
      next: browserCopy,
    },
    certificateFile: instead(l10n.t('The file is a certificate only. Metadata also has the sign-on URL.')),
    privateKey: instead(l10n.t('The file is a private key. Never upload or send it.')),
    json: instead(l10n.t('The file is JSON, not SAML metadata.')),
    addressOnly: {
      found: l10n.t('The file contains only a URL.'),
      next: l10n.t('Open that URL in a browser, and save the page as metadata.xml.'),
    },
    samlMessage: instead(l10n.t('The file is a SAML message of one sign-in, not metadata.')),
    documentType: instead(l10n.t('The file has a document type (DOCTYPE), which SAML metadata never has.')),
    notWellFormed: (result: CheckResult) => ({
      found:
        count(result, 'place') === 0
          ? l10n.t('The file isn’t well-formed XML.')
          : l10n.t('The file isn’t well-formed XML. See line and column {0}.', fact(result, 'place')),
      next: browserCopy,
    }),
    severalDocuments: instead(l10n.t('The file contains more than one XML document.')),
    severalEntities: (result: CheckResult) => ({
      found:
        fact(result, 'providers') === '1'
          ? l10n.t('The metadata is inside an EntitiesDescriptor, which is for several providers.')
          : l10n.t('The file contains metadata of several providers ({0}).', fact(result, 'providers')),
      next: saveAgain,
    }),
    wrongNamespace: instead(l10n.t('The file isn’t in the namespace of SAML 2.0 metadata.')),
    notMetadata: instead(l10n.t('The file is XML, but not SAML metadata.')),
  };
};

/** The console path where the metadata is saved. */
export const applicationMetadata = (l10n: Translator) =>
  l10n.t(
    'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Sign On > SAML Signing Certificates > Actions > View IdP metadata',
  );

/** The console path where a signing certificate is replaced. */
export const newCertificate = (l10n: Translator) =>
  l10n.t(
    'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Sign On > SAML Signing Certificates > Generate new certificate',
  );

/** Texts for metadata that does not identify its application. */
export const applicationUnknown = (l10n: Translator) => ({
  found: l10n.t('The metadata doesn’t identify its application.'),
  next: l10n.t('Compare the file with View IdP metadata of the AWS IAM Identity Center application.'),
});
