import { cleanPasted } from '../../core/text/pastedText.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { fact, fail, pass } from '../checkResult.ts';
import { isDomain, readDomain } from '../domainName.ts';

/**
 * The TXT record with the verification token is at the name it belongs to; where it is not, at the names where a DNS
 * console puts it that adds the domain by itself.
 */
export async function checkTxtRecord({ ports, inputs, signal }: CheckContext) {
  const dnsName = readDomain(inputs.domain ?? '');
  const token = cleanPasted(inputs.verificationToken ?? '');
  if (dnsName === undefined)
    return fail('notDomain', { given: cleanPasted(inputs.domain ?? '').slice(0, 260) });
  const records = await ports.txtRecords(dnsName, signal);
  if (records.some((record) => carries(record, token))) return pass({ dnsName });
  const elsewhere = await findElsewhere(dnsName);
  const foundRecords = records.slice(0, 10).map((record) => record.slice(0, 120));
  if (elsewhere !== undefined) return fail('txtElsewhere', { dnsName, foundElsewhere: elsewhere });
  const isNear = records.some((record) => isNearly(record, token));
  return records.length === 0 || !isNear
    ? fail('txtMissing', { dnsName, foundRecords })
    : fail('txtDiffers', { dnsName, foundRecords });

  async function findElsewhere(own: string): Promise<string | undefined> {
    for (const name of [`${own}.${own}`, `www.${own}`, own.replace(/^[^.]+\./, '')]) {
      if (name === own || !isDomain(name)) continue;
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

/** The domain of an organization. */
export const domainChecks = [
  defineCheck({
    id: 'domain.txt',
    steps: ['kiro.domain'],
    owner: 'dnsAdministrator',
    needs: ['domain', 'verificationToken'],
    run: checkTxtRecord,
    texts: (l10n) => ({
      title: l10n.t('TXT record'),
      path: l10n.t('Your DNS provider > your domain > TXT records'),
      results: {
        notDomain: {
          found: l10n.t('This is no domain.'),
          next: l10n.t('A domain looks like example.com.'),
        },
        txtMissing: (result) => ({
          found: l10n.t('{0} has no TXT record with this token.', fact(result, 'dnsName')),
          next: l10n.t('Create it there; a new record can take some minutes to be seen, sometimes an hour.'),
        }),
        txtDiffers: {
          found: l10n.t('A TXT record is close to the token, but not the same.'),
          next: l10n.t('Copy the token again, without quotes or spaces around it.'),
        },
        txtElsewhere: (result) => ({
          found: l10n.t('The TXT record is at {0}.', fact(result, 'foundElsewhere')),
          next: l10n.t(
            'Create it at {0}. Many DNS consoles add the domain to the name by themselves.',
            fact(result, 'dnsName'),
          ),
        }),
      },
      evidence: {
        dnsName: l10n.t('Name in the DNS'),
        foundElsewhere: l10n.t('Found at'),
        foundRecords: l10n.t('TXT records that are there'),
      },
    }),
  }),
  defineCheck({
    id: 'manual.domainVerified',
    steps: ['kiro.domain'],
    owner: 'awsAdministrator',
    needs: [],
    texts: (l10n) => ({
      title: l10n.t('The domain has the status Verified'),
      path: l10n.t('Kiro console > Settings > Identity management > Domains'),
    }),
  }),
];
