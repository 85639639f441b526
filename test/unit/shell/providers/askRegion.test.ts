import { beforeEach, describe, expect, test, vi } from 'vitest';
import { parseStartUrl } from '../../../../src/input/startUrl.ts';
import { knownRegions } from '../../../../src/input/regions.ts';
import { askRegion, findRegionWithProgress } from '../../../../src/shell/providers/askRegion.ts';
import { regionName } from '../../../../src/shell/providers/regionNames.ts';
import type { SsoOidcAt } from '../../../../src/core/identityCenter/ssoOidc.ts';
import { OAuthErrorResponse } from '../../../../src/core/oauth/errorResponse.ts';
import { identityCenterConnection, january } from '../../fakes/examples.ts';
import { fakeClock } from '../../fakes/fakeClock.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const startUrl = parseStartUrl(identityCenterConnection.startUrl);
const shown = () => settleUntil(() => screen.messages.length > 0 || screen.input !== undefined);

async function asking(last?: string) {
  const { context, memento } = await shellWorld();
  if (last !== undefined) await memento.update('typed.region', last);
  const done = askRegion(context, 'Title', startUrl);
  done.catch(() => undefined);
  await shown();
  return { done, memento };
}

/** The displayed Regions: name and code. */
const rows = () => screen.pick.items.map(({ label, description = '' }) => `${label} ${description}`.trim());

describe('askRegion', () => {
  test('17: shows Regions as AWS does, by name, with the last used one first, and remembers the choice', async () => {
    const { done, memento } = await asking('eu-west-3');
    expect(rows().slice(2, 5)).toEqual([
      'Europe (Paris) eu-west-3',
      'Africa (Cape Town) af-south-1',
      'Asia Pacific (Hong Kong) ap-east-1',
    ]);
    expect(screen.pick.activeItems.map(({ description }) => description)).toEqual(['eu-west-3']);
    expect(screen.pick.matchOnDescription).toBe(true);
    screen.pick.choose('US East (N. Virginia)');
    expect(await done).toBe('us-east-1');
    expect(memento.get('typed.region')).toBe('us-east-1');
  });

  test.each(['frankfurt', 'Europe (F', 'eu-central'])('17: finds a typed Region: %s', async (text) => {
    const { done } = await asking();
    const before = rows();
    screen.pick.type(text);
    expect(rows()).toEqual(before); // VS Code does the filtering.
    screen.pick.choose('Europe (Frankfurt)');
    expect(await done).toBe('eu-central-1');
  });

  test('accepts an unknown Region in the correct format', async () => {
    const { done } = await asking();
    screen.pick.type('xx-nowhere-9');
    expect(screen.pick.row('xx-nowhere-9').description).toBe('Not in the list of known Regions');
    screen.pick.choose('xx-nowhere-9');
    expect(await done).toBe('xx-nowhere-9');
  });

  test("rejects text that does not have a Region's format", async () => {
    const { done } = await asking();
    screen.pick.type('nowhere');
    screen.pick.choose('nowhere');
    expect(screen.pick.row('nowhere').description).toMatch(/^Enter a valid Region/);
    screen.pick.escape();
    expect(await rejectionOf(done)).toMatchObject({ kind: 'cancelled' });
  });

  test('rejects a Region outside the partition of its start URL', async () => {
    const { done } = await asking();
    screen.pick.type('us-gov-west-1');
    screen.pick.choose('us-gov-west-1');
    expect(screen.pick.row('us-gov-west-1').description).toMatch(
      /^us-gov-west-1 doesn’t match this start URL/,
    );
    screen.pick.escape();
    expect(await rejectionOf(done)).toMatchObject({ kind: 'cancelled' });
  });

  test('17: starts with detection, which says what is sent, without another question', async () => {
    const { context, asked } = await detecting('eu-central-1');
    const done = askRegion(context, 'Title', startUrl);
    await shown();
    expect(screen.pick.labels[0]).toBe('Detect Region Automatically');
    expect(screen.pick.row('Detect Region Automatically').detail).toMatch(/only your start URL.* 34 Regions/);
    expect(asked).toEqual([]); // Nothing is sent before it is selected.
    screen.pick.choose('Detect Region Automatically');
    expect(await done).toBe('eu-central-1');
    expect(screen.allMessages).toEqual([]);
    expect(screen.statusMessages.at(-1)?.text).toContain('Europe (Frankfurt) eu-central-1');
  });

  test('a Region was chosen although AWS accepted the start URL in every one: it says so, and asks again', async () => {
    const { context } = await detecting('everywhere');
    const done = askRegion(context, 'Title', startUrl);
    await shown();
    screen.pick.choose('Detect Region Automatically');
    await settleUntil(() => screen.messages.length > 0);
    expect(screen.message.message).toContain('in several Regions');
    screen.message.answer(undefined);
    await settleUntil(() => screen.input !== undefined);
    screen.pick.choose('US East (N. Virginia)');
    expect(await done).toBe('us-east-1');
  });

  test('asks before it sends the start URL to AWS, if an error leads there', async () => {
    const { context, asked } = await detecting('eu-central-1');
    const done = findRegionWithProgress(context, startUrl);
    await settleUntil(() => screen.messages.length > 0);
    expect(screen.message.message).toBe('Detect the AWS Region?');
    expect(screen.message.detail).toContain(startUrl.url);
    screen.message.answer(undefined);
    expect(await rejectionOf(done)).toMatchObject({ kind: 'cancelled' });
    expect(asked).toEqual([]);
  });
});

describe('regionName', () => {
  test('exists for every listed Region', () => {
    const all = Object.values(knownRegions).flat();
    expect(all.filter((region) => regionName(region) === undefined)).toEqual([]);
    expect(regionName('xx-nowhere-9')).toBeUndefined();
  });
});

/** AWS with the start URL in this Region only. `asked` are the requested Regions. */
async function detecting(where: string) {
  const { context } = await shellWorld();
  const asked: string[] = [];
  const no = new OAuthErrorResponse('invalid_request', {
    operation: 'startDeviceAuthorization',
    status: 400,
  });
  const ssoOidcAt: SsoOidcAt = ({ region }) => {
    asked.push(region);
    return {
      registerClient: async () => ({ clientId: 'client', clientSecret: 'client-secret-1' }),
      startDeviceAuthorization: async () => {
        if (![region, 'everywhere'].includes(where)) throw no;
        return { deviceCode: 'device-code-1', userCode: 'ABCD-EFGH', verificationUri: startUrl.url };
      },
      createToken: () => Promise.reject(new Error('No token is asked for')),
    };
  };
  const ports = { clock: fakeClock(january), ssoOidcAt, templates: { oidc: '', portal: '' } };
  return { context: { ...context, findRegionPorts: async () => ports }, asked };
}
