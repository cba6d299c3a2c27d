/**
 * Spills and fills that a compiler puts around calls which the JIT makes without touching the registers
 * (`mark_fastcall_patterns`): stack used for nothing else need not be there.
 *
 *     *(u64 *)(r10 - 16) = r2        spills, inwards
 *     call get_smp_processor_id
 *     r2 = *(u64 *)(r10 - 16)        the fills mirror them
 */
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import type { Subprogram } from '../subprogram.ts';
import { callEffects } from './call-effects.ts';

const STORE = 0x7b;
const LOAD = 0x79;
const CALLER_SAVED = 0x3f;

/** Notes the pattern around each call. Nothing before 6.12, where it came. */
export function markFastcallPatterns(env: Environment): void {
  if (!env.atLeast('6.12')) return;
  for (const subprogram of env.subprograms) {
    const lowest = lowestSpill(env, subprogram);
    for (let slot = subprogram.start; slot < subprogram.end; slot++) {
      if (env.insns[slot]!.code === 0x85) markPattern(env, subprogram, slot, lowest);
    }
  }
}

function lowestSpill(env: Environment, { start, end }: Subprogram): number {
  let lowest = 0;
  for (let slot = start; slot < end; slot++) {
    const insn = env.insns[slot]!;
    if (insn.code === STORE && insn.dst === 10 && insn.off < lowest) lowest = insn.off;
  }
  return lowest;
}

function markPattern(env: Environment, subprogram: Subprogram, call: number, lowest: number): void {
  const { parameters, isVoid, fastcall } = callEffects(env, call, env.insns[call]!);
  if (parameters === undefined) return;
  const clobbered = ((1 << (parameters + 1)) - 1) & (isVoid ? ~1 : ~0);
  let expected = ~clobbered & CALLER_SAVED;
  let off = lowest;
  let pairs = 0;
  while (pairs < 6 && isPair(env, call, pairs + 1, off, expected)) {
    pairs++;
    expected &= ~(1 << env.insns[call - pairs]!.src);
    env.aux[call - pairs]!.fastcallPattern = true;
    env.aux[call + pairs]!.fastcallPattern = true;
    off += 8;
  }
  if (pairs === 0) return;
  if (fastcall) env.aux[call]!.fastcallSpills = pairs;
  else subprogram.keepFastcallStack = true;
  subprogram.fastcallStackOff = Math.min(subprogram.fastcallStackOff, off);
}

function isPair(env: Environment, call: number, distance: number, off: number, expected: number): boolean {
  const spill: Insn | undefined = env.insns[call - distance];
  const fill: Insn | undefined = env.insns[call + distance];
  if (spill === undefined || fill === undefined) return false;
  if (spill.code !== STORE || fill.code !== LOAD || spill.dst !== 10 || fill.src !== 10) return false;
  if (spill.src !== fill.dst || ((1 << spill.src) & expected) === 0) return false;
  return spill.off === off && fill.off === off;
}

/** After the walk: functions whose spills are gone have less stack (`remove_fastcall_spills_fills`). */
export function shrinkFastcallStacks(env: Environment): void {
  for (const subprogram of env.subprograms) {
    if (subprogram.keepFastcallStack) continue;
    for (let slot = subprogram.start; slot < subprogram.end; slot++) {
      if (env.aux[slot]!.fastcallSpills === 0) continue;
      subprogram.stackDepth = -subprogram.fastcallStackOff;
      break;
    }
  }
}
