import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as v from 'valibot';
import type { AwsCliCache, AwsCliToken } from '../../features/awsCli.ts';
import { writeDurably } from './atomicFiles.ts';
import { homeFolder } from './homeFolder.ts';
import { codeOf, retryWhileBusy, readIfExists } from './systemFile.ts';
import { parseJson } from '../../core/text/parseJson.ts';
import { defined } from '../../core/defined.ts';

/**
 * A timestamp as epoch milliseconds, as the CLI (`YYYY-MM-DDTHH:MM:SSZ`, formerly with `UTC`) and the SDKs
 * (with fractions) write it. Without a time zone, it is UTC.
 */
const moment = v.pipe(
  v.string(),
  v.transform((text) => Date.parse(inUtc(text.trim()))),
  v.number(),
  v.finite(),
);
/** Other tools store fewer members or another time format; their entries are still recognized. */
const atAnyTime = v.fallback(moment, Infinity);
const textIfAny = v.fallback(v.optional(v.string(), ''), '');
const text = v.pipe(v.string(), v.nonEmpty());
const fileSchema = v.object({
  startUrl: textIfAny,
  region: textIfAny,
  accessToken: text,
  expiresAt: atAnyTime,
  clientId: textIfAny,
  clientSecret: textIfAny,
  registrationExpiresAt: atAnyTime,
  refreshToken: v.fallback(v.optional(text), undefined),
});

function inUtc(text: string): string {
  const zoned = text.replace(/\s?(?:UTC|GMT)$/i, 'Z');
  return /[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/.test(zoned) ? `${zoned}Z` : zoned;
}

/** The path of an `[sso-session]`'s token, as the CLI and the SDKs compute it: the SHA-1 of its name. */
export function awsCliCachePath(home: string, name: string): string {
  const digest = createHash('sha1').update(name).digest('hex');
  return join(home, '.aws', 'sso', 'cache', `${digest}.json`);
}

/**
 * The token cache of the AWS CLI and the AWS SDKs below a home folder (docs/PROTOCOL.md, 1). Every program of
 * the user can read its files; other users cannot.
 */
export function createAwsCliCache(home = homeFolder(), user = process.getuid?.()): AwsCliCache {
  const pathOf = (name: string): string => awsCliCachePath(home, name);
  return {
    read: async (name) => {
      const path = pathOf(name);
      const written = await readIfExists(path);
      if (written === undefined) return undefined;
      const parsed = v.safeParse(fileSchema, parseJson(written));
      if (!parsed.success) return 'unreadable';
      const { mtimeMs, isOurs } = await inspect(path, user);
      const isPrivate = isOurs && (await inspect(dirname(path), user)).isOurs;
      const { refreshToken, ...rest } = parsed.output;
      return {
        ...{ ...rest, ...defined({ refreshToken }), writtenAt: mtimeMs },
        ...(isPrivate ? {} : { othersCanWrite: true }),
      };
    },
    write: async (name, token) => {
      const path = pathOf(name);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await makePrivate(dirname(path), user);
      await sweep(path);
      await writeDurably(path, JSON.stringify(fileOf(token)));
    },
    remove: async (name) => {
      const path = pathOf(name);
      await sweep(path);
      await retryWhileBusy(() => unlink(path)).catch((error: unknown) => {
        if (codeOf(error) !== 'ENOENT') throw error;
      });
    },
  };
}

/** Write permission for the group or for all others. */
const othersWrite = 0o022;

/** The modification time of a file or folder, and whether only this user can write to it; on Windows, always true. */
async function inspect(
  path: string,
  user: number | undefined,
): Promise<{ readonly mtimeMs: number; readonly isOurs: boolean }> {
  try {
    const { mtimeMs, uid, mode } = await stat(path);
    return { mtimeMs, isOurs: user === undefined || (uid === user && (mode & othersWrite) === 0) };
  } catch {
    return { mtimeMs: Date.now(), isOurs: false };
  }
}

/** Removes others' access to a token folder (umask 002 lets a group write to it), if this user owns it. */
async function makePrivate(folder: string, user: number | undefined): Promise<void> {
  const { uid, mode } = await stat(folder);
  if (uid === user && (mode & othersWrite) !== 0) await chmod(folder, 0o700).catch(() => undefined);
}

/** Removes temporary files with tokens that a killed window left beside this file. */
async function sweep(path: string): Promise<void> {
  const folder = dirname(path);
  const beginning = `${basename(path)}.`;
  for (const name of await readdir(folder).catch(() => []))
    if (name.startsWith(beginning) && name.endsWith('.tmp'))
      await unlink(join(folder, name)).catch(() => undefined);
}

/** The members of the file, in the order of docs/PROTOCOL.md. */
function fileOf({ expiresAt, registrationExpiresAt, refreshToken, ...rest }: AwsCliToken): object {
  return {
    startUrl: rest.startUrl,
    region: rest.region,
    accessToken: rest.accessToken,
    expiresAt: isoSeconds(expiresAt),
    clientId: rest.clientId,
    clientSecret: rest.clientSecret,
    registrationExpiresAt: isoSeconds(registrationExpiresAt),
    ...defined({ refreshToken }),
  };
}

/** A timestamp in the CLI's format, without fractions of a second. */
function isoSeconds(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
