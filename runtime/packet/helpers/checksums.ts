/** Checksums in packets (net/core/filter.c, net/core/utils.c). */
import { EACCES, EFAULT, EINVAL, ENOTSUPP } from '../../../vm/errno.ts';
import { setResult } from '../../../vm/helper-port.ts';
import { entry, flagsArgument, type HelperEntry, memoryArgument } from '../../../vm/helpers/arguments.ts';
import type { Machine } from '../../../vm/machine.ts';
import {
  csumFrom32,
  csumReplace2,
  csumReplace4,
  csumReplaceByDiff,
  csumSub,
  csumWords,
} from '../checksum.ts';
import type { SkbState } from '../packet-state.ts';
import { CHECKSUM } from '../sk-buff.ts';

/** BPF_F_HDR_FIELD_MASK: bytes of the field that changed. */
const FIELD_SIZE = 0xf;
const PSEUDO_HDR = 0x10;
const MARK_MANGLED_0 = 0x20;
const MARK_ENFORCE = 0x40;
const IPV6 = 0x80;
const CSUM_MANGLED_0 = 0xffff;
/** `enum` of `bpf_csum_level`. */
const LEVEL = { query: 0, inc: 1, dec: 2, reset: 3 } as const;
const MAX_LEVEL = 3;

export function skbChecksumHelpers(state: SkbState): readonly HelperEntry[] {
  return [
    entry('l3_csum_replace', (r) => setResult(r, replaceL3(state, r))),
    entry('l4_csum_replace', (r) => setResult(r, replaceL4(state, r))),
    // The whole packet's checksum is never known here (CHECKSUM_COMPLETE).
    entry('csum_update', (r) => setResult(r, ENOTSUPP)),
    entry('csum_level', (r) => setResult(r, changeLevel(state, r))),
  ];
}

/** `csum_diff`, which needs no packet. */
export function csumDiffHelper(machine: Machine): HelperEntry {
  return entry('csum_diff', (r) => setResult(r, csumDiff(machine, r)));
}

/** r1 old words, r2 their bytes, r3 new words, r4 their bytes, r5 seed. */
function csumDiff(machine: Machine, r: Int32Array): number {
  const [fromSize, toSize, seed] = [r[4]! >>> 0, r[8]! >>> 0, r[10]! >>> 0];
  if (((fromSize | toSize) & 3) !== 0) return EINVAL;
  const { view } = machine.memory;
  const from = fromSize === 0 ? 0 : memoryArgument(machine, r, 1, fromSize);
  const to = toSize === 0 ? 0 : memoryArgument(machine, r, 3, toSize);
  return csumFrom32(difference(view, from, fromSize, to, toSize, seed));
}

function difference(
  view: DataView,
  from: number,
  fromSize: number,
  to: number,
  toSize: number,
  seed: number,
): number {
  if (fromSize > 0 && toSize > 0)
    return csumSub(csumWords(view, to, toSize, seed), csumWords(view, from, fromSize, 0));
  if (toSize > 0) return csumWords(view, to, toSize, seed);
  return fromSize > 0 ? ~csumWords(view, from, fromSize, ~seed >>> 0) >>> 0 : seed;
}

/** r2 offset of the checksum; its address, or an error. */
function checksumAt({ packet }: SkbState, r: Int32Array): number {
  const offset = r[4]! >>> 0;
  if (offset > 0xffff || (offset & 1) !== 0 || !packet.has(offset + 2)) return EFAULT;
  return packet.data + offset;
}

/** r3 from, r4 to, r5 flags. */
function replaceL3(state: SkbState, r: Int32Array): number {
  const flags = flagsArgument(r, 5);
  if (flags < 0 || (flags & ~FIELD_SIZE) !== 0) return EINVAL;
  const at = checksumAt(state, r);
  if (at < 0) return at;
  const { view } = state.machine.memory;
  const sum = view.getUint16(at, true);
  const next =
    (flags & FIELD_SIZE) === 2 ? csumReplace2(sum, r[6]! & 0xffff, r[8]! & 0xffff) : replaced(sum, flags, r);
  if (next < 0) return next;
  view.setUint16(at, next, true);
  return 0;
}

/** By the size of the field: a difference, two bytes or four. */
function replaced(sum: number, flags: number, r: Int32Array): number {
  switch (flags & FIELD_SIZE) {
    case 0:
      return r[6] === 0 && r[7] === 0 ? csumReplaceByDiff(sum, r[8]! >>> 0) : EINVAL;
    case 2:
      return csumReplace4(sum, r[6]! & 0xffff, r[8]! & 0xffff);
    case 4:
      return csumReplace4(sum, r[6]! >>> 0, r[8]! >>> 0);
    default:
      return EINVAL;
  }
}

/** As {@link replaceL3}; a UDP checksum of 0 stands for none, and 0xffff in its place for 0. */
function replaceL4(state: SkbState, r: Int32Array): number {
  const flags = flagsArgument(r, 5);
  const known = FIELD_SIZE | PSEUDO_HDR | MARK_MANGLED_0 | MARK_ENFORCE | IPV6;
  if (flags < 0 || (flags & ~known) !== 0) return EINVAL;
  const at = checksumAt(state, r);
  if (at < 0) return at;
  const { view } = state.machine.memory;
  const sum = view.getUint16(at, true);
  const manglesZero = (flags & MARK_MANGLED_0) !== 0;
  if (manglesZero && (flags & MARK_ENFORCE) === 0 && sum === 0) return 0;
  const next = replaced(sum, flags, r);
  if (next < 0) return next;
  view.setUint16(at, manglesZero && next === 0 ? CSUM_MANGLED_0 : next, true);
  return 0;
}

/** r2 what to do with the number of checksums that hardware has verified. */
function changeLevel({ packet }: SkbState, r: Int32Array): number {
  if (r[5] !== 0) return EINVAL;
  const isVerified = packet.checksum === CHECKSUM.unnecessary;
  switch (r[4]) {
    case LEVEL.query:
      return isVerified ? packet.checksumLevel : EACCES;
    case LEVEL.inc:
      if (!isVerified) packet.checksumLevel = 0;
      else if (packet.checksumLevel < MAX_LEVEL) packet.checksumLevel++;
      packet.checksum = CHECKSUM.unnecessary;
      return 0;
    case LEVEL.dec:
      if (isVerified && packet.checksumLevel > 0) packet.checksumLevel--;
      else packet.checksum = CHECKSUM.none;
      return 0;
    case LEVEL.reset:
      packet.resetChecksum();
      return 0;
    default:
      return EINVAL;
  }
}
