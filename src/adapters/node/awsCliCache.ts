import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as v from 'valibot';
import type { AwsCliCache, AwsCliToken } from '../../features/awsCli.ts';
import { writeDurably } from './atomicFiles.ts';
import { codeOf, onceFree, readIfThere } from './systemFile.ts';
import { parseJson } from '../../core/text/parseJson.ts';
import { defined } from '../../core/defined.ts';

/**
 * A moment as the CLI (`YYYY-MM-DDTHH:MM:SSZ`, before with `UTC`) and the SDKs (with fractions) write it, as epoch
 * milliseconds. One without a time zone is UTC too.
 */
const moment = v.pipe(
  v.string(),
  v.transform((text) => Date.parse(inUtc(text.trim()))),
  v.number(),
  v.finite(),
);
/** Other tools keep less of a sign-in, or write a time in another way: that is theirs all the same. */
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

/** Where the CLI and the SDKs look for the token of an `[sso-session]`: a file by the SHA-1 of its name. */
export function awsCliCachePath(home: string, name: string): string {
  const digest = createHash('sha1').update(name).digest('hex');
  return join(home, '.aws', 'sso', 'cache', `${digest}.json`);
}

/**
 * The token cache of the AWS CLI and the AWS SDKs below a home folder (docs/PROTOCOL.md, 1). What lies there can be read
 * by every program of its owner only.
 */
export function createAwsCliCache(home: string, user = process.getuid?.()): AwsCliCache {
  const pathOf = (name: string): string => awsCliCachePath(home, name);
  return {
    read: async (name) => {
      const path = pathOf(name);
      const written = await readIfThere(path);
      if (written === undefined) return undefined;
      const parsed = v.safeParse(fileSchema, parseJson(written));
      if (!parsed.success) return 'unreadable';
      const { mtimeMs, isOurs } = await lookAt(path, user);
      const isPrivate = isOurs && (await lookAt(dirname(path), user)).isOurs;
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
      await onceFree(() => unlink(path)).catch((error: unknown) => {
        if (codeOf(error) !== 'ENOENT') throw error;
      });
    },
  };
}

/** Bits that let a group or all others write. */
const othersWrite = 0o022;

/** When a file or folder was changed, and whether only this user can write it. On Windows modes say nothing. */
async function lookAt(
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

/** A folder with tokens that a group can write (umask 002) is closed, where it is ours to close. */
async function makePrivate(folder: string, user: number | undefined): Promise<void> {
  const { uid, mode } = await stat(folder);
  if (uid === user && (mode & othersWrite) !== 0) await chmod(folder, 0o700).catch(() => undefined);
}

/** Removes what a window that was killed while it wrote this file left beside it: there are tokens in it. */
async function sweep(path: string): Promise<void> {
  const folder = dirname(path);
  const beginning = `${basename(path)}.`;
  for (const name of await readdir(folder).catch(() => []))
    if (name.startsWith(beginning) && name.endsWith('.tmp'))
      await unlink(join(folder, name)).catch(() => undefined);
}

/** The file's own members, in the order of docs/PROTOCOL.md. */
function fileOf({ expiresAt, registrationExpiresAt, refreshToken, ...rest }: AwsCliToken): object {
  return {
    startUrl: rest.startUrl,
    region: rest.region,
    accessToken: rest.accessToken,
    expiresAt: momentText(expiresAt),
    clientId: rest.clientId,
    clientSecret: rest.clientSecret,
    registrationExpiresAt: momentText(registrationExpiresAt),
    ...defined({ refreshToken }),
  };
}

/** The CLI's own form: no fraction of a second. */
function momentText(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
