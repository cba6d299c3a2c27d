/** What is known of a call before any path is walked: its operands, and what it may do. */
import { CALLS_BACK, type Helper, helperById, MOVES_PACKET } from '../../bpf/helpers/index.ts';
import {
  KFUNC_CALLS_BACK,
  KFUNC_MOVES_PACKET,
  findKfunc as kfuncRow,
  mayCallKfunc,
} from '../../bpf/kfuncs/index.ts';
import { grantedHelper } from '../call/helper-grant.ts';
import type { Environment } from '../environment.ts';
import { type Insn, isHelperCall, isKfuncCall } from '../instruction.ts';
import { Rejection } from '../rejection.ts';
import { findKfunc } from './kfunc-calls.ts';

export interface CallEffects {
  /** How many of r1 ... r5 it reads; undefined: nobody knows, all of them. */
  readonly parameters: number | undefined;
  readonly isVoid: boolean;
  /** The JIT keeps the registers it does not use (`bpf_fastcall`). */
  readonly fastcall: boolean;
  readonly mightSleep: boolean;
  /** Pointers into the packet are void afterwards (`bpf_helper_changes_pkt_data`). */
  readonly changesPacket: boolean;
  /** It calls a function of the program: before it returns, or some time. */
  readonly callback: 'none' | 'sync' | 'async';
  readonly iteratorNext: boolean;
}

const UNKNOWN: CallEffects = {
  parameters: undefined,
  isVoid: false,
  fastcall: false,
  mightSleep: false,
  changesPacket: false,
  callback: 'none',
  iteratorNext: false,
};

/** Of a call instruction of any kind. */
export function callEffects(env: Environment, slot: number, insn: Insn): CallEffects {
  if (isHelperCall(insn)) {
    const helper = helperById(insn.imm);
    return helper === undefined || !isGranted(env, helper.id) ? UNKNOWN : helperEffects(env, helper);
  }
  return isKfuncCall(insn) ? kfuncEffects(env, slot) : UNKNOWN;
}

/** Why a helper is refused at the call although the program type has it: license, and where it attaches. */
const REFUSED_LATER: ReadonlySet<string> = new Set(['helperForGplOnly', 'helperNotHere']);

/** Of a helper the program cannot call nothing is known. */
function isGranted(env: Environment, id: number): boolean {
  try {
    grantedHelper(env, id);
    return true;
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    return error.kind === 'unsupported' || REFUSED_LATER.has(error.name);
  }
}

function helperEffects(env: Environment, helper: Helper): CallEffects {
  return {
    parameters: helper.args.length,
    isVoid: helper.returns.type === 'VOID',
    fastcall: helper.fastcall && helper.name === 'get_smp_processor_id' && env.atLeast('6.12'),
    mightSleep: helper.mightSleep,
    changesPacket: MOVES_PACKET.has(helper.name),
    callback: CALLS_BACK.get(helper.name) ?? 'none',
    iteratorNext: false,
  };
}

function kfuncEffects(env: Environment, slot: number): CallEffects {
  const kfunc = findKfunc(env, slot);
  if (kfunc === undefined) return UNKNOWN;
  const { name, prototype } = kfunc;
  const row = kfuncRow(name);
  const caller = { type: env.type.name, attachType: env.input.attachType };
  if (row !== undefined && !mayCallKfunc(row, caller, env.release)) return UNKNOWN;
  return {
    parameters: prototype.parameters.length,
    isVoid: kfunc.btf.kindOf(prototype.returns) === 'void',
    fastcall: row?.flags.has('fastcall') ?? false,
    mightSleep: row?.flags.has('sleepable') ?? false,
    changesPacket: KFUNC_MOVES_PACKET.has(name),
    callback: KFUNC_CALLS_BACK.get(name) ?? 'none',
    iteratorNext: row?.flags.has('iter_next') ?? ITERATOR_NEXT.test(name),
  };
}

const ITERATOR_NEXT = /^bpf_iter_\w+_next$/;
