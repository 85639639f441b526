import type { CheckContext, CheckRow } from '../../../src/setup/check.ts';
import type { CheckResult } from '../../../src/setup/checkResult.ts';
import type { SetupInputs, SetupPorts } from '../../../src/setup/setupPorts.ts';
import { answeringHttp } from './answeringHttp.ts';
import { checkContext } from './checkContext.ts';
import { oktaConnection } from './examples.ts';

/** Responses of Okta's API by path, or the status of an error. */
export type OktaAnswers = Readonly<Record<string, object | number>>;

/** The *AWS IAM Identity Center* application with provisioning. */
export const samlApplication = {
  id: '0oa1saml',
  name: 'amazon_aws_sso',
  credentials: { signing: { kid: 'key-1' } },
};
/** A response that continues on another page, which does not exist. */
export const firstPage = (...entries: readonly object[]) =>
  Response.json(entries, {
    headers: { link: '<https://elsewhere.example/api/v1/next>; rel="next"' },
  });

/** The input of a check of Okta's API. */
export const samlInputs: SetupInputs = {
  metadataXml: 'Location="https://example.okta.com/app/amazon_aws_sso/exk1b2c3d4/sso/saml"',
  oktaApiToken: '00example',
  userName: 'ana@example.com',
  groupName: 'Developers',
};
/** The input for an organization with an OIDC application. */
export const oidcInputs: SetupInputs = { ...samlInputs, oktaClient: oktaConnection };

/** The result of a check for these responses of Okta's API; other paths are not found. */
export async function foundWith(
  row: Pick<CheckRow, 'run'> | undefined,
  answers: OktaAnswers,
  inputs: SetupInputs = samlInputs,
  ports: Partial<SetupPorts> = {},
): Promise<CheckResult & { readonly asked: readonly URL[] }> {
  const all: OktaAnswers = { '/api/v1/apps': [samlApplication], ...answers };
  const { http, asked } = answeringHttp(({ pathname }) => {
    const answer = all[pathname] ?? 404;
    if (answer instanceof Response) return answer.clone();
    return typeof answer === 'number'
      ? Response.json({ errorSummary: 'Refused.' }, { status: answer })
      : Response.json(answer);
  });
  const context: CheckContext = checkContext({ inputs, ports: { http, ...ports } });
  const found = await row?.run?.(context);
  if (found === undefined) throw new Error('The check runs.');
  return { ...found, asked: asked.map(([url]) => url) };
}
