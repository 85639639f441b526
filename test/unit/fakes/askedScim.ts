import type { Check } from '../../../src/setup/checks/index.ts';
import type { CheckResult } from '../../../src/setup/checkResult.ts';
import type { SetupInputs } from '../../../src/setup/setupPorts.ts';
import { answeringHttp } from './answeringHttp.ts';
import { checkContext } from './checkContext.ts';

/** The input of a provisioning check. */
export const scimInputs: SetupInputs = {
  scimEndpoint: 'https://scim.eu-central-1.amazonaws.com/1f2/scim/v2',
  scimToken: 'secret-1',
  userName: 'ana@example.com',
  groupName: 'Developers',
};

/** The result of a check for a SCIM endpoint with these responses, and the requests sent. */
export async function asked(
  check: NonNullable<Check['run']>,
  answer: Parameters<typeof answeringHttp>[0],
  changes: Partial<SetupInputs> = {},
): Promise<CheckResult & { readonly requests: ReturnType<typeof answeringHttp>['asked'] }> {
  const { http, asked: requests } = answeringHttp(answer);
  const finding = await check(checkContext({ inputs: { ...scimInputs, ...changes }, ports: { http } }));
  return { ...finding, requests };
}

/** A SCIM list response. */
export const scimList = (...resources: readonly object[]) =>
  Response.json({ totalResults: resources.length, Resources: resources });
