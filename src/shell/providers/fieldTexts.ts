import type { ConnectionType, FieldName } from '../../core/connection/connectionFields.ts';

/** The texts of a connection's field. */
export interface FieldTexts {
  /** Label of its row or value. */
  readonly label: string;
  /** Description in settings.json and in its input box. */
  readonly description: string;
  /** Instructions in place of an invalid value. */
  readonly problem?: string;
}

/** VS Code's `l10n`, or a translation: `npm run format` writes these texts to package.nls.*.json. */
interface Translations {
  t(message: string): string;
}

type TextsOf<T extends ConnectionType> = Readonly<Record<FieldName<T>, FieldTexts>>;

/** The texts of all fields, by connection type. */
export function fieldTexts(l10n: Translations): { readonly [T in ConnectionType]: TextsOf<T> } {
  const common = {
    name: {
      label: l10n.t('Name'),
      description: l10n.t('A display name for this connection.'),
      problem: l10n.t('Enter a name for this connection.'),
    },
    scopes: {
      label: l10n.t('Scopes'),
      description: l10n.t('OAuth scopes to request. Leave unset to use the defaults.'),
      problem: l10n.t('Enter one scope per item, without spaces, quotes, or backslashes.'),
    },
    redirectPorts: {
      label: l10n.t('Callback ports'),
      description: l10n.t('Loopback ports registered with this application, in the order to try them.'),
    },
    loginHint: {
      label: l10n.t('Login hint'),
      description: l10n.t(
        'The username to fill in on the sign-in page, such as ana@example.com. Not used with device codes.',
      ),
      problem: l10n.t('Enter one username without spaces, such as ana@example.com.'),
    },
    flow: {
      label: l10n.t('Sign-in method'),
      description: l10n.t('The sign-in method: device code or browser redirect.'),
    },
  };
  return {
    identityCenter: {
      name: common.name,
      startUrl: {
        label: l10n.t('Start URL'),
        description: l10n.t(
          'The start URL of your AWS access portal, such as https://d-1234567890.awsapps.com/start.',
        ),
        problem: l10n.t('A start URL looks like https://d-1234567890.awsapps.com/start.'),
      },
      region: {
        label: l10n.t('Region'),
        description: l10n.t('The AWS Region of your IAM Identity Center instance, such as eu-central-1.'),
        problem: l10n.t('Enter a valid Region, such as us-east-1 or eu-central-1.'),
      },
      scopes: common.scopes,
      flow: common.flow,
      awsCli: {
        label: l10n.t('AWS CLI session name'),
        description: l10n.t(
          'The sso-session in ~/.aws/config that the AWS CLI and SDKs use. “Share with the AWS CLI” sets it after asking you, once for each computer.',
        ),
        problem: l10n.t('Enter the name of an sso-session in ~/.aws/config, without quotes.'),
      },
    },
    okta: {
      name: common.name,
      issuer: {
        label: l10n.t('Issuer'),
        description: l10n.t(
          'The issuer of the Okta authorization server, such as https://example.okta.com/oauth2/aus1a2b3c4d5, or its Metadata URI.',
        ),
        problem: l10n.t('An issuer looks like https://example.okta.com/oauth2/aus1a2b3c4d5, without ? or #.'),
      },
      clientId: {
        label: l10n.t('Client ID'),
        description: l10n.t('The client ID of the Okta native application.'),
        problem: l10n.t('A client ID looks like 0oa1b2c3d4E5f6G7h8i9 and has no spaces.'),
      },
      scopes: common.scopes,
      redirectPorts: common.redirectPorts,
      loginHint: common.loginHint,
      flow: common.flow,
    },
    oidc: {
      name: common.name,
      issuer: {
        label: l10n.t('Issuer'),
        description: l10n.t(
          'The issuer URL of the OpenID Connect provider, such as https://login.example.com, or its metadata URL.',
        ),
        problem: l10n.t('An issuer looks like https://login.example.com, without ? or #.'),
      },
      clientId: {
        label: l10n.t('Client ID'),
        description: l10n.t('The client ID of the public (native) application.'),
        problem: l10n.t('A client ID has no spaces.'),
      },
      scopes: common.scopes,
      redirectUri: {
        label: l10n.t('Redirect URI'),
        description: l10n.t(
          'The loopback redirect URI to use instead of the registered ports, such as http://127.0.0.1 (any port).',
        ),
        problem: l10n.t(
          'A redirect URI looks like http://127.0.0.1 or http://localhost:8008/oauth/callback.',
        ),
      },
      redirectPorts: common.redirectPorts,
      loginHint: common.loginHint,
      authorizeParameters: {
        label: l10n.t('Authorization parameters'),
        description: l10n.t(
          'Additional parameters of the authorization request, such as audience, resource, or acr_values.',
        ),
      },
      flow: common.flow,
    },
  };
}

/** The texts of one field; undefined if the type does not have it. */
export function textsOfField(l10n: Translations, type: ConnectionType, name: string): FieldTexts | undefined {
  return new Map<string, FieldTexts>(Object.entries(fieldTexts(l10n)[type])).get(name);
}
