import { homedir, userInfo } from 'node:os';
import { isAbsolute, resolve } from 'node:path';

/**
 * The user's home folder, always absolute: with an empty or relative `HOME`, it would be in the folder where the editor
 * started, perhaps a repository. The root if the system names none, as for a random user of a container.
 */
export function homeFolder(sources: readonly (() => string)[] = [homedir, () => userInfo().homedir]): string {
  for (const source of sources) {
    try {
      const folder = source();
      if (isAbsolute(folder)) return folder;
    } catch {
      // The system has no entry for this user.
    }
  }
  return resolve('/');
}
