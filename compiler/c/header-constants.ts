/**
 * Constants that headers define as macros, which the kernel's types do not tell: those that scripts are seen to use. Values
 * are the user-space interface of Linux on x86-64.
 */

const HEADERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'linux/socket.h': {
    AF_UNSPEC: '0',
    AF_UNIX: '1',
    AF_LOCAL: '1',
    AF_INET: '2',
    AF_BRIDGE: '7',
    AF_INET6: '10',
    AF_KEY: '15',
    AF_NETLINK: '16',
    AF_PACKET: '17',
    AF_VSOCK: '40',
    AF_XDP: '44',
    PF_INET: '2',
    PF_INET6: '10',
    SOL_SOCKET: '1',
  },
  'linux/kdev_t.h': { MINORBITS: '20', MINORMASK: '((1U << 20) - 1)' },
  'linux/stat.h': {
    S_IFMT: '0170000',
    S_IFSOCK: '0140000',
    S_IFLNK: '0120000',
    S_IFREG: '0100000',
    S_IFBLK: '0060000',
    S_IFDIR: '0040000',
    S_IFCHR: '0020000',
    S_IFIFO: '0010000',
    S_ISUID: '0004000',
    S_ISGID: '0002000',
    S_ISVTX: '0001000',
  },
  'linux/fcntl.h': {
    O_RDONLY: '0',
    O_WRONLY: '1',
    O_RDWR: '2',
    O_ACCMODE: '3',
    O_CREAT: '0100',
    O_EXCL: '0200',
    O_TRUNC: '01000',
    O_APPEND: '02000',
    O_NONBLOCK: '04000',
    O_DIRECTORY: '0200000',
    O_CLOEXEC: '02000000',
    AT_FDCWD: '-100',
  },
  'linux/time64.h': { NSEC_PER_SEC: '1000000000L', NSEC_PER_MSEC: '1000000L', NSEC_PER_USEC: '1000L' },
  'linux/sched.h': {
    TASK_RUNNING: '0',
    TASK_INTERRUPTIBLE: '1',
    TASK_UNINTERRUPTIBLE: '2',
    TASK_COMM_LEN: '16',
    PF_KTHREAD: '0x00200000',
    PF_EXITING: '0x00000004',
  },
  'linux/fs.h': { FMODE_READ: '0x1', FMODE_WRITE: '0x2', PATH_MAX: '4096', NAME_MAX: '255' },
  'linux/limits.h': { PATH_MAX: '4096', NAME_MAX: '255' },
  'linux/mman.h': { PROT_READ: '1', PROT_WRITE: '2', PROT_EXEC: '4', MAP_SHARED: '1', MAP_PRIVATE: '2' },
  'linux/if_ether.h': { ETH_P_IP: '0x0800', ETH_P_ARP: '0x0806', ETH_P_IPV6: '0x86DD' },
  'stdint.h': {
    INT8_MAX: '127',
    INT16_MAX: '32767',
    INT32_MAX: '2147483647',
    INT64_MAX: '9223372036854775807L',
    UINT8_MAX: '255',
    UINT16_MAX: '65535',
    UINT32_MAX: '4294967295U',
    UINT64_MAX: '18446744073709551615UL',
  },
  'limits.h': {
    INT_MAX: '2147483647',
    UINT_MAX: '4294967295U',
    LONG_MAX: '9223372036854775807L',
    ULONG_MAX: '18446744073709551615UL',
    PATH_MAX: '4096',
  },
  'stddef.h': { NULL: '0' },
};

/** Headers that bring another one's constants, as kernel headers include one another. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  'net/sock.h': ['linux/socket.h'],
  'net/tcp_states.h': [],
  'net/inet_sock.h': ['linux/socket.h'],
  'net/tcp.h': ['linux/socket.h'],
  'linux/net.h': ['linux/socket.h'],
  'linux/in.h': ['linux/socket.h'],
  'sys/socket.h': ['linux/socket.h'],
  'sys/stat.h': ['linux/stat.h'],
  'linux/blkdev.h': ['linux/fs.h', 'linux/kdev_t.h', 'linux/sched.h'],
  'linux/blk-mq.h': ['linux/fs.h', 'linux/kdev_t.h', 'linux/sched.h'],
  'linux/genhd.h': ['linux/kdev_t.h'],
  'linux/fs.h': ['linux/stat.h', 'linux/fcntl.h', 'linux/kdev_t.h', 'linux/limits.h'],
  'linux/time.h': ['linux/time64.h'],
  'linux/ktime.h': ['linux/time64.h'],
  'linux/skbuff.h': ['linux/socket.h', 'linux/if_ether.h'],
  'linux/mm.h': ['linux/mman.h', 'linux/sched.h'],
  'linux/dcache.h': ['linux/fs.h'],
};

export function headerConstants(name: string): ReadonlyMap<string, string> {
  const wanted = name.replace(/^uapi\//, '');
  const found = new Map<string, string>();
  const visit = (header: string, depth: number): void => {
    for (const [word, text] of Object.entries(HEADERS[header] ?? {})) found.set(word, text);
    if (depth < 4) for (const other of ALSO[header] ?? []) visit(other, depth + 1);
  };
  visit(wanted, 0);
  return found;
}
