import { createLocks, lockPorts } from '../../../src/adapters/node/lockFile.ts';
import { SignInError } from '../../../src/core/oauth/errors.ts';

/**
 * Takes the lock at the path in the first argument, with the times (JSON) in the second, works for the number of
 * milliseconds in the third, and reports events, one per line. The fourth argument is the offset of its clock.
 */
const [, , path = '', times = '{}', works = '0', skew = '0'] = process.argv;
const realNow = Date.now;
Date.now = () => realNow() + Number(skew);

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const locks = createLocks(lockPorts, JSON.parse(times) as Parameters<typeof createLocks>[1]);
const life = setInterval(() => undefined, 1000);
locks
  .withLock(path, new AbortController().signal, async () => {
    say('inside');
    await new Promise((resolve) => setTimeout(resolve, Number(works)));
  })
  .then(
    () => say('released'),
    (error: unknown) =>
      say(
        error instanceof SignInError
          ? `${error.kind} ${JSON.stringify(error.details.holder)}`
          : String(error),
      ),
  )
  .finally(() => clearInterval(life));
