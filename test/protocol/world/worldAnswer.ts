import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { errorEffects } from '../../../src/core/oauth/errors.ts';
import type { SignInErrorKind } from '../../../src/core/oauth/errors.ts';
import type { FaultRule } from '../../sandbox/faults.ts';

const kinds = [...(Object.keys(errorEffects) as SignInErrorKind[]), 'signedIn', 'refreshed'] as const;
const texts = v.record(v.string(), v.string());

const steps = [
  ...(['metadata', 'register', 'authorize', 'deviceAuthorization'] as const),
  ...(['devicePoll', 'codeExchange', 'refresh'] as const),
];

/** The format of a file in `answers/`; README.md describes each member. */
const answerSchema = v.strictObject({
  fault: v.pipe(v.string(), v.regex(/^[A-Z]\d+: /)),
  source: v.pipe(v.string(), v.regex(/^([\w.-]+\/[\w.-]+#\d+|https:\/\/\S+)$/)),
  inferred: v.optional(v.boolean(), false),
  provider: v.picklist(['identityCenter', 'okta', 'oidc']),
  step: v.picklist(steps),
  answer: v.optional(
    v.strictObject({
      status: v.number(),
      times: v.optional(v.number(), Infinity),
      headers: v.optional(texts, {}),
      body: v.union([v.string(), v.looseObject({})]),
    }),
  ),
  redirect: v.optional(texts),
  expected: v.strictObject({
    kind: v.picklist(kinds),
    reason: v.optional(v.string()),
    session: v.optional(v.picklist(['kept', 'ended', 'endedAfterTries'])),
    details: v.optional(v.looseObject({}), {}),
  }),
});

export type WorldAnswer = v.InferOutput<typeof answerSchema> & { readonly file: string };

/** All real-world responses, in file name order. @throws if a file has a wrong format */
export function worldAnswers(): readonly WorldAnswer[] {
  const folder = join(import.meta.dirname, 'answers');
  return readdirSync(folder)
    .toSorted()
    .map((file) => {
      const content: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      const parsed = v.safeParse(answerSchema, content);
      if (!parsed.success) throw new Error(`${file}: ${v.summarize(parsed.issues)}`);
      return { file, ...parsed.output };
    });
}

/**
 * The request of a step, by its name in the sandbox. `authorize` is a redirect of the browser, so it does not
 * have one.
 */
const operations: Readonly<Record<string, string>> = {
  'identityCenter register': 'identityCenter.registerClient',
  'identityCenter deviceAuthorization': 'identityCenter.startDeviceAuthorization',
  'identityCenter devicePoll': 'identityCenter.createToken:device_code',
  'identityCenter codeExchange': 'identityCenter.createToken:authorization_code',
  'identityCenter refresh': 'identityCenter.createToken:refresh_token',
  'okta metadata': 'okta.metadata',
  'okta deviceAuthorization': 'okta.deviceAuthorize',
  'okta devicePoll': 'okta.token:device_code',
  'okta codeExchange': 'okta.token:authorization_code',
  'okta refresh': 'okta.token:refresh_token',
};

/** The sandbox's name for the request of a step; its Okta stands for any OpenID provider. */
export function operationOf(provider: string, step: string): string {
  const operation = operations[`${provider === 'oidc' ? 'okta' : provider} ${step}`];
  if (operation === undefined) throw new Error(`${step} at ${provider} has no request to answer.`);
  return operation;
}

/** The response as a sandbox rule. */
export function ruleOf({ file, provider, step, answer }: WorldAnswer): FaultRule {
  const at = operationOf(provider, step);
  if (answer === undefined) throw new Error(`${file}: the answer is missing.`);
  const { status, times, headers, body } = answer;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { at, times, status, headers, body: text };
}
