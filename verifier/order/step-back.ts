/** One instruction of a walk back (`backtrack_insn`): of what its result came from, the operands are looked for next. */
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import { verifierBug } from '../messages.gen.ts';
import { isSynchronousCallbackCall } from './callback-call.ts';
import { type HistoryEntry, StackOperand } from './history.ts';
import type { Wanted } from './wanted.ts';

/** r1 ... r5. */
const ARGUMENTS = 0x3e;
const FRAME_POINTER = 10;

const NEG = 0x80;
const MOV = 0xb0;
const END = 0xd0;
const CALL = 0x80;
const EXIT = 0x90;
/** `BPF_MODE`. */
const ABS = 0x20;
const IND = 0x40;
const ATOMIC = 0xc0;
/** `imm` of atomic operations. */
const FETCH = 0x01;
const COMPARE_EXCHANGE = 0xf1;
const LOAD_ACQUIRE = 0x100;
const LOCAL_CALL = 1;
const KFUNC_CALL = 2;
/** Number of the helper. */
const TAIL_CALL = 12;

/**
 * Goes over the instruction at `slot`. `subsequent` is the slot that was walked after it on the path, -1 at the beginning.
 * False: it cannot be told where the value came from. @throws Rejection when the notes contradict one another
 */
export function stepBack(
  env: Environment,
  slot: number,
  subsequent: number,
  entry: HistoryEntry | null,
  wanted: Wanted,
): boolean {
  const insn = env.insns[slot]!;
  if (insn.code === 0) return true;
  syncLinked(wanted, entry);
  const known = overInstruction(env, insn, slot, subsequent, entry, wanted);
  if (known) syncLinked(wanted, entry);
  return known;
}

function overInstruction(
  env: Environment,
  insn: Insn,
  slot: number,
  subsequent: number,
  entry: HistoryEntry | null,
  wanted: Wanted,
): boolean {
  switch (insn.class) {
    case 0:
      return overLegacyLoad(insn, wanted);
    case 1:
      return overLoad(insn.dst, entry, wanted);
    case 2:
      return overStore(insn, entry, wanted);
    case 3: {
      const loaded = insn.mode === ATOMIC ? atomicResult(env, insn) : -1;
      return loaded < 0 ? overStore(insn, entry, wanted) : overLoad(loaded, entry, wanted);
    }
    case 5:
    case 6:
      return overJump(env, insn, slot, subsequent, entry, wanted);
    default:
      return overArithmetic(insn, wanted);
  }
}

/** Where one of those linked at a branch is looked for, all are (`bt_sync_linked_regs`). */
function syncLinked(wanted: Wanted, entry: HistoryEntry | null): void {
  const linked = entry === null ? null : entry.linked;
  if (linked === null) return;
  let some = false;
  for (const { frame, index, isSlot } of linked) {
    some ||= isSlot ? wanted.hasSlot(frame, index) : wanted.hasRegister(frame, index);
  }
  if (!some) return;
  for (const { frame, index, isSlot } of linked) {
    if (isSlot) wanted.addSlot(frame, index);
    else wanted.addRegister(frame, index);
  }
}

function overArithmetic(insn: Insn, wanted: Wanted): boolean {
  const { frame } = wanted;
  if (!wanted.hasRegister(frame, insn.dst)) return true;
  const { operation } = insn;
  if (operation === END || operation === NEG) return true;
  if (operation === MOV) wanted.removeRegister(frame, insn.dst);
  if (insn.usesSource && insn.src !== FRAME_POINTER) wanted.addRegister(frame, insn.src);
  return true;
}

/** Register that an atomic operation gives what was in memory; -1: none, or as 6.18 has it, none that is looked for. */
function atomicResult(env: Environment, { imm, dst, src }: Insn): number {
  if (imm === LOAD_ACQUIRE) return dst;
  if (env.atLeast('6.18')) return -1;
  if (imm === COMPARE_EXCHANGE) return 0;
  return (imm & FETCH) !== 0 ? src : -1;
}

function overLoad(register: number, entry: HistoryEntry | null, wanted: Wanted): boolean {
  const { frame } = wanted;
  if (!wanted.hasRegister(frame, register)) return true;
  wanted.removeRegister(frame, register);
  // Only the stack keeps a scalar as it is; what is loaded from elsewhere is new.
  const access = entry === null ? null : entry.stackAccess;
  if (access !== null) wanted.addSlot(access.frame, access.spi);
  return true;
}

function overStore(insn: Insn, entry: HistoryEntry | null, wanted: Wanted): boolean {
  const { frame } = wanted;
  // A scalar as an address: two pointers were subtracted.
  if (wanted.hasRegister(frame, insn.dst)) return false;
  const access = entry === null ? null : entry.stackAccess;
  if (access === null || !wanted.hasSlot(access.frame, access.spi)) return true;
  wanted.removeSlot(access.frame, access.spi);
  if (insn.class === 3) wanted.addRegister(frame, insn.src);
  return true;
}

function overLegacyLoad(insn: Insn, wanted: Wanted): boolean {
  if (!wanted.hasRegister(wanted.frame, insn.dst)) return true;
  wanted.removeRegister(wanted.frame, insn.dst);
  return insn.mode !== IND && insn.mode !== ABS;
}

function overJump(
  env: Environment,
  insn: Insn,
  slot: number,
  subsequent: number,
  entry: HistoryEntry | null,
  wanted: Wanted,
): boolean {
  const { operation } = insn;
  if (operation === CALL) return overCall(env, insn, slot, subsequent, wanted);
  if (operation === EXIT) return overExit(env, subsequent, wanted);
  if (insn.usesSource) overComparison(insn, entry, wanted);
  return true;
}

/** Where one side of a comparison matters, both do; an address of stack is no number. */
function overComparison(insn: Insn, entry: HistoryEntry | null, wanted: Wanted): void {
  const { frame } = wanted;
  if (!wanted.hasRegister(frame, insn.dst) && !wanted.hasRegister(frame, insn.src)) return;
  const onStack = entry === null ? 0 : entry.stackOperands;
  if ((onStack & StackOperand.src) === 0) wanted.addRegister(frame, insn.src);
  if ((onStack & StackOperand.dst) === 0) wanted.addRegister(frame, insn.dst);
}

function overCall(env: Environment, insn: Insn, slot: number, subsequent: number, wanted: Wanted): boolean {
  // Before 6.5 nobody looked into functions and callbacks.
  if (!env.atLeast('6.5') && (insn.src === LOCAL_CALL || isSynchronousCallbackCall(env, slot))) return false;
  if (insn.src === LOCAL_CALL) {
    overFunctionCall(env, slot + insn.imm + 1, wanted);
    return true;
  }
  if (slot !== subsequent - 1 && isSynchronousCallbackCall(env, slot)) {
    leaveCallback(wanted);
    return true;
  }
  if (insn.src === KFUNC_CALL && insn.imm === 0 && env.input.kfuncSlots?.has(slot) !== true) return false;
  // The caller went on: the program called returned in the function's place.
  if (insn.src === 0 && insn.imm === TAIL_CALL && subsequent !== slot + 1) enterFrame(wanted);
  wanted.removeRegister(wanted.frame, 0);
  refuseRegisters(wanted, ARGUMENTS, 'backtracking call unexpected regs');
  return true;
}

/** Back from a function of the program to the one that called it. */
function overFunctionCall(env: Environment, start: number, wanted: Wanted): void {
  const callee = env.subprograms.find((subprogram) => subprogram.start === start);
  const { frame } = wanted;
  if (callee?.isGlobal === true) {
    refuseRegisters(wanted, ARGUMENTS, 'global subprog unexpected regs');
    wanted.removeRegister(frame, 0);
    return;
  }
  refuseRegisters(wanted, ~ARGUMENTS, 'static subprog unexpected regs');
  refuseSlots(wanted, 'static subprog leftover stack slots');
  for (let register = 1; register <= 5; register++) {
    if (!wanted.hasRegister(frame, register)) continue;
    wanted.removeRegister(frame, register);
    wanted.addRegister(frame - 1, register);
  }
  leaveFrame(wanted);
}

/** Back from a callback to the call that runs it: r1 to r5 came from the kernel, not from the caller. */
function leaveCallback(wanted: Wanted): void {
  refuseRegisters(wanted, ~ARGUMENTS, 'callback unexpected regs');
  refuseSlots(wanted, 'callback leftover stack slots');
  removeArguments(wanted);
  leaveFrame(wanted);
}

/** Back into a function or callback that returned. */
function overExit(env: Environment, subsequent: number, wanted: Wanted): boolean {
  if (!env.atLeast('6.5')) return false;
  if (subsequent >= 0 && env.aux[subsequent]!.callsCallback) removeArguments(wanted);
  refuseRegisters(wanted, ARGUMENTS, 'backtracking exit unexpected regs');
  const call = subsequent >= 1 ? env.insns[subsequent - 1]! : undefined;
  // A callback's r0 goes to the kernel.
  const isReturned = call !== undefined && isFunctionCall(call) && wanted.hasRegister(wanted.frame, 0);
  wanted.removeRegister(wanted.frame, 0);
  enterFrame(wanted);
  if (isReturned) wanted.addRegister(wanted.frame, 0);
  return true;
}

function enterFrame(wanted: Wanted): void {
  if (wanted.frame === 7) throw verifierBug({ what: 'subprog enter from frame 7' });
  wanted.frame++;
}

function isFunctionCall(insn: Insn): boolean {
  return insn.class === 5 && insn.operation === CALL && insn.src === LOCAL_CALL;
}

function removeArguments(wanted: Wanted): void {
  for (let register = 1; register <= 5; register++) wanted.removeRegister(wanted.frame, register);
}

function leaveFrame(wanted: Wanted): void {
  if (wanted.frame === 0) throw verifierBug({ what: 'subprog exit from frame 0' });
  wanted.frame--;
}

function refuseRegisters(wanted: Wanted, mask: number, what: string): void {
  const registers = wanted.registers(wanted.frame);
  if ((registers & mask) !== 0) throw verifierBug({ what: `${what} ${registers.toString(16)}` });
}

function refuseSlots(wanted: Wanted, what: string): void {
  if (wanted.hasSlots(wanted.frame)) {
    throw verifierBug({ what: `${what} ${wanted.slotsHex(wanted.frame)}` });
  }
}
