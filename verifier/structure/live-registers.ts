/** Registers that may be read after a point, before they are overwritten (`compute_live_registers`). */
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import { callEffects } from './call-effects.ts';
import type { Postorder } from './postorder.ts';
import { fallThrough, jumpTarget, NOWHERE } from './successors.ts';

/** r0 ... r5 */
const CALLER_SAVED = 0x3f;
const ALL = 0xffff;

/** Sets `aux.liveRegisters` of every slot. */
export function computeLiveRegisters(env: Environment, { order }: Postorder): void {
  const { insns } = env;
  const count = insns.length;
  const uses = new Uint16Array(count);
  const defines = new Uint16Array(count);
  const live = new Uint16Array(count);
  const next = new Int32Array(count);
  const target = new Int32Array(count);
  for (let slot = 0; slot < count; slot++) {
    const insn = insns[slot]!;
    uses[slot] = usedRegisters(env, insn, slot);
    defines[slot] = definedRegisters(insn);
    next[slot] = fallThrough(insn, slot);
    target[slot] = jumpTarget(insn, slot);
  }
  for (let changed = true; changed; ) {
    changed = false;
    for (const slot of order) {
      let out = 0;
      if (next[slot] !== NOWHERE) out |= live[next[slot]!]!;
      if (target[slot] !== NOWHERE) out |= live[target[slot]!]!;
      const before = (out & ~defines[slot]!) | uses[slot]!;
      if (before === live[slot]) continue;
      live[slot] = before;
      changed = true;
    }
  }
  for (let slot = 0; slot < count; slot++) env.aux[slot]!.liveRegisters = live[slot]!;
}

function usedRegisters(env: Environment, insn: Insn, slot: number): number {
  const source = 1 << insn.src;
  const destination = 1 << insn.dst;
  switch (insn.class) {
    case 0:
      return insn.code === 0x18 ? 0 : ALL;
    case 1:
      return source;
    case 2:
      return destination;
    case 3:
      return usedByStore(insn);
    case 5:
    case 6:
      return usedByJump(env, insn, slot);
    default:
      return usedByArithmetic(insn);
  }
}

function usedByStore(insn: Insn): number {
  const both = (1 << insn.dst) | (1 << insn.src);
  if (insn.mode !== 0xc0) return both;
  if (insn.imm === 0xf1) return both | 1;
  return insn.imm === 0x100 ? 1 << insn.src : both;
}

function usedByJump(env: Environment, insn: Insn, slot: number): number {
  switch (insn.operation) {
    case 0x00:
    case 0xe0:
      return 0;
    case 0x90:
      return 1;
    case 0x80: {
      const { parameters } = callEffects(env, slot, insn);
      return parameters === undefined ? CALLER_SAVED & ~1 : ((1 << (parameters + 1)) - 1) & ~1;
    }
    default:
      return insn.usesSource ? (1 << insn.dst) | (1 << insn.src) : 1 << insn.dst;
  }
}

function usedByArithmetic(insn: Insn): number {
  const destination = 1 << insn.dst;
  if (insn.operation === 0xd0) return destination;
  if (insn.operation === 0xb0) return insn.usesSource ? 1 << insn.src : 0;
  return insn.usesSource ? destination | (1 << insn.src) : destination;
}

function definedRegisters(insn: Insn): number {
  const destination = 1 << insn.dst;
  switch (insn.class) {
    case 0:
      return insn.code === 0x18 ? destination : 0;
    case 2:
      return 0;
    case 3:
      return definedByStore(insn);
    case 5:
    case 6:
      return insn.operation === 0x80 ? CALLER_SAVED : 0;
    default:
      return destination;
  }
}

function definedByStore(insn: Insn): number {
  if (insn.mode !== 0xc0) return 0;
  if (insn.imm === 0xf1) return 1;
  if (insn.imm === 0x100) return 1 << insn.dst;
  if (insn.imm === 0x110) return 0;
  return (insn.imm & 1) !== 0 ? 1 << insn.src : 0;
}
