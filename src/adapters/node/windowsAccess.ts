/**
 * Windows access lists as security descriptor strings, which are the same in every language ([MS-DTYP] 2.5.1,
 * Security Descriptor Description Language).
 */

/** Trustees that count as administrators: the system, its installer, and machine and domain administrators. */
const administrators: readonly RegExp[] = [
  /^(SY|BA|LA|DA|EA)$/,
  /^S-1-5-18$/,
  /^S-1-5-32-544$/,
  /^S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464$/, // TrustedInstaller
  /^S-1-5-21-\d+-\d+-\d+-(500|512|519)$/,
];

/** Access masks of file rights by their letters. */
const rights: Readonly<Record<string, number>> = {
  GA: 0x10000000,
  GX: 0x20000000,
  GW: 0x40000000,
  GR: 0x80000000,
  FA: 0x1f01ff,
  FR: 0x120089,
  FW: 0x120116,
  FX: 0x1200a0,
  RC: 0x20000,
  SD: 0x10000,
  WD: 0x40000,
  WO: 0x80000,
  CC: 0x1,
  DC: 0x2,
  LC: 0x4,
  SW: 0x8,
  RP: 0x10,
  WP: 0x20,
  DT: 0x40,
  LO: 0x80,
  CR: 0x100,
};

/** Rights to delete, to change the access list or the owner, and full control. */
const always = 0x10000 | 0x40000 | 0x80000 | 0x10000000 | 0x2000000;
const changing = {
  /** Includes writing and appending. */
  file: always | 0x2 | 0x4 | 0x40000000,
  /** Includes removing its entries. Adding a file, as everyone may below ProgramData, changes no existing one. */
  folder: always | 0x40,
};

/**
 * Whether others than administrators can change a file or the entries of a folder. Undefined if the descriptor
 * cannot be parsed.
 */
export function canOthersChange(descriptor: string, what: keyof typeof changing): boolean | undefined {
  const parts = /^O:([^\s:]+?)(?:G:[^\s:]*?)?D:([A-Z_]*)((?:\([^()]*\))*)(?:S:.*)?$/.exec(descriptor.trim());
  if (parts === null) return undefined;
  const [, owner = '', flags = '', list = ''] = parts;
  if (!isAdministrators(owner)) return true;
  if (flags.includes('NO_ACCESS_CONTROL')) return true;
  for (const [, entry = ''] of list.matchAll(/\(([^()]*)\)/g)) {
    const [type = '', inheritance = '', mask = '', , , who = ''] = entry.split(';');
    if (/^(D|OD|XD)$/.test(type)) continue;
    if (!/^(A|OA|XA)$/.test(type)) return undefined;
    if (/^(?:..)*IO/.test(inheritance)) continue; // Inherit-only: applies to its entries, not to itself.
    const bits = maskOf(mask);
    if (bits === undefined) return undefined;
    if ((bits & changing[what]) !== 0 && !isAdministrators(who)) return true;
  }
  return false;
}

function isAdministrators(who: string): boolean {
  return administrators.some((one) => one.test(who));
}

function maskOf(text: string): number | undefined {
  if (/^0x[\da-f]{1,8}$/i.test(text)) return Number.parseInt(text, 16);
  let bits = 0;
  for (const letters of text.match(/..?/g) ?? []) {
    const right = rights[letters];
    if (right === undefined) return undefined;
    bits |= right;
  }
  return bits;
}
