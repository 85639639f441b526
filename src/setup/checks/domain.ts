import { withTimeout } from '../../core/oauth/abortable.ts';
import { cleanPasted } from '../../input/pastedText.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { fact, fail, inconclusive, pass, warn } from '../checkResult.ts';
import { isDomain, readDomain } from '../domainName.ts';
import type { TxtAnswer } from '../setupPorts.ts';

/**
 * Verifies that the TXT record with the verification token exists. If this machine's resolver does not have it,
 * asks the zone's own name servers, since the service looks from outside, and the names at which DNS consoles
 * that append the domain misplace it.
 */
export async function checkTxtRecord({ ports, inputs, signal }: CheckContext) {
  const dnsName = readDomain(inputs.domain ?? '');
  const token = cleanPasted(inputs.verificationToken ?? '');
  if (dnsName === undefined)
    return fail('notDomain', { given: cleanPasted(inputs.domain ?? '').slice(0, 260) });
  const { txt, zoneTxt } = ports.txtLookups;
  const judged = ({ records, servers }: TxtAnswer) => {
    const evidence = { dnsName, answeredBy: servers };
    if (records.includes(token)) return pass(evidence);
    return records.some((record) => isNamed(record, token))
      ? warn('txtNamed', { ...evidence, foundRecords: records.filter((record) => isNamed(record, token)) })
      : undefined;
  };
  const { clock } = ports;
  const inTime = async <T>(ask: (over: AbortSignal) => Promise<T>): Promise<T | undefined> => {
    try {
      const limit = { clock, milliseconds: timeoutMilliseconds, operation: 'txtRecords' };
      return await withTimeout(limit, signal, ask);
    } catch (error) {
      if (signal.aborted) throw error;
      return undefined;
    }
  };
  const askingZone = inTime(async (over) => zoneTxt(dnsName, over));
  askingZone.catch(() => undefined); // Awaited after the resolver below, which may reject first.
  // A resolver that answers with an error may still have a zone whose own servers answer.
  const seenHere = await txt(dnsName, signal).catch(async (error: unknown): Promise<TxtAnswer> => {
    const atZone = signal.aborted ? undefined : await askingZone;
    if (atZone === undefined || atZone.isInternal === true) throw error;
    return { records: [], servers: [] };
  });
  const found = judged(seenHere);
  const byToken = `${token}.${dnsName}`.toLowerCase();
  const askingElsewhere = [...namesBeside(dnsName), ...(isDomain(byToken) ? [byToken] : [])].map(
    async (name) => ({
      name,
      records: found === undefined ? ((await inTime(async (over) => txt(name, over)))?.records ?? []) : [],
    }),
  );
  const [seenByZone, ...elsewhere] = await Promise.all([askingZone, ...askingElsewhere]);
  // A network may have its own records, and caches keep deleted records for a while.
  const atZone = seenByZone?.isInternal === true ? undefined : seenByZone;
  if (found !== undefined)
    return seenByZone === undefined || (atZone !== undefined && judged(atZone) !== undefined)
      ? found
      : inconclusive('txtOnlyHere', { dnsName, answeredBy: seenByZone.servers });
  const foundAtZone = atZone === undefined ? undefined : judged(atZone);
  if (foundAtZone !== undefined) return foundAtZone;
  const { records, servers } = atZone ?? seenHere;
  // A record that only this network's DNS has may be missing outside.
  const shown = atZone === undefined ? inconclusive : fail;
  const evidence = {
    dnsName,
    answeredBy: servers,
    foundRecords: records.slice(0, 10).map((record) => record.slice(0, 120)),
  };
  // The token may have been entered as the record's name.
  const other = elsewhere.find(({ name, records: there }) =>
    there.some((record) => record === token || isNamed(record, token) || name === byToken),
  );
  // A wildcard record answers for any name below the domain (RFC 4592), but not for the domain.
  const beside = other?.name.replace(/^[^.]+/, 'developer-sign-in-check') ?? '';
  const byWildcard = other === undefined ? undefined : await inTime(async (over) => txt(beside, over));
  if (other !== undefined && byWildcard?.records.some((record) => other.records.includes(record)) !== true)
    return shown('txtElsewhere', { ...evidence, foundElsewhere: other.name });
  if (records.some((record) => isSimilar(record, token))) return shown('txtDiffers', evidence);
  return atZone === undefined ? inconclusive('txtNotSeen', evidence) : fail('txtMissing', evidence);
}

/** Timeout for the zone's own servers, and for each further lookup. */
const timeoutMilliseconds = 9500;

/**
 * Names at which the record for a name may be misplaced: below it, if a console appends the zone; at `www`; and
 * one level up.
 */
function namesBeside(own: string): readonly string[] {
  const labels = own.split('.');
  const zones = labels.map((_, index) => labels.slice(index).join('.')).filter(isDomain);
  const names = [...zones.map((zone) => `${own}.${zone}`), `www.${own}`, labels.slice(1).join('.')];
  return [...new Set(names)].filter((name) => name !== own && isDomain(name)).slice(0, 6);
}

/** Whether a record is `name=token`, as many services require; it is unknown whether this one accepts it. */
function isNamed(record: string, token: string): boolean {
  return record.includes('=') && record.slice(record.indexOf('=') + 1) === token;
}

/** Whether a record is the token with other punctuation or spaces, in another case, or truncated. */
function isSimilar(record: string, token: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replace(/[\s"'\\.\u2010-\u2015-]/g, '');
  const [a, b] = [plain(record), plain(token)];
  return b !== '' && (a.includes(b) || (a.length >= 8 && b.includes(a)) || a.slice(0, 12) === b.slice(0, 12));
}

/** Checks of the organization's domain. */
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
          found: l10n.t('This isn’t a domain.'),
          next: l10n.t('Enter a domain, such as example.com.'),
        },
        txtMissing: (result) => ({
          found: l10n.t('{0} has no TXT record with this token.', fact(result, 'dnsName')),
          next: l10n.t('Create the record. It can take a few minutes to appear, sometimes an hour.'),
        }),
        txtNamed: {
          found: l10n.t('A TXT record has the token, with a name before it.'),
          next: l10n.t('If the console doesn’t verify the domain, enter the token alone.'),
        },
        txtNotSeen: (result) => ({
          found: l10n.t(
            'This network’s DNS shows no TXT record with this token at {0}.',
            fact(result, 'dnsName'),
          ),
          next: l10n.t(
            'The domain’s name servers can’t be reached from here and may have it. Look up the record from outside this network.',
          ),
        }),
        txtOnlyHere: {
          found: l10n.t('This network’s DNS shows the record, but no public name server of the domain does.'),
          next: l10n.t(
            'Create the record where the domain is public. Kiro looks it up from outside this network.',
          ),
        },
        txtDiffers: {
          found: l10n.t('A TXT record is similar to the token, but doesn’t match.'),
          next: l10n.t('Copy the token again, without quotes or spaces around it.'),
        },
        txtElsewhere: (result) => ({
          found: l10n.t('The TXT record is at {0}.', fact(result, 'foundElsewhere')),
          next: l10n.t(
            'Create it at {0}. Many DNS consoles add the domain to the name automatically.',
            fact(result, 'dnsName'),
          ),
        }),
      },
      evidence: {
        answeredBy: l10n.t('Response from'),
        dnsName: l10n.t('DNS name'),
        foundElsewhere: l10n.t('Found at'),
        foundRecords: l10n.t('TXT records found'),
      },
    }),
  }),
  defineCheck({
    id: 'manual.domainVerified',
    steps: ['kiro.domain'],
    owner: 'awsAdministrator',
    needs: [],
    provenBy: ['kiro.profile'],
    texts: (l10n) => ({
      title: l10n.t('The domain has the status Verified'),
      path: l10n.t('Kiro console > Settings > Identity management > Domains'),
    }),
  }),
];
