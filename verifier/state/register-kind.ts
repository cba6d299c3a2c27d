/**
 * What a register can be: `enum bpf_reg_type` of the kernel, base type and flags apart. A flag word may be compared whole,
 * since equal types have equal words.
 */

/** Base types in the kernel's order; the comment is the text of the kernel's logs. */
export const Kind = {
  notInit: 0, // ?
  scalar: 1, // scalar
  ctx: 2, // ctx
  mapPtr: 3, // map_ptr
  mapValue: 4, // map_value
  mapKey: 5, // map_key
  stack: 6, // fp
  packetMeta: 7, // pkt_meta
  packet: 8, // pkt
  packetEnd: 9, // pkt_end
  flowKeys: 10, // flow_keys
  socket: 11, // sock
  sockCommon: 12, // sock_common
  tcpSock: 13, // tcp_sock
  tpBuffer: 14, // tp_buffer
  xdpSock: 15, // xdp_sock
  btfId: 16, // ptr_
  mem: 17, // mem
  arena: 18, // arena
  buf: 19, // buf
  func: 20, // func
  dynptr: 21, // dynptr_ptr
} as const;

export type RegisterKind = (typeof Kind)[keyof typeof Kind];

/** Bits of `enum bpf_type_flag`, ours in number and order. */
export const Flag = {
  maybeNull: 0x1,
  readOnly: 0x2,
  /** Record of a ring buffer. */
  ringbuf: 0x4,
  user: 0x8,
  percpu: 0x10,
  /** Object made by `bpf_obj_new`. */
  alloc: 0x20,
  trusted: 0x40,
  untrusted: 0x80,
  rcu: 0x100,
  nonOwning: 0x200,
  /** Scalars: the number is its id's plus `off` in 64 bits (`BPF_ADD_CONST64`). */
  addConst: 0x400,
  dynptrLocal: 0x800,
  dynptrRingbuf: 0x1000,
  dynptrSkb: 0x2000,
  dynptrXdp: 0x4000,
  dynptrSkbMeta: 0x8000,
  dynptrFile: 0x10000,
  /** Size known and fixed (`MEM_FIXED_SIZE`). */
  fixedSize: 0x20000,
  /** Scalars: the number is the low half of its id's plus `off` (`BPF_ADD_CONST32`). */
  addConst32: 0x40000,
} as const;

/** Scalars that are their id's plus a constant (`BPF_ADD_CONST`). */
export const SUM_FLAGS: number = Flag.addConst | Flag.addConst32;

/** `bpf_dynptr_type` as flags of a register. */
export const DYNPTR_FLAGS: number =
  Flag.dynptrLocal |
  Flag.dynptrRingbuf |
  Flag.dynptrSkb |
  Flag.dynptrXdp |
  Flag.dynptrSkbMeta |
  Flag.dynptrFile;

const KIND_TEXT: readonly string[] = [
  '?',
  'scalar',
  'ctx',
  'map_ptr',
  'map_value',
  'map_key',
  'fp',
  'pkt_meta',
  'pkt',
  'pkt_end',
  'flow_keys',
  'sock',
  'sock_common',
  'tcp_sock',
  'tp_buffer',
  'xdp_sock',
  'ptr_',
  'mem',
  'arena',
  'buf',
  'func',
  'dynptr_ptr',
];

/** Prefixes of a type's text in the order in which the kernel prints them. */
const PREFIXES: readonly (readonly [number, string])[] = [
  [Flag.readOnly, 'rdonly_'],
  [Flag.ringbuf, 'ringbuf_'],
  [Flag.user, 'user_'],
  [Flag.percpu, 'percpu_'],
  [Flag.rcu, 'rcu_'],
  [Flag.untrusted, 'untrusted_'],
  [Flag.trusted, 'trusted_'],
];

/** The type as the kernel's messages print it (`reg_type_str`): `map_value_or_null`, `rdonly_mem`, `trusted_ptr_`. */
export function typeText(kind: RegisterKind, flags: number): string {
  let text = '';
  for (const [flag, prefix] of PREFIXES) if ((flags & flag) !== 0) text += prefix;
  text += KIND_TEXT[kind]!;
  if ((flags & Flag.maybeNull) === 0) return text;
  return kind === Kind.btfId ? `${text}or_null_` : `${text}_or_null`;
}
