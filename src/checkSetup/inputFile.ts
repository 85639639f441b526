import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { defined } from '../core/defined.ts';
import { decodeText, decodeXml } from '../input/decodedText.ts';
import { cleanTemplate } from '../input/pastedText.ts';
import { parseJson } from '../core/text/parseJson.ts';
import type { SetupCheckOptions } from '../headless.ts';
import { fieldsOf } from '../setup/fields.ts';
import type { SetupGuideId } from '../setup/setupGuides.ts';
import type { SetupInputs } from '../setup/setupPorts.ts';

/** An error in the arguments or the input file, as a sentence for the user. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Secrets from the environment; empty ones are absent. */
export interface Secrets {
  readonly scimToken?: string | undefined;
  readonly oktaApiToken?: string | undefined;
  readonly oktaServiceKey?: string | undefined;
  readonly samlResponse?: string | undefined;
}

/** The input of a run. */
export interface Request {
  readonly guide: SetupGuideId;
  readonly inputs: SetupInputs;
  readonly options: SetupCheckOptions;
}

const text = v.pipe(v.string(), v.maxLength(2000));
const scopes = v.array(text);
const redirectPorts = v.array(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)));

/** The schema of the input file: the answers to the editor's questions. Never contains a secret. */
const fileSchema = v.strictObject({
  guide: v.picklist(['kiro', 'identityCenter', 'openIdConnect']),
  issuer: v.optional(text),
  clientId: v.optional(text),
  scopes: v.optional(scopes),
  redirectPorts: v.optional(redirectPorts),
  redirectUri: v.optional(text),
  startUrl: v.optional(text),
  region: v.optional(text),
  /** Path relative to the input file. */
  metadataFile: v.optional(text),
  acsUrl: v.optional(text),
  samlIssuerUrl: v.optional(text),
  domain: v.optional(text),
  verificationToken: v.optional(text),
  scimEndpoint: v.optional(text),
  /** A host outside Identity Center to which the token may be sent. */
  confirmedScimHost: v.optional(text),
  userName: v.optional(text),
  groupName: v.optional(text),
  /** Its private key comes from the environment. */
  oktaServiceClientId: v.optional(text),
  /** The Region of the Kiro profile; enables requests to Kiro as its own clients send them. */
  kiroRegion: v.optional(text),
  /** An AWS CLI profile, or `*` for the credentials of the environment. */
  awsProfile: v.optional(text),
  endpoint: v.optional(text),
  portalEndpoint: v.optional(text),
});

/**
 * Reads the input file. Secrets come only from the environment.
 * @throws UsageError
 */
export function readRequest(path: string, secrets: Secrets): Request {
  const json = parseJson(readText(path));
  if (json === undefined) throw new UsageError(`${path} is not JSON.`);
  const parsed = v.safeParse(fileSchema, json);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const member = v.getDotPath(issue) ?? 'the file';
    throw new UsageError(
      issue.type === 'strict_object' && issue.expected === 'never'
        ? `${path}: ${member} is not a member of this file. Secrets come from the environment.`
        : `${path}: ${member}: ${issue.message}`,
    );
  }
  const { guide, issuer, clientId, scopes, redirectPorts, redirectUri, ...others } = parsed.output;
  const { startUrl, region, metadataFile, ...rest } = others;
  const { endpoint = '', portalEndpoint = '', ...plain } = rest;
  const name = 'Setup check';
  const isOpenId = issuer !== undefined && clientId !== undefined;
  const client = isOpenId ? { name, issuer, clientId, ...defined({ scopes }) } : undefined;
  const kiro = client === undefined ? {} : { oktaClient: { type: 'okta' as const, ...client } };
  const openIdConnect =
    client === undefined
      ? {}
      : { oidcClient: { type: 'oidc' as const, ...client, ...defined({ redirectUri }) } };
  const identityCenter =
    startUrl === undefined || region === undefined
      ? {}
      : { accessPortal: { type: 'identityCenter' as const, name, startUrl, region } };
  const metadata =
    metadataFile === undefined ? {} : { metadataXml: readMetadata(resolve(dirname(path), metadataFile)) };
  return {
    guide,
    inputs: {
      ...Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined)),
      ...{ kiro, identityCenter, openIdConnect }[guide],
      ...(fieldsOf(guide).includes('metadataFile') ? metadata : {}),
      ...Object.fromEntries(Object.entries(secrets).filter(([, value]) => (value ?? '') !== '')),
    },
    options: {
      endpoints: { oidc: cleanTemplate(endpoint), portal: cleanTemplate(portalEndpoint) },
      ...(redirectPorts === undefined ? {} : { redirectPorts }),
    },
  };
}

/**
 * Reads a text file.
 * @throws UsageError for a file that cannot be read
 */
export function readText(path: string): string {
  try {
    return decodeText(readFileSync(path)).text;
  } catch {
    throw new UsageError(`${path} cannot be read.`);
  }
}

function readMetadata(path: string): string {
  try {
    return decodeXml(readFileSync(path));
  } catch {
    throw new UsageError(`${path} cannot be read.`);
  }
}
