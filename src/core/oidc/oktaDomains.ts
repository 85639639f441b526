/**
 * The domains under which Okta runs the organizations of its customers: production, preview, EMEA, the two
 * government clouds, and the cloud of Okta's own engineers. Each customer has one name below, and `-admin` beside it.
 */
export const oktaDomains: readonly string[] = [
  'okta.com',
  'oktapreview.com',
  'okta-emea.com',
  'okta-gov.com',
  'okta.mil',
  'trexcloud.com',
];

/**
 * Whether a host is that of an Okta organization: one name below a domain of Okta's own. What is deeper can be a
 * program of a customer's, as the API endpoints of Okta Workflows below `workflows.okta.com` are.
 */
export function isOktaOrganization(hostname: string): boolean {
  return isOktaHost(hostname) && /^[^.]+\.[^.]+\.[^.]+$/.test(hostname);
}

/**
 * Whether a host is an Okta organization on a domain of Okta's own. There only Okta runs an authorization
 * server, which is not so for a custom domain.
 */
export function isOktaHost(hostname: string): boolean {
  return oktaDomains.some((domain) => hostname.endsWith(`.${domain}`));
}
