import { describe, expect, test } from 'vitest';
import type { InteractionRequest } from '../../src/core/oauth/userInteraction.ts';
import { ana, personWho, signingInAtOkta } from './people.ts';
import { noSignal, useSandbox } from './scene.ts';
import type { Scene } from './scene.ts';

const plain = useSandbox();
const announcing = useSandbox({ okta: { issParameter: true } });

/** A redirect to the listener of this prompt with these parameters. */
async function redirect(
  { url }: InteractionRequest,
  parameters: Readonly<Record<string, string>>,
): Promise<Response> {
  const address = new URL(new URL(url).searchParams.get('redirect_uri') ?? '');
  address.search = new URLSearchParams(parameters).toString();
  return fetch(address);
}

const stateOf = ({ url }: InteractionRequest): string => new URL(url).searchParams.get('state') ?? '';

/** Redirects that must not end the sign-in. */
const strangers: readonly [string, () => Readonly<Record<string, string>>][] = [
  ['a code with another state', () => ({ code: 'foreign-code', state: 'another' })],
  ['a code without a state', () => ({ code: 'foreign-code' })],
  ['an error with another state', () => ({ error: 'access_denied', state: 'another' })],
  ['an error without a state', () => ({ error: 'access_denied' })],
];

/** Lets `stranger` act first, then signs in. */
async function signInAfter(scene: Scene, stranger: (turn: InteractionRequest) => Promise<Response>) {
  using product = scene.window();
  const answers: number[] = [];
  const person = personWho(async (turn) => {
    answers.push((await stranger(turn)).status);
    const { location } = await scene.sandbox.okta.authorize(turn.url, ana);
    await fetch(location ?? '');
  });
  const session = await product.sessions.signIn(product.okta, {}, person, noSignal);
  return { session, answers };
}

describe.each([
  ['an issuer that sends no iss', plain],
  ['an issuer that announces iss', announcing],
])('at %s', (_name, scene) => {
  test.each(strangers)(
    'answers and ignores %s, and accepts the correct redirect',
    async (_what, parameters) => {
      const { session, answers } = await signInAfter(scene, (turn) => redirect(turn, parameters()));
      expect(answers).toEqual([404]);
      expect(session.account.name).toBe(ana);
      expect(scene.requests()).toEqual(['okta.metadata', 'okta.token:authorization_code']);
    },
  );
});

test('a duplicate parameter is ignored (RFC 6749, 3.1)', async () => {
  const { answers } = await signInAfter(plain, (turn) => {
    const address = new URL(new URL(turn.url).searchParams.get('redirect_uri') ?? '');
    address.search = `code=one&code=two&state=${stateOf(turn)}`;
    return fetch(address);
  });
  expect(answers).toEqual([404]);
});

test.each([
  ['the favicon', '/favicon.ico', 404],
  ['another path', '/oauth/callback/other', 404],
])('%s does not end the sign-in', async (_what, path, status) => {
  const { answers } = await signInAfter(plain, ({ url }) =>
    fetch(new URL(path, new URL(url).searchParams.get('redirect_uri') ?? '')),
  );
  expect(answers).toEqual([status]);
});

test('an error with the correct state ends the sign-in', async () => {
  using product = plain.window();
  const person = personWho((turn) =>
    redirect(turn, { error: 'access_denied', error_description: 'The user said no.', state: stateOf(turn) }),
  );
  const failure = await product.failureOf(product.sessions.signIn(product.okta, {}, person, noSignal));
  expect([failure.kind, failure.details.description]).toEqual(['policy', 'The user said no.']);
  expect(plain.requests()).toEqual(['okta.metadata']);
});

test('a code that the token endpoint rejects ends the sign-in without a session', async () => {
  using product = plain.window();
  const person = personWho((turn) => redirect(turn, { code: 'never-issued-1', state: stateOf(turn) }));
  const failure = await product.failureOf(product.sessions.signIn(product.okta, {}, person, noSignal));
  expect(failure.kind).toBe('codeExpired');
  expect((await product.sessions.list()).sessions).toEqual([]);
});

test('the redirect of an earlier sign-in does not end a later one', async () => {
  using product = plain.window();
  const earlier = signingInAtOkta(plain.sandbox, ana);
  await product.sessions.signIn(product.okta, {}, earlier, noSignal);
  const [old] = earlier.turns;
  const { answers } = await signInAfter(plain, (turn) =>
    redirect(turn, { code: 'old-code-1', state: old === undefined ? '' : stateOf(old) }),
  );
  expect(answers).toEqual([404]);
});
