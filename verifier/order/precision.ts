/**
 * The value of a register decides over safety: walk back and mark what it came from (`mark_chain_precision`), in the
 * current state's parents. The state that goes on needs no marks: it is compared with kept ones, never the other way round.
 */
import type { Environment } from '../environment.ts';
import { insnText } from '../log/insn-text.ts';
import { frameText } from '../log/state-text.ts';
import { verifierBug } from '../messages.gen.ts';
import type { Frame } from '../state/frame.ts';
import { Kind } from '../state/register-kind.ts';
import { StackSlot } from '../state/slot.ts';
import type { VerifierState } from '../state/state.ts';
import type { HistoryEntry } from './history.ts';
import { stepBack } from './step-back.ts';
import type { Wanted } from './wanted.ts';

/** r1 ... r5. */
const ARGUMENTS = 0x3e;
/** Registers that precision is kept for: r0 ... r9. */
const REGISTERS = 10;

/** Register `number` of the running frame. @throws Rejection when the walk back fails */
export function markPrecise(env: Environment, number: number): void {
  if (!env.privileged) return;
  const { wanted } = env.search;
  begin(env.state, wanted);
  if (env.register(number).kind !== Kind.scalar) throw verifierBug({ what: 'backtracking misuse' });
  wanted.addRegister(wanted.frame, number);
  walkBack(env, env.state);
}

/** Stack slot `spi` of frame `frame`. */
export function markSlotPrecise(env: Environment, frame: number, spi: number): void {
  if (!env.privileged) return;
  const { wanted } = env.search;
  begin(env.state, wanted);
  wanted.addSlot(frame, spi);
  walkBack(env, env.state);
}

/**
 * `state` was found equal to the kept one: what is precise there is precise here too (`propagate_precision`). True: a state
 * got a mark that it had not.
 */
export function propagatePrecision(env: Environment, kept: VerifierState, state: VerifierState): boolean {
  if (!env.privileged) return false;
  const { wanted } = env.search;
  begin(state, wanted);
  for (let number = kept.frames.length - 1; number >= 0; number--) {
    addPrecise(env, kept.frames[number]!, wanted);
  }
  return walkBack(env, state);
}

function addPrecise(env: Environment, frame: Frame, wanted: Wanted): void {
  const { number, registers, stack } = frame;
  const names: string[] | null = env.tellsWalks ? [] : null;
  for (let i = 0; i < REGISTERS; i++) {
    const register = registers[i]!;
    if (register.kind !== Kind.scalar || !register.precise) continue;
    wanted.addRegister(number, i);
    names?.push(`r${i}`);
  }
  for (let spi = 0; spi < stack.length; spi++) {
    const slot = stack[spi]!;
    if (!slot.isSpill || slot.spilled.kind !== Kind.scalar || !slot.spilled.precise) continue;
    wanted.addSlot(number, spi);
    names?.push(`fp${-(spi + 1) * 8}`);
  }
  if (names !== null && names.length > 0) say(env, `frame ${number}: propagating ${names.join(',')}`);
}

/** Every scalar of every parent matters (`mark_all_scalars_precise`): for when nobody can tell where a value came from. */
export function forceAllPrecise(env: Environment, state: VerifierState): void {
  say(env, `mark_precise: frame${state.frames.length - 1}: falling back to forcing all scalars precise`);
  for (let parent = state.parent; parent !== null; parent = parent.parent) {
    for (const { number, registers, stack } of parent.frames) {
      for (let i = 0; i < REGISTERS; i++) {
        if (setRegister(registers, i)) say(env, `force_precise: frame${number}: forcing r${i} to be precise`);
      }
      for (let spi = 0; spi < stack.length; spi++) {
        if (!setSlot(stack, spi)) continue;
        say(env, `force_precise: frame${number}: forcing fp${-(spi + 1) * 8} to be precise`);
      }
    }
  }
}

/** A state is kept: what was precise before it is not inherited (`mark_all_scalars_imprecise`). */
export function forgetPrecision(state: VerifierState): void {
  for (const { registers, stack } of state.frames) {
    for (let i = 0; i < REGISTERS; i++) {
      const register = registers[i]!;
      if (register.precise && register.kind === Kind.scalar) registers[i] = register.withPrecise(false);
    }
    for (let spi = 0; spi < stack.length; spi++) {
      const slot = stack[spi]!;
      if (!slot.spilled.precise || !slot.isSpill || slot.spilled.kind !== Kind.scalar) continue;
      stack[spi] = new StackSlot(slot.bytes, slot.spilled.withPrecise(false));
    }
  }
}

function begin(state: VerifierState, wanted: Wanted): void {
  wanted.clear();
  wanted.frame = state.frames.length - 1;
}

/** `__mark_chain_precision` from what is wanted at the end of `start`. True: a mark was new. */
function walkBack(env: Environment, start: VerifierState): boolean {
  const { wanted } = env.search;
  if (wanted.isEmpty) return false;
  let changed = false;
  let subsequent = -1;
  let last = start.slot;
  for (let state: VerifierState | null = start; state !== null; ) {
    if (env.tellsWalks) sayRange(env, wanted, last, state.firstSlot, subsequent);
    if (last < 0) return markArguments(state, wanted) || changed;
    if (!overState(env, state, last, subsequent, state === start)) {
      forceAllPrecise(env, start);
      return changed;
    }
    if (wanted.isEmpty) return changed;
    subsequent = state.firstSlot;
    state = state.parent;
    if (state === null) break;
    if (markWanted(env, state, wanted)) changed = true;
    if (wanted.isEmpty) return changed;
    last = state.lastSlot;
  }
  forceAllPrecise(env, start);
  return changed;
}

/** From slot `last` to the first of the state. False: it cannot be told where a value came from. */
function overState(
  env: Environment,
  state: VerifierState,
  last: number,
  subsequent: number,
  skipLast: boolean,
): boolean {
  const { wanted } = env.search;
  const { history, firstSlot } = state;
  let length = history.length;
  let after = subsequent;
  let skip = skipLast;
  for (let slot = last; ; ) {
    const entry: HistoryEntry | null =
      length > 0 && history[length - 1]!.slot === slot ? history[length - 1]! : null;
    if (skip) skip = false;
    else {
      if (env.tellsWalks) sayStep(env, wanted, slot);
      if (!stepBack(env, slot, after, entry, wanted)) return false;
    }
    if (wanted.isEmpty) return true;
    after = slot;
    // A note of the very first instruction tells where the parent state was left.
    if (slot === firstSlot && (length === 0 || (length === 1 && entry !== null))) return true;
    if (entry !== null) {
      slot = entry.previous;
      length--;
    } else slot--;
    if (slot < 0) throw verifierBug({ what: `backtracking idx ${slot}` });
  }
}

/** Marks what is wanted in a kept state; what needs no mark is not looked for any more. True: one was new. */
function markWanted(env: Environment, state: VerifierState, wanted: Wanted): boolean {
  let changed = false;
  for (let number = wanted.frame; number >= 0; number--) {
    const { registers, stack } = state.frames[number]!;
    for (let rest = wanted.registers(number); rest !== 0; rest &= rest - 1) {
      const register = 31 - Math.clz32(rest & -rest);
      if (setRegister(registers, register)) changed = true;
      else wanted.removeRegister(number, register);
    }
    if (wanted.hasSlots(number)) {
      for (let spi = 0; spi < 64; spi++) {
        if (!wanted.hasSlot(number, spi)) continue;
        if (spi >= stack.length)
          throw verifierBug({ what: `stack slot ${spi}, total slots ${stack.length}` });
        if (setSlot(stack, spi)) changed = true;
        else wanted.removeSlot(number, spi);
      }
    }
    if (env.tellsWalks) sayParent(env, wanted, state, number);
  }
  return changed;
}

/** At the entry of a global function its arguments may be wanted; nothing else can be. True: one was marked. */
function markArguments(state: VerifierState, wanted: Wanted): boolean {
  const outermost = state.frames[0]!;
  const registers = wanted.registers(0);
  const isGlobal = state.frames.length === 1 && outermost.subprogram > 0 && outermost.callSite === -1;
  if (!isGlobal || wanted.hasSlots(0) || (registers & ~ARGUMENTS) !== 0) {
    const masks = `reg_mask ${registers.toString(16)} stack_mask ${wanted.slotsHex(0)}`;
    throw verifierBug({ what: `backtracking func entry subprog ${outermost.subprogram} ${masks}` });
  }
  let changed = false;
  for (let i = 1; i <= 5; i++) {
    if (((registers >>> i) & 1) === 0) continue;
    wanted.removeRegister(0, i);
    const register = outermost.registers[i]!;
    if (register.kind !== Kind.scalar) continue;
    outermost.registers[i] = register.withPrecise(true);
    changed = true;
  }
  return changed;
}

/** Marks a scalar that has no mark yet. */
function setRegister(registers: Frame['registers'], number: number): boolean {
  const register = registers[number]!;
  if (register.kind !== Kind.scalar || register.precise) return false;
  registers[number] = register.withPrecise(true);
  return true;
}

function setSlot(stack: Frame['stack'], spi: number): boolean {
  const { bytes, spilled, isSpill } = stack[spi]!;
  if (!isSpill || spilled.kind !== Kind.scalar || spilled.precise) return false;
  stack[spi] = new StackSlot(bytes, spilled.withPrecise(true));
  return true;
}

function say(env: Environment, line: string): void {
  env.observer?.walkBack?.(line);
}

function sayRange(env: Environment, wanted: Wanted, last: number, first: number, subsequent: number): void {
  const where = `last_idx ${last} first_idx ${first} subseq_idx ${subsequent}`;
  say(env, `mark_precise: frame${wanted.frame}: ${where} `);
}

function sayStep(env: Environment, wanted: Wanted, slot: number): void {
  const insn = env.insns[slot]!;
  if (insn.code === 0) return;
  const { frame } = wanted;
  const sets = `regs=${wanted.registersText(frame)} stack=${wanted.slotsText(frame)}`;
  const text = insnText(insn, env.insns[slot + 1], env.input.kfuncSlots?.get(slot));
  say(env, `mark_precise: frame${frame}: ${sets} before ${slot}: ${text}`);
}

function sayParent(env: Environment, wanted: Wanted, state: VerifierState, number: number): void {
  const sets = `regs=${wanted.registersText(number)} stack=${wanted.slotsText(number)}`;
  say(env, `mark_precise: frame${number}: parent state ${sets}: ${frameText(state, number)}`);
}
