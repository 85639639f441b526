/**
 * Okta's domains for customer organizations: production, preview, EMEA, the two government clouds, and the cloud of
 * Okta's own engineers. Each customer has one subdomain, and another with `-admin` appended.
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
 * Whether a host is an Okta organization: a direct subdomain of an Okta domain. Deeper hosts can run a customer's code,
 * such as the API endpoints of Okta Workflows below `workflows.okta.com`.
 */
export function isOktaOrganization(hostname: string): boolean {
  return isOktaHost(hostname) && /^[^.]+\.[^.]+\.[^.]+$/.test(hostname);
}

/** Whether a host is below an Okta domain, where only Okta runs authorization servers, unlike on a custom domain. */
export function isOktaHost(hostname: string): boolean {
  return oktaDomains.some((domain) => hostname.endsWith(`.${domain}`));
}
