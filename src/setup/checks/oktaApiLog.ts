import * as v from 'valibot';
import { safeText } from '../../core/text/safeText.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { fact, fail, inconclusive, pass, warn } from '../checkResult.ts';
import { oktaApiEvidence, oktaApiResults } from '../oktaApi.ts';
import { logEventSchema } from '../oktaResources.ts';
import { ofProvisioningApplication, provisioningApplication } from './provisioningApplication.ts';

/** How far back to read the System Log, in milliseconds. */
const logMilliseconds = 7 * 24 * 3600 * 1000;

/** Verifies, by Okta's log of the application, that its latest provisioning succeeded. */
async function checkLog(context: CheckContext) {
  const answer = await provisioningApplication(context);
  if ('refusal' in answer) return answer.refusal;
  const { lookups, ports } = context;
  const since = ports.clock.now() - logMilliseconds;
  const query = new URLSearchParams({
    since: new Date(since).toISOString(),
    filter: `eventType sw "application.provision" and target.id eq "${answer.value.id}"`,
    sortOrder: 'DESCENDING',
    limit: '100',
  });
  const events = await lookups.okta.read(`/api/v1/logs?${query.toString()}`, v.array(logEventSchema));
  if ('refusal' in events) return events.refusal;
  // Drop events older than requested, which a server may include.
  const inTime = events.value.filter(({ published }) => !(Date.parse(published ?? '') < since));
  const newest = inTime.toSorted((a, b) => (b.published ?? '').localeCompare(a.published ?? ''));
  const subjectOf = ({ target, eventType }: (typeof newest)[number]): string =>
    target?.find(({ type }) => type !== 'AppInstance')?.alternateId ?? eventType ?? '';
  // Ignore a failure that was followed by a success.
  const last = newest.filter(
    (event, index) => newest.findIndex((one) => subjectOf(one) === subjectOf(event)) === index,
  );
  const failed = last.filter(({ outcome }) => outcome?.result === 'FAILURE');
  const [latest] = failed;
  const at = Date.parse(newest[0]?.published ?? '');
  const evidence = { events: newest.length, ...(Number.isFinite(at) ? { lastEventAt: at } : {}) };
  if (newest.length === 0) return inconclusive('noEvents', evidence);
  if (latest === undefined)
    return last.some(({ outcome }) => outcome?.result === 'SUCCESS')
      ? pass(evidence)
      : inconclusive('noEvents', evidence);
  const subjects = failed.flatMap((event) => safeText(subjectOf(event)) ?? []).slice(0, 20);
  const words = safeText(latest.outcome?.reason ?? latest.displayMessage ?? undefined);
  const problem = { ...evidence, subjects, words };
  return failed.length === last.length ? fail('pushesFail', problem) : warn('somePushesFail', problem);
}

/** Checks of provisioning through Okta's System Log, with a read-only credential. */
export const oktaApiLogChecks = [
  defineCheck({
    id: 'oktaApi.log',
    steps: ['identityCenter.oktaProvisioning', 'kiro.provisioning'],
    owner: 'oktaAdministrator',
    page: 'oktaSystemLog',
    needs: ['oktaApi'],
    unlessFailed: ['oktaApi.scimApplication', 'oktaApi.scimFeatures'],
    run: checkLog,
    texts: (l10n) => ({
      title: l10n.t('Provisioning in the last 7 days'),
      path: 'Okta Admin Console > Reports > System Log',
      results: {
        ...oktaApiResults(l10n),
        ...ofProvisioningApplication(l10n),
        noEvents: {
          found: l10n.t(
            'Okta’s log shows no completed provisioning for this application in the last 7 days.',
          ),
          next: l10n.t('Assign a person or push a group, and check again.'),
        },
        pushesFail: (result) => ({
          found: l10n.t('Okta couldn’t provision {0}.', fact(result, 'subjects')),
          next: l10n.t('Check the base URL and the API token under Provisioning > Integration.'),
        }),
        somePushesFail: (result) => ({
          found: l10n.t('Okta couldn’t provision {0}.', fact(result, 'subjects')),
          next: l10n.t('Open the tasks of the application in Okta, and retry them.'),
        }),
      },
      evidence: {
        ...oktaApiEvidence(l10n),
        labels: l10n.t('Names in Okta'),
        events: l10n.t('Events'),
        lastEventAt: l10n.t('Last event'),
        subjects: l10n.t('Not provisioned'),
      },
    }),
  }),
];
