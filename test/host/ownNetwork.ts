import { spawnSync } from 'node:child_process';

/**
 * Five of the ten callback ports lie where the system takes ports for outgoing connections, so on a busy machine any of them
 * can be held by chance. Root on Linux can give a program a network of its own, in which all are free and nothing but this
 * machine can be reached.
 * @returns what to put before the command; nothing where that is not possible, or `DEVELOPER_SIGN_IN_SHARED_NETWORK` is set
 */
export function ownNetwork(): readonly string[] {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return [];
  if (process.env['DEVELOPER_SIGN_IN_SHARED_NETWORK']) return [];
  const works = (raise: string) =>
    spawnSync('unshare', ['-n', '-m', 'sh', '-c', raise], { stdio: 'ignore' }).status === 0;
  const raise = WAYS_TO_RAISE_LOOPBACK.find(works);
  return raise ? ['unshare', '-n', '-m', 'sh', '-c', `${raise} && { ${OWN_POLICY}; exec "$@"; }`, 'sh'] : [];
}

/**
 * The folder of the organization's rules is the program's own too: a test writes rules that are seen by this program only, and
 * those of this machine are not the test's. Where that is not allowed the test goes without.
 */
const OWN_POLICY =
  'mkdir -p /etc/developer-sign-in && mount -t tmpfs -o mode=755 tmpfs /etc/developer-sign-in 2>/dev/null || true';

/** A new network's loopback device is down. Small systems have no `ip`, but the Python that code-server was built with. */
const WAYS_TO_RAISE_LOOPBACK = [
  'ip link set lo up',
  `python3 -c '${[
    'import fcntl, socket, struct',
    'up = struct.pack("16sh", b"lo", 1 | 64)', // ifreq: IFF_UP, IFF_RUNNING
    'fcntl.ioctl(socket.socket(), 0x8914, up)', // SIOCSIFFLAGS
  ].join('; ')}'`,
];
