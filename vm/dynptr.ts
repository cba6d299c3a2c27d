/**
 * Dynptrs (`struct bpf_dynptr_kern`): pointers that know how many bytes they may reach.
 *
 *     | data: 64 | rdonly:1 type:3 0:4 size:24 | offset: 32 |      data 0: none
 *
 * Programs cannot look into them, so only helpers and kernel functions read these words.
 */
import { KERNEL_TAG, type LinearAddress } from './address.ts';
import { E2BIG } from './errno.ts';
import type { Memory } from './memory.ts';

export const DYNPTR_SIZE = 16;
export const DYNPTR_MAX_SIZE = 0xff_ffff;

/** `enum bpf_dynptr_type`. */
export const DynptrType = { local: 1, ringbuf: 2, skb: 3, xdp: 4 } as const;
export type DynptrKind = (typeof DynptrType)[keyof typeof DynptrType];

const READ_ONLY = 0x8000_0000 | 0;
const TYPE_SHIFT = 28;

export interface Dynptr {
  /** Of memory, or of the packet's context. 0: it points to nothing. */
  readonly data: LinearAddress;
  readonly type: number;
  readonly readOnly: boolean;
  readonly offset: number;
  readonly size: number;
}

export function readDynptr({ i32 }: Memory, at: LinearAddress): Dynptr {
  const word = i32[(at >> 2) + 2]!;
  return {
    data: i32[at >> 2]!,
    type: (word >> TYPE_SHIFT) & 7,
    readOnly: word < 0,
    offset: i32[(at >> 2) + 3]! >>> 0,
    size: word & DYNPTR_MAX_SIZE,
  };
}

export function writeDynptr(memory: Memory, at: LinearAddress, dynptr: Dynptr): void {
  const { data, type, readOnly, offset, size } = dynptr;
  memory.writePair(at, data, data === 0 ? 0 : KERNEL_TAG);
  memory.writePair(at + 8, (readOnly ? READ_ONLY : 0) | (type << TYPE_SHIFT) | size, offset);
}

/** `bpf_dynptr_set_null` */
export function clearDynptr(memory: Memory, at: LinearAddress): void {
  memory.writePair(at, 0, 0);
  memory.writePair(at + 8, 0, 0);
}

/** `bpf_dynptr_check_off_len` */
export function rangeProblem({ size }: Dynptr, offset: number, length: number): number {
  return length > size || offset > size - length ? E2BIG : 0;
}

/** Dynptrs to packets (`skb`, `xdp`): `data` is the address of the program's context. Offsets are in the packet. */
export interface PacketDynptrs {
  /** 0 or a negative errno. */
  read(context: LinearAddress, offset: number, target: LinearAddress, length: number): number;
  write(context: LinearAddress, offset: number, source: LinearAddress, length: number, flags: number): number;
  /** Address of these bytes, copied to `buffer` where they do not lie together; 0 where that cannot be. */
  slice(context: LinearAddress, offset: number, buffer: LinearAddress, length: number): LinearAddress;
}
