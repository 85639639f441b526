import { spawnSync } from 'node:child_process';

/**
 * Isolates a program's network. Five of the ten callback ports are in the system's range for outgoing
 * connections, so on a busy machine any of them can be in use. On Linux, root can run a program in a network
 * namespace, where all ports are free and only this machine is reachable.
 * @returns the prefix of the command; empty if unavailable, or if `DEVELOPER_SIGN_IN_SHARED_NETWORK` is set
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
 * Also isolates the folder of organization policies: policies written by a test affect only this program, and
 * those of this machine do not affect the test. Skipped if not permitted.
 */
const OWN_POLICY =
  'mkdir -p /etc/developer-sign-in && mount -t tmpfs -o mode=755 tmpfs /etc/developer-sign-in 2>/dev/null || true';

/**
 * The loopback device of a new network is down. Small systems lack `ip`, but have the Python that code-server was
 * built with.
 */
const WAYS_TO_RAISE_LOOPBACK = [
  'ip link set lo up',
  `python3 -c '${[
    'import fcntl, socket, struct',
    'up = struct.pack("16sh", b"lo", 1 | 64)', // ifreq: IFF_UP, IFF_RUNNING
    'fcntl.ioctl(socket.socket(), 0x8914, up)', // SIOCSIFFLAGS
  ].join('; ')}'`,
];
