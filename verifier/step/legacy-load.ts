/** Loads of packet bytes by `BPF_LD | BPF_ABS` and `BPF_IND` (`check_ld_abs`): calls in disguise, of the packet in r6. */
import { checkResourceLeak } from '../call/references.ts';
import { returnFromFunction } from '../call/subprogram.ts';
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import {
  legacyLoadAmongCalls,
  legacyLoadNotAllowed,
  legacyLoadNotContext,
  reservedFields,
} from '../messages.gen.ts';
import { pushPath } from '../order/pending.ts';
import { unsupported } from '../rejection.ts';
import { NOT_INIT, Register, UNKNOWN_NUMBER } from '../state/register.ts';
import { Kind } from '../state/register-kind.ts';
import { Scalar } from '../value/scalar.ts';
import { readRegister } from './register-argument.ts';

const ABS = 0x20;
const CONTEXT = 6;
const ZERO_NUMBER: Register = Register.scalar(Scalar.ZERO);

/** `may_access_skb` */
const PACKET_TYPES: ReadonlySet<string> = new Set(['socket_filter', 'sched_cls', 'sched_act']);

/** @returns the next slot. @throws Rejection */
export function stepLegacyLoad(env: Environment, insn: Insn): number {
  if (!PACKET_TYPES.has(env.type.name)) throw legacyLoadNotAllowed({});
  if (env.subprograms.length > 2 && !env.supports('tail_calls_in_functions')) throw legacyLoadAmongCalls({});
  const absolute = insn.mode === ABS;
  if (insn.dst !== 0 || insn.off !== 0 || insn.size === 8 || (absolute && insn.src !== 0)) {
    throw reservedFields({ name: 'BPF_LD_[ABS|IND]' });
  }
  const context = readRegister(env, CONTEXT);
  // The program may end here, when the packet is too short.
  checkResourceLeak(env, 'legacy-load');
  if (context.kind !== Kind.ctx || context.flags !== 0) throw legacyLoadNotContext({});
  if (!absolute) readRegister(env, insn.src);
  if (context.off !== 0 || context.scalar !== Scalar.ZERO)
    throw unsupported('a legacy packet load of a moved context');
  const { registers } = env.frame;
  for (let number = 0; number <= 5; number++) registers[number] = NOT_INIT;
  registers[0] = UNKNOWN_NUMBER;
  env.touched |= 0x3f;
  return env.state.frames.length > 1 && env.atLeast('6.18') ? endFunctionEarly(env) : env.slot + 1;
}

/** Of a packet that is too short the function returns 0: that path goes on first. Stable releases of 6.18 have it too. */
function endFunctionEarly(env: Environment): number {
  pushPath(env, env.slot + 1, env.slot, false);
  env.setRegister(0, ZERO_NUMBER);
  return returnFromFunction(env);
}
