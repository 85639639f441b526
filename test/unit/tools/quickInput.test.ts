import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';

import { quickInputOf, type QuickInputState } from '../../host/quickInput.ts';

/** A palette that closes as soon as its row is about to be clicked. */
function closingPalette(label: string): Page {
  const item = { label, description: '', detail: '', separator: '', buttons: [] };
  const state: QuickInputState = {
    title: '',
    placeholder: '',
    value: '',
    message: '',
    severity: 'idle',
    busy: false,
    buttons: [],
    active: label,
    items: [item],
  };
  const row: object = {
    locator: () => row,
    filter: () => row,
    first: () => row,
    click: () => Promise.reject(new Error('The row is gone.')),
  };
  return {
    locator: () => row,
    evaluate: () => Promise.resolve(state),
    bringToFront: () => Promise.resolve(),
    mouse: { move: () => Promise.resolve() },
  } as unknown as Page;
}

describe('quickInputOf', () => {
  test('a pick with little patience does not try to click for a minute', async () => {
    const picked = quickInputOf(closingPalette('SSO: Sign Out')).pick('SSO: Sign Out', { timeoutMs: 300 });
    await expect(picked).rejects.toThrow('Waited 0.3 s for a click');
  }, 70_000);
});
