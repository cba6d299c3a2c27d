/** One instruction in the current state (`do_check_insn`): dispatch by class. */
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import { invalidLoadMode, reservedFields } from '../messages.gen.ts';
import { stepAlu } from './alu.ts';
import { stepAtomic } from './atomic.ts';
import { stepCall } from './call.ts';
import { stepExit } from './exit.ts';
import { stepConditionalJump } from './jump.ts';
import { stepLegacyLoad } from './legacy-load.ts';
import { stepLoad, stepStore, stepStoreImmediate } from './memory.ts';
import { stepWideLoad } from './wide.ts';

/** Instead of a next slot: the path ends. */
export const EXIT = -1;

/** `BPF_OP` of jumps that are none of the conditional ones. */
const JA = 0x00;
const CALL = 0x80;
const EXIT_OP = 0x90;
/** `BPF_MODE` of loads and stores. */
const IMM = 0x00;
const ABS = 0x20;
const IND = 0x40;
const MEM = 0x60;
const ATOMIC = 0xc0;

/** @returns the next slot, or {@link EXIT}. @throws Rejection */
export function stepInstruction(env: Environment): number {
  const insn = env.insns[env.slot]!;
  switch (insn.class) {
    case 0:
      return stepLd(env, insn);
    case 1:
      stepLoad(env, insn);
      return env.slot + 1;
    case 2:
      if (insn.mode !== MEM || insn.src !== 0) throw reservedFields({ name: 'BPF_ST' });
      stepStoreImmediate(env, insn);
      return env.slot + 1;
    case 3:
      stepStx(env, insn);
      return env.slot + 1;
    case 5:
    case 6:
      return stepJump(env, insn);
    default:
      stepAlu(env, insn);
      return env.slot + 1;
  }
}

function stepLd(env: Environment, insn: Insn): number {
  if (insn.mode === ABS || insn.mode === IND) {
    return stepLegacyLoad(env, insn);
  }
  if (insn.mode !== IMM) throw invalidLoadMode({});
  stepWideLoad(env, insn);
  return env.slot + 2;
}

function stepStx(env: Environment, insn: Insn): void {
  if (insn.mode === ATOMIC) {
    stepAtomic(env, insn);
    return;
  }
  if (insn.mode !== MEM || insn.imm !== 0) throw reservedFields({ name: 'BPF_STX' });
  stepStore(env, insn);
}

function stepJump(env: Environment, insn: Insn): number {
  env.jumpsProcessed++;
  switch (insn.operation) {
    case CALL:
      return stepCall(env, insn);
    case JA:
      return stepGoto(env, insn);
    case EXIT_OP:
      if (insn.usesSource || insn.imm !== 0 || insn.src !== 0 || insn.dst !== 0 || insn.class === 6) {
        throw reservedFields({ name: 'BPF_EXIT' });
      }
      return stepExit(env, false);
    default:
      return stepConditionalJump(env, insn);
  }
}

function stepGoto(env: Environment, insn: Insn): number {
  const long = insn.class === 6;
  const unused = long ? insn.off : insn.imm;
  if (insn.usesSource || insn.src !== 0 || insn.dst !== 0 || unused !== 0) {
    throw reservedFields({ name: 'BPF_JA' });
  }
  return env.slot + 1 + (long ? insn.imm : insn.off);
}
