import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  desktopEditors,
  findInstalledEditor,
  type DesktopEditor,
  type Machine,
} from '../../host/installedEditors.ts';

const names = Object.keys(desktopEditors) as DesktopEditor[];

/** A machine with these files, and with links to others. */
function machine(
  platform: NodeJS.Platform,
  files: readonly string[],
  links: Readonly<Record<string, string>> = {},
): Machine {
  return {
    platform,
    env: {
      PATH: '/usr/local/bin:/usr/bin',
      LOCALAPPDATA: 'C:\\Users\\ana\\AppData\\Local',
      ProgramFiles: 'C:\\Program Files',
    },
    home: '/Users/ana',
    exists: (path) => files.includes(path) || path in links,
    realPath: (path) => links[path] ?? path,
  };
}

describe('findInstalledEditor', () => {
  test.each<[DesktopEditor, string, string]>([
    ['vscode', '/Applications/Visual Studio Code.app/Contents/MacOS/Electron', 'code'],
    ['vscode', '/Applications/Visual Studio Code.app/Contents/MacOS/Code', 'code'],
    ['vscodium', '/Applications/VSCodium.app/Contents/MacOS/VSCodium', 'codium'],
    ['cursor', '/Applications/Cursor.app/Contents/MacOS/Cursor', 'cursor'],
    ['windsurf', '/Users/ana/Applications/Windsurf.app/Contents/MacOS/Electron', 'windsurf'],
    ['kiro', '/Applications/Kiro.app/Contents/MacOS/Electron', 'kiro'],
  ])('%s on macOS: %s', (name, executable, program) => {
    const cli = posix.join(executable, '../../Resources/app/bin', program);
    expect(findInstalledEditor(name, machine('darwin', [executable, cli]))).toEqual({ executable, cli });
  });

  test.each<[DesktopEditor, string, string]>([
    ['vscode', 'C:\\Users\\ana\\AppData\\Local\\Programs\\Microsoft VS Code', 'Code.exe code.cmd'],
    ['vscode', 'C:\\Program Files\\Microsoft VS Code', 'Code.exe code.cmd'],
    ['vscodium', 'C:\\Program Files\\VSCodium', 'VSCodium.exe codium.cmd'],
    ['cursor', 'C:\\Users\\ana\\AppData\\Local\\Programs\\cursor', 'Cursor.exe cursor.cmd'],
    ['windsurf', 'C:\\Users\\ana\\AppData\\Local\\Programs\\Windsurf', 'Windsurf.exe windsurf.cmd'],
    ['kiro', 'C:\\Users\\ana\\AppData\\Local\\Programs\\Kiro', 'Kiro.exe kiro.cmd'],
  ])('%s on Windows: %s', (name, folder, files) => {
    const [file = '', command = ''] = files.split(' ');
    const [executable, cli] = [`${folder}\\${file}`, `${folder}\\bin\\${command}`];
    expect(findInstalledEditor(name, machine('win32', [executable, cli]))).toEqual({ executable, cli });
  });

  test.each<[DesktopEditor, string]>([
    ['vscode', '/usr/share/code/code'],
    ['vscodium', '/snap/codium/current/usr/share/codium/codium'],
    ['cursor', '/opt/Cursor/cursor'],
    ['windsurf', '/usr/share/windsurf/windsurf'],
    ['kiro', '/opt/kiro/kiro'],
  ])('%s on Linux: %s', (name, executable) => {
    const cli = posix.join(executable, '../bin', posix.basename(executable));
    expect(findInstalledEditor(name, machine('linux', [executable, cli]))).toEqual({ executable, cli });
  });

  test('finds it on Linux by the command on the PATH, through links', () => {
    const [executable, cli] = ['/home/ana/apps/kiro/kiro', '/home/ana/apps/kiro/bin/kiro'];
    const found = machine('linux', [executable, cli], { '/usr/local/bin/kiro': cli });
    expect(findInstalledEditor('kiro', found)).toEqual({ executable, cli });
  });

  test.each(names)('does not find %s if it is not installed, nor another one instead', (name) => {
    const others = names.filter((one) => one !== name).map((one) => desktopEditors[one].program);
    const files = others.flatMap((program) => [`/usr/share/${program}/${program}`, `/usr/bin/${program}`]);
    expect(findInstalledEditor(name, machine('linux', files))).toBeUndefined();
  });
});
