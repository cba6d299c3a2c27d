/** Reasons and changes that depend on what a register holds or held: one message, several mistakes. */
import type { Insn } from '../instruction.ts';
import type { Register } from '../state/register.ts';
import { Flag, Kind } from '../state/register-kind.ts';
import type { Origin } from './trace.ts';
import { registerWords } from './words.ts';

/** `R1 invalid mem access 'scalar'`, `… 'map_value_or_null'`. */
export function changeOfAccess(number: number, register: Register): string {
  const name = `r${number}`;
  if (register.has(Flag.maybeNull)) {
    return `compare it with NULL first, on every path that leads here: \`if (${name} == 0) goto out;\`.`;
  }
  switch (register.kind) {
    case Kind.scalar:
      if (register.scalar.isConstant) return `give ${name} an address: a constant is none.`;
      return (
        `an address that was loaded or computed is a number to the verifier: read through it with bpf_probe_read_kernel ` +
        `(or _user); a field of the context or of a map value needs no cast to a number on the way.`
      );
    case Kind.mapPtr:
      return `${name} is the map itself: look an element up with bpf_map_lookup_elem and follow that.`;
    case Kind.packetEnd:
      return `${name} is the end of the packet, which is only compared with: access the packet through \`data\`.`;
    case Kind.notInit:
      return `write ${name} before.`;
    default:
      return `use the functions made for what ${name} points to.`;
  }
}

/** A helper's argument is of the wrong type. */
export function changeOfArgument(number: number, register: Register, expected: string): string {
  const name = `r${number}`;
  if (register.has(Flag.maybeNull)) return `compare ${name} with NULL before the call.`;
  if (register.kind === Kind.notInit) return `set ${name} before the call.`;
  if (/\bfp\b|mem|map_value/.test(expected) && register.kind === Kind.scalar) {
    return `pass the address of a buffer in ${name} (on the stack: \`${name} = r10; ${name} += -16\`), not a number.`;
  }
  if (expected === 'map_ptr') return `load the map into ${name} (\`&map\`).`;
  if (expected === 'ctx') return `pass the context in ${name}, unchanged: keep it in r6 at the start.`;
  if (expected === 'scalar') return `pass a number in ${name}.`;
  return `pass one of these in ${name}.`;
}

type Lost = Origin & { readonly kind: 'lost' };

/** The value was there until a call took it. */
export function whyLost(number: number, lost: Lost): string {
  const name = `r${number}`;
  const held = registerWords(lost.before);
  if (lost.after.kind === Kind.notInit) {
    return `${name} is read, but the call at ${lost.slot} left nothing in r${lost.register}: calls keep r6 to r9 only.`;
  }
  const made = lost.register === number ? '' : `, and ${name} is made of it`;
  return (
    `r${lost.register} held ${held} until the call at ${lost.slot}, which released it or made the address stale; ` +
    `now it is a number${made}.`
  );
}

export function changeOfLost(number: number, lost: Lost): string {
  const name = `r${number}`;
  if (lost.after.kind === Kind.notInit) {
    return `write ${name} again after the call, or keep what it held in one of r6 to r9 over the call.`;
  }
  if (lost.before.kind === Kind.packet || lost.before.kind === Kind.packetMeta) {
    return 'after the call load `data` and `data_end` from the context again, and compare them again.';
  }
  return `use it before the call at ${lost.slot} only, or move that call to the end.`;
}

const LEFT_SHIFT = 0x60;
const MULTIPLY = 0x20;

/** @param room the largest number of bytes that may be added */
export function changeOfIndex(room: number, origins: readonly Origin[], insns: readonly Insn[]): string {
  const scale = origins.map((origin) => scaleOf(origin, insns)).findLast((one) => one > 1);
  if (scale === undefined)
    return `bound what is added to at most ${room}: \`if (index > ${room}) return 0;\` or a mask.`;
  const last = Math.floor(room / scale);
  return (
    `bound what is added to at most ${room} bytes. Elements have ${scale} bytes each, so that the index is at most ${last}: ` +
    `\`if (index > ${last}) return 0;\` before it is scaled, or a mask.`
  );
}

/** The constant by which the step multiplied. */
function scaleOf(origin: Origin, insns: readonly Insn[]): number {
  if (origin.kind !== 'made') return 1;
  const insn = insns[origin.slot]!;
  if ((insn.class !== 4 && insn.class !== 7) || insn.usesSource) return 1;
  if (insn.operation === LEFT_SHIFT) return 2 ** insn.imm;
  return insn.operation === MULTIPLY ? insn.imm : 1;
}

/** Behind what varies only a comparison of the moved pointer itself proves anything. */
export function changeOfPacket(number: number, register: Register, size: number): string | undefined {
  if (register.scalar.bits.isConstant()) return undefined;
  return (
    `compare the moved pointer itself, r${number}, with \`data_end\` before: \`if (p + ${size} > data_end) return 0;\`. ` +
    `What was proved before it was moved by a varying number counts no more.`
  );
}

/** @param buffer the register before, whose bytes the size counts */
export function changeOfSize(number: number, buffer: Register | undefined): string | undefined {
  const room = buffer === undefined ? undefined : bytesBehind(buffer);
  if (room === undefined || room <= 0) return undefined;
  return (
    `the buffer has room for ${room} bytes: check \`if (size > ${room}) return 0;\` with an unsigned 64-bit \`size\`, the very ` +
    `variable that is passed in r${number}.`
  );
}

function bytesBehind({ kind, detail, off, scalar }: Register): number | undefined {
  if (!scalar.bits.isConstant()) return undefined;
  const start = off + scalar.bits.value.lo;
  if (kind === Kind.stack) return -start;
  if (kind === Kind.mapValue && detail?.kind === 'map') return detail.map.valueSize - start;
  return kind === Kind.mem && detail?.kind === 'mem' ? detail.size - start : undefined;
}
