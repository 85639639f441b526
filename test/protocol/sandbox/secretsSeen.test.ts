import { expect, test } from 'vitest';
import { noSignal, useSandbox, type Provider } from '../scene.ts';

const scene = useSandbox();

test.each<[Provider, readonly string[]]>([
  ['identityCenter', ['clientSecret', 'deviceCode']],
  ['okta', ['code', 'code_verifier', 'state']],
])("records all secrets of a session's lifetime at %s", async (provider, onTheWay) => {
  using product = scene.window();
  const { id, tokenSet } = await scene.signIn(product, provider);
  const { tokenSet: refreshed } = await product.sessions.refresh(id, noSignal);
  await product.sessions.signOut(id, noSignal);
  const seen = scene.sandbox.secretsSeen.list();
  expect(seen.map(({ name }) => name)).toEqual(expect.arrayContaining([...onTheWay]));
  expect(seen.map(({ value }) => value)).toEqual(
    expect.arrayContaining([
      ...[tokenSet.accessToken, tokenSet.refreshToken],
      ...[refreshed.accessToken, refreshed.refreshToken],
    ]),
  );
});
