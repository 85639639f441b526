import { domainToASCII } from 'node:url';
import type { IsSameOrganization } from '../../core/ports.ts';

/**
 * {@link IsSameOrganization} by the Public Suffix List (publicsuffix.org), with its private section: below
 * `github.io` or `us.com` each name belongs to another organization. A suffix that the list does not have tells
 * nothing, and so the answer is negative. The list is loaded when it is first asked.
 */
export const isSameOrganization: IsSameOrganization = async (one, other) => {
  const { parse } = await import('tldts');
  const [organization, itsOwn] = [one, other].map((hostname) => {
    const { domain, isIcann, isPrivate } = parse(domainToASCII(hostname), { allowPrivateDomains: true });
    return isIcann === true || isPrivate === true ? domain : null;
  });
  return typeof organization === 'string' && organization === itsOwn;
};
