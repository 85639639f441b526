import { describe, expect, test } from 'vitest';
import type { FlowName } from '../../../src/core/oauth/flows.ts';
import type { SignInError } from '../../../src/core/oauth/errors.ts';
import { SignInError as SignInErrorClass } from '../../../src/core/oauth/errors.ts';
import type { Headless } from '../headless.ts';
import { hour, noSignal, useSandbox } from '../scene.ts';
import { signInBy } from './signInBy.ts';
import { ruleOf, worldAnswers } from './worldAnswer.ts';
import type { WorldAnswer } from './worldAnswer.ts';

const scene = useSandbox();
const answers = worldAnswers().map((answer) => ({ ...answer, title: `${answer.fault} (${answer.source})` }));

const flowOf = ({ step }: WorldAnswer): FlowName =>
  step === 'authorize' || step === 'codeExchange' || step === 'metadata' ? 'authorizationCode' : 'deviceCode';

const signIn = (product: Headless, answer: WorldAnswer): Promise<unknown> =>
  signInBy(
    scene,
    product,
    {
      provider: answer.provider,
      flow: flowOf(answer),
      ...(answer.redirect === undefined ? {} : { redirect: answer.redirect }),
    },
    noSignal,
  );

async function failureOf(product: Headless, promise: Promise<unknown>): Promise<SignInError | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    if (!(error instanceof SignInErrorClass)) throw error;
    return product.failureOf(Promise.reject(error));
  }
}

/** The effect of a refresh response on the session and on callers that ask for its token. */
async function refresh(product: Headless, answer: WorldAnswer): Promise<SignInError | undefined> {
  const { provider } = answer;
  const flow = provider === 'identityCenter' ? 'deviceCode' : 'authorizationCode';
  const { id } = await signInBy(scene, product, { provider, flow }, noSignal);
  scene.sandbox.faults.add(ruleOf(answer));
  scene.clock.jump(hour);
  const first = await failureOf(product, product.sessions.withFreshToken(id, noSignal));
  const ended = async (): Promise<unknown> => (await product.sessions.list()).sessions[0]?.ended;
  if (answer.expected.session === 'ended') {
    expect(await ended()).toBeDefined();
    return first;
  }
  expect(await ended()).toBeUndefined();
  for (let tries = 0; tries < 3; tries++) {
    scene.clock.jump(hour / 2);
    await failureOf(product, product.sessions.withFreshToken(id, noSignal));
  }
  if (answer.expected.session === 'endedAfterTries') expect(await ended()).toBeDefined();
  else expect(await ended()).toBeUndefined();
  return first;
}

describe('a real-world response', () => {
  test.each(answers)('$title', async (answer) => {
    using product = scene.window();
    const { kind, reason, details } = answer.expected;
    if (answer.step !== 'refresh' && answer.redirect === undefined) scene.sandbox.faults.add(ruleOf(answer));
    const failure =
      answer.step === 'refresh'
        ? await refresh(product, answer)
        : await failureOf(product, signIn(product, answer));
    const harmless = answer.step === 'refresh' ? 'refreshed' : 'signedIn';
    expect(failure?.kind ?? harmless).toBe(kind);
    if (reason !== undefined) expect(failure?.details.reason).toBe(reason);
    expect(failure?.details ?? {}).toMatchObject(details);
  });
});

test('every file has a fault, a source and a unique response', () => {
  const titles = answers.map(({ title }) => title);
  expect(new Set(titles).size).toBe(titles.length);
  expect(titles.length).toBeGreaterThan(0);
});
