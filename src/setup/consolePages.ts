import { partitionOf } from '../core/identityCenter/regions.ts';
import { regionIn } from '../input/regions.ts';
import type { Partition } from '../core/identityCenter/regions.ts';
import { parseClientId, parseIssuer } from '../input/issuer.ts';
import { isOktaOrganization } from '../core/oidc/oktaDomains.ts';
import { organizationOf } from './oktaOrganization.ts';
import type { SetupInputs } from './setupPorts.ts';

/** Console pages on which to fix steps; docs/PROTOCOL.md, section 6, has the source of each address. */
export type ConsolePage =
  | 'oktaApplications'
  | 'oktaApplication'
  | 'oktaAssignments'
  | 'oktaAuthorizationServer'
  | 'oktaPeople'
  | 'oktaGroups'
  | 'oktaAuthenticationPolicies'
  | 'oktaSystemLog'
  | 'awsConsole'
  | 'awsHome';

/** AWS console domains of the public partitions (docs/PROTOCOL.md, section 6). */
const consoleDomains: Readonly<Partial<Record<Partition, string>>> = {
  aws: 'console.aws.amazon.com',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-eusc': 'console.amazonaws-eusc.eu',
};

/** The address of a console page; undefined if the inputs do not determine it. */
export function consoleUrl(page: ConsolePage, inputs: SetupInputs): string | undefined {
  if (page === 'awsConsole' || page === 'awsHome') {
    const region = regionIn(inputs.accessPortal?.region ?? '');
    const domain = region === undefined ? undefined : consoleDomains[partitionOf(region)];
    if (region === undefined || domain === undefined) return undefined;
    const path = page === 'awsHome' ? '/console/home' : '/singlesignon/home';
    return `https://${region}.${domain}${path}?region=${region}`;
  }
  const admin = adminHost(inputs);
  if (admin === undefined) return undefined;
  const path = oktaPath(page, inputs);
  return path === undefined ? undefined : `https://${admin}${path}`;
}

/** The console pages of a check, as its row names them. */
interface CheckPages {
  readonly page?: ConsolePage;
  readonly pages?: Readonly<Partial<Record<string, ConsolePage>>>;
}

/** The address of the page on which a check's result is fixed, by its reason; undefined as for {@link consoleUrl}. */
export function consoleUrlOf(
  { page: usual, pages }: CheckPages,
  reason: string | undefined,
  inputs: SetupInputs,
): string | undefined {
  const page = pages?.[reason ?? ''] ?? usual;
  return page === undefined ? undefined : consoleUrl(page, inputs);
}

function oktaPath(
  page: Exclude<ConsolePage, 'awsConsole' | 'awsHome'>,
  inputs: SetupInputs,
): string | undefined {
  const application = undefinedOnError(() => parseClientId(inputs.oktaClient?.clientId ?? ''));
  const instance = `/admin/app/oidc_client/instance/${encodeURIComponent(application ?? '')}/`;
  switch (page) {
    case 'oktaApplications':
      return '/admin/apps/active';
    case 'oktaPeople':
      return '/admin/users';
    case 'oktaGroups':
      return '/admin/groups';
    case 'oktaAuthenticationPolicies':
      return '/admin/authn/authentication-policies';
    case 'oktaSystemLog':
      return '/report/system_log_2';
    case 'oktaApplication':
      return application === undefined ? '/admin/apps/active' : `${instance}#tab-general`;
    case 'oktaAssignments':
      return application === undefined ? '/admin/apps/active' : `${instance}#tab-assignments`;
    case 'oktaAuthorizationServer': {
      const issuer = undefinedOnError(() => parseIssuer(inputs.oktaClient?.issuer ?? ''));
      const id = /^\/oauth2\/(\w{1,60})$/.exec(URL.parse(issuer ?? '')?.pathname ?? '')?.[1];
      return id === undefined ? '/admin/oauth2/as' : `/admin/oauth2/as/${id}`;
    }
  }
}

/** `{organization}-admin.okta.com`; undefined on a custom domain, where the console's address is unknown. */
function adminHost(inputs: SetupInputs): string | undefined {
  const { hostname = '' } = organizationOf(inputs) ?? {};
  return isOktaOrganization(hostname) ? hostname.replace(/^([^.]+)/, '$1-admin') : undefined;
}

function undefinedOnError<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
