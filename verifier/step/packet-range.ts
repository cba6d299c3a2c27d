/** What comparisons with the end of the packet prove (`try_match_pkt_pointers`, `find_good_pkt_pointers`). */
import type { Insn } from '../instruction.ts';
import type { Register } from '../state/register.ts';
import { Kind, type RegisterKind } from '../state/register-kind.ts';
import { StackSlot } from '../state/slot.ts';
import type { VerifierState } from '../state/state.ts';
import type { Comparison } from '../value/compare.ts';
import { Int64 } from '../value/int64.ts';
import { Scalar } from '../value/scalar.ts';
import { PacketEnd } from './decide-jump.ts';

/** No packet is longer (`MAX_PACKET_OFF`). */
const PACKET_MAX = 0xffff;

/** False: the operands are not an address in the packet and an end of it. */
export function learnPacketRange(
  insn: Insn,
  comparison: Comparison,
  here: VerifierState,
  there: VerifierState,
): boolean {
  if (!insn.usesSource) return false;
  const left = here.frame.registers[insn.dst]!;
  const right = here.frame.registers[insn.src]!;
  if (isBeforeEnd(left, right)) return learn(comparison, left, insn.dst, here, there);
  if (!isBeforeEnd(right, left)) return false;
  // end < address says what address > end says.
  switch (comparison) {
    case 'jgt':
      return learn('jlt', right, insn.src, here, there);
    case 'jlt':
      return learn('jgt', right, insn.src, here, there);
    case 'jge':
      return learn('jle', right, insn.src, here, there);
    case 'jle':
      return learn('jge', right, insn.src, here, there);
    default:
      return false;
  }
}

/** Data against its end, or metadata against the beginning of the data. */
function isBeforeEnd(address: Register, end: Register): boolean {
  if (address.flags !== 0 || end.flags !== 0) return false;
  if (address.kind === Kind.packet) return end.kind === Kind.packetEnd;
  return address.kind === Kind.packetMeta && isStart(end);
}

/** The beginning of the data, never moved (`reg_is_init_pkt_pointer`). */
function isStart({ kind, id, off, scalar }: Register): boolean {
  return kind === Kind.packet && id === 0 && off === 0 && scalar === Scalar.ZERO;
}

/** `if (address > end)` and the like: `here` is where it does not hold. */
function learn(
  comparison: Comparison,
  address: Register,
  number: number,
  here: VerifierState,
  there: VerifierState,
): boolean {
  switch (comparison) {
    case 'jgt':
      proveRange(here, address, false);
      markEnd(there, number, PacketEnd.beyond);
      return true;
    case 'jlt':
      proveRange(there, address, true);
      markEnd(here, number, PacketEnd.at);
      return true;
    case 'jge':
      proveRange(here, address, true);
      markEnd(there, number, PacketEnd.at);
      return true;
    case 'jle':
      proveRange(there, address, false);
      markEnd(here, number, PacketEnd.beyond);
      return true;
    default:
      return false;
  }
}

/** All bytes up to the address are there; `open`: and one more. */
function proveRange(state: VerifierState, address: Register, open: boolean): void {
  const { kind, id, off, scalar } = address;
  if (off < 0 || (off === 0 && open)) return;
  // An address far beyond may have wrapped.
  if (!scalar.umax.ule(new Int64(0, PACKET_MAX)) || scalar.umax.lo + off > PACKET_MAX) return;
  const range = open ? off + 1 : off;
  for (const { registers, stack } of state.frames) {
    for (let i = 0; i < registers.length; i++) registers[i] = proved(registers[i]!, kind, id, range);
    for (let spi = 0; spi < stack.length; spi++) {
      const slot = stack[spi]!;
      if (!slot.isSpill) continue;
      const changed = proved(slot.spilled, kind, id, range);
      if (changed !== slot.spilled) stack[spi] = new StackSlot(slot.bytes, changed);
    }
  }
}

function proved(register: Register, kind: RegisterKind, id: number, range: number): Register {
  if (register.kind !== kind || register.flags !== 0 || register.id !== id) return register;
  return register.extra >= range ? register : register.withExtra(range);
}

/** Where the address stands against the end, when no byte is proved (`mark_pkt_end`). */
function markEnd(state: VerifierState, number: number, where: number): void {
  const { registers } = state.frame;
  const register = registers[number]!;
  if (register.kind === Kind.packet && register.flags === 0) registers[number] = register.withExtra(where);
}
