import type { Provider } from '../scene.ts';
import type { Answer, TamperingProxy } from './tamperingProxy.ts';
import type { World } from './world.ts';

/** Members of a JSON response, in OAuth's spelling; `undefined` removes one. */
export type Members = Readonly<Record<string, unknown>>;

/** Replaces parts of a response, or all of it. */
export type Change = { readonly members: Members } | { readonly answer: Partial<Answer> };

/** Applies changes to a response, in the provider's spelling. */
export function changed(provider: Provider, change: Change): (answer: Answer) => Partial<Answer> {
  if ('answer' in change) return () => change.answer;
  const spelled = Object.fromEntries(
    Object.entries(change.members).map(([name, value]) => [
      provider === 'okta' ? name : name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
  return ({ body }) => ({ body: JSON.stringify({ ...(JSON.parse(body) as Members), ...spelled }) });
}

export function proxyOf(world: World, provider: Provider): TamperingProxy {
  return provider === 'okta' ? world.oktaProxy : world.awsProxy;
}

export const html = { 'content-type': 'text/html; charset=utf-8' };
export const json = { 'content-type': 'application/json' };
/** Larger than the limit for any response. */
export const tenMegabytes = `{"padding":"${'x'.repeat(10 * 2 ** 20)}"}`;
/** JSON nested deeper than any call stack. */
export const deepJson = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
