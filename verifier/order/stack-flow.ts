/** Carries reads and writes of the stack backwards through one function until nothing changes (`update_instance`). */
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import { MASK_WORDS, Mask, type StackUse } from './stack-use.ts';

const JA = 0x00;
const CALL = 0x80;
const EXIT = 0x90;
const CALL_CODE = 0x85;
const EXIT_CODE = 0x95;
/** `BPF_MODE` of legacy packet loads. */
const ABS = 0x20;
const IND = 0x40;
/** Number of the helper. */
const TAIL_CALL = 12;

/** What follows from what `use` notes, and what of it concerns the callers. */
export function carryBackwards(env: Environment, use: StackUse): void {
  for (let frame = 0; frame <= use.depth; frame++) {
    const masks = use.masks[frame]!;
    if (masks === null) continue;
    if (use.dropped) forgetWritten(masks);
    // Successors mostly lie behind: from the end one round does most of it.
    for (let changed = true; changed; ) {
      changed = false;
      for (let i = use.length - 1; i >= 0; i--) if (updateInsn(env, use, masks, i)) changed = true;
    }
  }
  if (use.outer !== null) carryOut(use, use.outer);
}

function forgetWritten(masks: Int32Array): void {
  for (let at = Mask.written; at < masks.length; at += MASK_WORDS) {
    masks[at] = 0;
    masks[at + 1] = 0;
  }
}

/** One instruction from its successors. True: it changed. */
function updateInsn(env: Environment, use: StackUse, masks: Int32Array, index: number): boolean {
  const slot = use.start + index;
  const insn = env.insns[slot]!;
  const isJump = insn.class === 5 || insn.class === 6;
  if (isJump && insn.operation === EXIT) return false;
  const next = isJump && insn.operation === JA ? -1 : index + (isWide(insn) ? 2 : 1);
  const target = targetOf(env, use, insn, index);
  const at = index * MASK_WORDS;
  const low = updateWord(masks, at, next * MASK_WORDS, target * MASK_WORDS);
  const high = updateWord(masks, at + 1, next * MASK_WORDS + 1, target * MASK_WORDS + 1);
  return low || high;
}

/** Where it may go beside the next instruction; -1: nowhere. */
function targetOf(env: Environment, use: StackUse, insn: Insn, index: number): number {
  if (mayLeave(insn)) return env.atLeast('6.18') ? lastExit(env, use) : -1;
  const isJump = (insn.class === 5 && insn.operation !== CALL) || insn.class === 6;
  return isJump ? index + 1 + jumpOffset(insn) : -1;
}

/** A tail call or a legacy packet load may leave the function, as its exit does. */
function mayLeave(insn: Insn): boolean {
  if (insn.class === 0) return insn.mode === ABS || insn.mode === IND;
  return insn.code === CALL_CODE && insn.src === 0 && insn.imm === TAIL_CALL;
}

function lastExit(env: Environment, use: StackUse): number {
  let exit = use.length - 1;
  while (exit > 0 && env.insns[use.start + exit]!.code !== EXIT_CODE) exit--;
  return exit;
}

/** Low or high words of all four sets; negative successors are none. */
function updateWord(masks: Int32Array, at: number, next: number, target: number): boolean {
  let live = 0;
  let written = -1;
  if (next >= 0) {
    live |= masks[next + Mask.live]!;
    written &= masks[next + Mask.written]!;
  }
  if (target >= 0) {
    live |= masks[target + Mask.live]!;
    written &= masks[target + Mask.written]!;
  }
  const write = masks[at + Mask.write]!;
  live = (live & ~write) | masks[at + Mask.read]!;
  written |= write;
  if (live === masks[at + Mask.live] && written === masks[at + Mask.written]) return false;
  masks[at + Mask.live] = live;
  masks[at + Mask.written] = written;
  return true;
}

function isWide(insn: Insn): boolean {
  return insn.code === 0x18;
}

function jumpOffset(insn: Insn): number {
  return insn.class === 6 && insn.operation === JA ? insn.imm : insn.off;
}

/** What the function reads and overwrites of its callers' frames, the call does (`propagate_to_outer_instance`). */
function carryOut(use: StackUse, outer: StackUse): void {
  for (let frame = 0; frame < use.depth; frame++) {
    const masks = use.masks[frame]!;
    if (masks === null) {
      outer.setWrites(frame, use.callSite, 0, 0);
      continue;
    }
    outer.setWrites(frame, use.callSite, masks[Mask.written]!, masks[Mask.written + 1]!);
    outer.addRead(frame, use.callSite, masks[Mask.live]!, masks[Mask.live + 1]!);
  }
  outer.seen[use.callSite - outer.start] = 1;
}
