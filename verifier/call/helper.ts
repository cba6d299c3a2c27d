/** A call of a helper (`check_helper_call`). */
import { MOVES_PACKET } from '../../bpf/helpers/index.ts';
import { checkMemoryAccess } from '../access/access.ts';
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import {
  callMightSleep,
  functionIpElsewhere,
  functionIpWithoutTrampoline,
  sleepsInIrqRegion,
  sleepsInPreemptRegion,
  sleepsInRcuSection,
} from '../messages.gen.ts';
import { pushPath } from '../order/pending.ts';
import { UNKNOWN_NUMBER } from '../state/register.ts';
import { checkArgument } from './argument.ts';
import { CallFacts } from './call-facts.ts';
import { clearCallerSaved } from './caller-saved.ts';
import { grantedHelper } from './helper-grant.ts';
import type { HelperPrototype } from './helper-prototype.ts';
import { invalidatePackets } from './invalidate.ts';
import { checkMapFunction } from './map-functions.ts';
import { helperResult } from './result.ts';
import { checkMapWrite, checkSpecial, noteTailCallKey, releaseArgument } from './special.ts';
import { returnFromFunction } from './subprogram.ts';

/** Stable releases of 6.18 have it too. */
const TAIL_CALL_RETURNS = '6.18';

/** @returns the next slot. @throws Rejection */
export function checkHelperCall(env: Environment, insn: Insn): number {
  const prototype = grantedHelper(env, insn.imm);
  checkSleep(env, prototype);
  const facts = new CallFacts(prototype);
  for (let index = 0; index < prototype.args.length; index++) checkArgument(env, facts, index);
  checkMapWrite(facts);
  noteTailCallKey(env, facts);
  writeFilled(env, facts);
  releaseArgument(env, facts);
  const caller = env.frame;
  const first = env.register(1);
  const movesPacket = checkSpecial(env, facts) || MOVES_PACKET.has(prototype.name);
  clearCallerSaved(env, caller);
  caller.registers[0] = helperResult(env, facts, first);
  checkMapFunction(env, facts);
  if (prototype.name === 'get_func_ip') checkFunctionIp(env, prototype);
  if (prototype.name === 'tail_call' && env.atLeast(TAIL_CALL_RETURNS)) return passTailCall(env);
  if (movesPacket) invalidatePackets(env);
  return env.frame === caller ? env.slot + 1 : env.subprograms[env.frame.subprogram]!.start;
}

/**
 * The program called may return in a function's place, with any number and a packet moved about: that path goes on first,
 * the one on which no program is called later. In the program's own function it ends everything.
 */
function passTailCall(env: Environment): number {
  if (env.state.frames.length === 1) return env.slot + 1;
  pushPath(env, env.slot + 1, env.slot, false);
  invalidatePackets(env);
  env.setRegister(0, UNKNOWN_NUMBER);
  return returnFromFunction(env);
}

/** Helpers that sleep are for programs that may, where they may. */
function checkSleep(env: Environment, { mightSleep, text: helper }: HelperPrototype): void {
  if (!mightSleep) return;
  const { state } = env;
  if (!state.inSleepable) throw callMightSleep({});
  if (state.activeRcuLocks > 0) throw sleepsInRcuSection({ what: `helper ${helper}` });
  if (state.activePreemptLocks > 0) throw sleepsInPreemptRegion({ what: `helper ${helper}` });
  if (state.activeIrq !== 0) throw sleepsInIrqRegion({ what: `helper ${helper}` });
}

/** The callee fills a buffer on the stack: byte by byte, whatever was there. */
function writeFilled(env: Environment, { filled, filledBase: base }: CallFacts): void {
  for (let off = 0; off < filled; off++) {
    checkMemoryAccess(env, { kind: 'write', base, off, size: 1, value: -1 });
  }
}

/** `check_get_func_ip` */
function checkFunctionIp(env: Environment, { text: helper }: HelperPrototype): void {
  const { name, id } = env.type;
  if (name === 'kprobe') return;
  if (name !== 'tracing') throw functionIpElsewhere({ helper, type: id });
  switch (env.input.attachType) {
    case 'trace_fentry':
    case 'trace_fexit':
    case 'modify_return':
      return;
    default:
      throw functionIpWithoutTrampoline({ helper });
  }
}
