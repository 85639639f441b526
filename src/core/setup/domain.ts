import type { CheckContext } from './check.ts';
import { right, wrong } from './finding.ts';
import type { Finding } from './finding.ts';

/** A host name (RFC 1123, 2.1), an underscore allowed where records for machines have one. */
const domainForm = /^(?=.{1,253}$)(?:[\da-z_](?:[\da-z_-]{0,61}[\da-z])?\.)+[a-z][\da-z-]{0,61}[\da-z]$/i;

/**
 * The TXT record with the verification token is at the name it belongs to; where it is not, at the names where a DNS
 * console puts it that adds the domain by itself.
 */
export async function checkTxtRecord({ ports, inputs, signal }: CheckContext): Promise<Finding> {
  const dnsName = (inputs.domain ?? '')
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/[./]+$/, '')
    .toLowerCase();
  const token = (inputs.verificationToken ?? '').trim();
  if (!domainForm.test(dnsName)) return wrong('notDomain', { given: dnsName.slice(0, 260) });
  const records = await ports.txtRecords(dnsName, signal);
  if (records.some((record) => carries(record, token))) return right({ dnsName });
  const elsewhere = await findElsewhere();
  const foundRecords = records.slice(0, 10).map((record) => record.slice(0, 120));
  if (elsewhere !== undefined) return wrong('txtElsewhere', { dnsName, foundElsewhere: elsewhere });
  const isNear = records.some((record) => isNearly(record, token));
  return records.length === 0 || !isNear
    ? wrong('txtMissing', { dnsName, foundRecords })
    : wrong('txtDiffers', { dnsName, foundRecords });

  async function findElsewhere(): Promise<string | undefined> {
    for (const name of [`${dnsName}.${dnsName}`, `www.${dnsName}`, dnsName.replace(/^[^.]+\./, '')]) {
      if (name === dnsName || !domainForm.test(name)) continue;
      const found = await ports.txtRecords(name, signal).catch(() => []);
      if (found.some((record) => carries(record, token))) return name;
    }
    return undefined;
  }
}

/** The record is the token, or `name=token` as many services write it. */
function carries(record: string, token: string): boolean {
  return record === token || record.slice(record.indexOf('=') + 1) === token;
}

/** The token with quotes or spaces around it, in other case, or cut off: meant, but not the same. */
function isNearly(record: string, token: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replace(/[\s"']/g, '');
  const [a, b] = [plain(record), plain(token)];
  return a.includes(b) || (a.length >= 8 && b.includes(a)) || a.slice(0, 12) === b.slice(0, 12);
}
