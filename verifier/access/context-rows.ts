/** What programs of each type may access in their context: `is_valid_access` of every type as Linux 6.18 has it. */
import { CONTEXTS, type ContextName } from '../../bpf/contexts.ts';
import type { KernelRelease } from '../../bpf/kernel-release.ts';
import { type ProgramTypeName, programType } from '../../bpf/programs.ts';
import { ANY, type ContextPointer, type ContextRow, NARROW, row } from './context-row.ts';

/** `struct __sk_buff` before any program type's own rules (`bpf_skb_is_valid_access`). */
const SKB: readonly ContextRow[] = [
  row(0, 12, NARROW, 4),
  row(12, 16, NARROW, 4, { writeSince: '5.1' }),
  row(16, 48, NARROW, 4),
  row(48, 64, ANY, ANY),
  row(64, 68, NARROW, NARROW),
  row(68, 76, NARROW, 4),
  row(76, 80, 4, 4, { pointer: 'packet', plain: true }),
  row(80, 84, 4, 4, { pointer: 'packet-end', plain: true }),
  row(84, 92, NARROW, 4),
  row(92, 132, 4, 4),
  row(132, 140, NARROW, 4),
  row(140, 144, 4, 4, { pointer: 'packet-meta', plain: true }),
  row(152, 160, 8, 8, { since: '5.0' }),
  row(160, 164, NARROW, 4, { since: '5.0' }),
  row(164, 168, NARROW, 4, { since: '5.1' }),
  row(168, 176, 8, 0, { pointer: 'sock-common-or-null', since: '5.1' }),
  row(176, 180, NARROW, 4, { since: '5.7' }),
  row(180, 181, 1, 0, { since: '5.18' }),
  row(184, 192, 8, 0, { since: '5.16' }),
];

/** Bytes of the named fields. */
function bytesOf(context: ContextName, names: readonly string[]): ReadonlySet<number> {
  const bytes = new Set<number>();
  for (const field of CONTEXTS[context].fields) {
    if (!names.includes(field.name)) continue;
    for (let i = 0; i < field.size * field.count; i++) bytes.add(field.offset + i);
  }
  return bytes;
}

/** What a program type got later than the field itself. */
type Later = (off: number, write: number) => Pick<ContextRow, 'since' | 'writeSince'>;

const nothingLater: Later = () => ({});

/** Packets, their addresses and their mark were opened to cgroup programs in 4.20. */
const CGROUP_LATER: Later = (off, write) => {
  if ((off >= 76 && off < 84) || (off >= 88 && off < 140)) return { since: '4.20' };
  return write !== 0 && off < 48 ? { writeSince: '4.20' } : {};
};

/** A socket buffer as the program type's row restricts it. */
function skbFor(name: ProgramTypeName, later: Later = nothingLater): readonly ContextRow[] {
  const { unreadable, writable } = programType(name);
  const hidden = bytesOf('__sk_buff', unreadable);
  const written = bytesOf('__sk_buff', writable);
  const rows: ContextRow[] = [];
  for (const one of SKB) {
    // Fields are four bytes at least where the rules differ between them.
    for (let from = one.from; from < one.to; from += 4) {
      if (hidden.has(from)) continue;
      const to = Math.min(from + 4, one.to);
      const write = written.has(from) ? one.write : 0;
      rows.push({ ...one, from, to, write, ...later(from, write) });
    }
  }
  return merged(rows);
}

/** Neighbours that say the same are one row: fewer to search. */
function merged(rows: readonly ContextRow[]): readonly ContextRow[] {
  const result: ContextRow[] = [];
  for (const one of rows) {
    const last = result.at(-1);
    if (last !== undefined && last.to === one.from && isAlike(last, one)) {
      result[result.length - 1] = { ...last, to: one.to };
    } else result.push(one);
  }
  return result;
}

function isAlike(a: ContextRow, b: ContextRow): boolean {
  return (
    a.read === b.read &&
    a.write === b.write &&
    a.pointer === b.pointer &&
    a.plain === b.plain &&
    a.since === b.since &&
    a.writeSince === b.writeSince
  );
}

const pointer = (from: number, what: ContextPointer, since?: KernelRelease): ContextRow =>
  row(from, from + 8, 8, 0, since === undefined ? { pointer: what } : { pointer: what, since });

const LWT: readonly ContextRow[] = skbFor('lwt_in');
const TC: readonly ContextRow[] = skbFor('sched_cls');

const SOCK_CREATE = ['cgroup_inet_sock_create', 'cgroup_inet_sock_release'] as const;
const POST_BIND_4 = ['cgroup_inet4_post_bind'] as const;
const POST_BIND_6 = ['cgroup_inet6_post_bind'] as const;

const CGROUP_SOCK: readonly ContextRow[] = [
  row(0, 4, 4, 4, { only: SOCK_CREATE }),
  row(4, 5, NARROW),
  row(8, 9, NARROW),
  row(12, 13, NARROW),
  row(16, 24, 4, 4, { only: SOCK_CREATE }),
  row(24, 28, NARROW, 0, { only: POST_BIND_4 }),
  row(28, 44, NARROW, 0, { only: POST_BIND_6 }),
  row(44, 45, NARROW, 0, { only: [...POST_BIND_4, ...POST_BIND_6] }),
  // The port has two bytes, and is read with four as it once was.
  row(48, 49, NARROW, 0, { since: '5.1' }),
  row(49, 50, 1, 0, { since: '5.18' }),
  row(52, 72, NARROW, 0, { since: '5.1' }),
  row(72, 73, NARROW, 0, { since: '5.1' }),
  row(76, 77, NARROW, 0, { since: '5.8' }),
];

const SOCK_ADDR_4 = [
  'cgroup_inet4_bind',
  'cgroup_inet4_connect',
  'cgroup_inet4_getpeername',
  'cgroup_inet4_getsockname',
  'cgroup_udp4_sendmsg',
  'cgroup_udp4_recvmsg',
] as const;

const SOCK_ADDR_6 = SOCK_ADDR_4.map((name) => name.replace('4', '6'));

const CGROUP_SOCK_ADDR: readonly ContextRow[] = [
  row(0, 4, 4),
  row(4, 8, NARROW, 4, { only: SOCK_ADDR_4 }),
  ...wide(8, SOCK_ADDR_6),
  row(24, 28, NARROW, 4, { narrowSince: '5.8' }),
  row(28, 40, 4),
  row(40, 44, NARROW, 4, { only: ['cgroup_udp4_sendmsg'] }),
  ...wide(44, ['cgroup_udp6_sendmsg']),
  pointer(64, 'socket', '5.3'),
];

/** Sixteen bytes of address: eight at once as long as all of them are the address's. */
function wide(from: number, only: readonly string[]): readonly ContextRow[] {
  return [row(from, from + 9, ANY, 4 | 8, { only }), row(from + 9, from + 16, NARROW, 4, { only })];
}

const SOCK_OPS: readonly ContextRow[] = [
  row(0, 4, 4),
  row(4, 5, 4, 4),
  row(5, 72, 4),
  row(72, 164, 4, 0, { since: '4.16' }),
  row(164, 165, 4, 4, { since: '4.16' }),
  row(168, 184, 8, 0, { since: '4.16' }),
  pointer(184, 'socket-or-null', '5.3'),
  pointer(192, 'packet', '5.10'),
  pointer(200, 'packet-end', '5.10'),
  row(208, 212, 4, 0, { since: '5.10' }),
  row(212, 213, NARROW, 0, { since: '5.10' }),
  row(216, 224, 8, 0, { since: '6.2' }),
];

const SK_MSG: readonly ContextRow[] = [
  pointer(0, 'packet'),
  pointer(8, 'packet-end'),
  row(16, 68, 4),
  row(68, 72, 4, 0, { since: '5.0' }),
  pointer(72, 'socket', '5.8'),
];

const SK_REUSEPORT: readonly ContextRow[] = [
  pointer(0, 'packet'),
  pointer(8, 'packet-end'),
  row(16, 20, NARROW),
  row(20, 24, 2 | 4),
  row(24, 32, NARROW),
  row(32, 33, 4),
  pointer(40, 'socket', '5.14'),
  pointer(48, 'sock-common-or-null', '5.14'),
];

const SK_LOOKUP: readonly ContextRow[] = [
  pointer(0, 'socket-or-null'),
  row(8, 36, NARROW),
  row(36, 38, NARROW),
  row(38, 40, 1 | 2),
  row(40, 64, NARROW),
  row(64, 68, NARROW, 0, { since: '5.17' }),
];

const SOCKOPT: readonly ContextRow[] = [
  pointer(0, 'socket'),
  pointer(8, 'packet'),
  pointer(16, 'packet-end'),
  row(24, 32, 4, 4, { writeOnly: ['cgroup_setsockopt'] }),
  row(32, 36, 4, 4),
  row(36, 40, 4, 4, { only: ['cgroup_getsockopt'] }),
];

const XDP: readonly ContextRow[] = [
  row(0, 4, 4, 0, { pointer: 'packet', plain: true }),
  row(4, 8, 4, 0, { pointer: 'packet-end', plain: true }),
  row(8, 12, 4, 0, { pointer: 'packet-meta', plain: true }),
  row(12, 20, 4, 0, { since: '4.16' }),
  row(20, 24, 4, 0, { only: ['xdp_devmap'], since: '5.8' }),
];

const FLOW_DISSECTOR: readonly ContextRow[] = [
  row(76, 80, 4, 0, { pointer: 'packet', plain: true }),
  row(80, 84, 4, 0, { pointer: 'packet-end', plain: true }),
  pointer(144, 'flow-keys'),
];

/** `PERF_MAX_TRACE_SIZE`, before and from 5.16 on. */
const OLD_TRACE_SIZE = 2048;
const TRACE_SIZE = 8192;

/**
 * An event's record after its common head. Before it everything goes too: the kernel compares the offset with an unsigned
 * size, so that a negative one is far beyond the head.
 */
const TRACEPOINT: readonly ContextRow[] = [
  row(8, OLD_TRACE_SIZE, ANY),
  row(OLD_TRACE_SIZE, TRACE_SIZE, ANY, 0, { since: '5.16' }),
  row(-32768, 0, ANY),
];

/** Types whose context has typed arguments are not here: `context-arguments.ts`. */
export const CONTEXT_TABLES: Readonly<Partial<Record<ProgramTypeName, readonly ContextRow[]>>> = {
  socket_filter: skbFor('socket_filter'),
  sched_cls: TC,
  sched_act: TC,
  cgroup_skb: skbFor('cgroup_skb', CGROUP_LATER),
  lwt_in: LWT,
  lwt_out: LWT,
  lwt_xmit: LWT,
  lwt_seg6local: LWT,
  sk_skb: skbFor('sk_skb'),
  flow_dissector: FLOW_DISSECTOR,
  xdp: XDP,
  // Written since 6.18, for programs on user functions.
  kprobe: [row(0, 168, ANY, ANY, { writeSince: '6.18' })],
  tracepoint: TRACEPOINT,
  raw_tracepoint: [row(0, 96, ANY)],
  raw_tracepoint_writable: [row(0, 1, 8, 0, { pointer: 'tracepoint-buffer' }), row(1, 96, ANY)],
  perf_event: [row(0, 168, 8), row(168, 176, ANY), row(176, 184, ANY, 0, { since: '4.17' })],
  cgroup_sock: CGROUP_SOCK,
  cgroup_sock_addr: CGROUP_SOCK_ADDR,
  sock_ops: SOCK_OPS,
  sk_msg: SK_MSG,
  sk_reuseport: SK_REUSEPORT,
  sk_lookup: SK_LOOKUP,
  cgroup_device: [row(0, 4, NARROW), row(4, 12, 4)],
  cgroup_sysctl: [row(0, 4, NARROW), row(4, 8, NARROW, 4)],
  cgroup_sockopt: SOCKOPT,
  netfilter: [pointer(0, 'nf-hook-state'), pointer(8, 'sk-buff')],
  syscall: [row(0, 65535, ANY, ANY)],
  lirc_mode2: [row(0, 1, 4)],
};
