import { domainToASCII } from 'node:url';
import type { IsSameOrganization } from '../../core/ports.ts';

/**
 * {@link IsSameOrganization} by the Public Suffix List (publicsuffix.org), with its private section: each name
 * below `github.io` or `us.com` belongs to a different organization. False for a suffix that is not in the
 * list. The list is loaded on first use.
 */
export const isSameOrganization: IsSameOrganization = async (one, other) => {
  const { parse } = await import('tldts');
  const [organization, itsOwn] = [one, other].map((hostname) => {
    const { domain, isIcann, isPrivate } = parse(domainToASCII(hostname), { allowPrivateDomains: true });
    return isIcann === true || isPrivate === true ? domain : null;
  });
  return typeof organization === 'string' && organization === itsOwn;
};
