/** Wide loads: a number of 64 bits, a map, a map value's address, a variable, a function (`check_ld_imm`). */
import { WideKind } from '../../bpf/fields.ts';
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import type { WideLoad } from '../instruction-aux.ts';
import {
  callbackIsMain,
  callbackNotStatic,
  callbackWithoutTypes,
  invalidImmediateLoad,
  reservedFields,
} from '../messages.gen.ts';
import { unsupported } from '../rejection.ts';
import { Register, UNKNOWN_NUMBER } from '../state/register.ts';
import { Flag, Kind } from '../state/register-kind.ts';
import { findSubprogram } from '../structure/find-subprogram.ts';
import { Int64 } from '../value/int64.ts';
import { Scalar } from '../value/scalar.ts';
import { overwriteRegister } from './register-argument.ts';

/** @throws Rejection */
export function stepWideLoad(env: Environment, insn: Insn): void {
  if (insn.size !== 8) throw invalidImmediateLoad({});
  if (insn.off !== 0) throw reservedFields({ name: 'BPF_LD_IMM64' });
  overwriteRegister(env, insn.dst);
  env.setRegister(insn.dst, loaded(env, insn));
  // Its second half is no dead code.
  env.aux[env.slot + 1]!.seen = true;
}

function loaded(env: Environment, insn: Insn): Register {
  if (insn.src === WideKind.value) {
    return Register.scalar(Scalar.constant(new Int64(env.insns[env.slot + 1]!.imm, insn.imm)));
  }
  if (insn.src === WideKind.func) return functionAddress(env, env.slot + insn.imm + 1);
  const { wide } = env.aux[env.slot]!;
  if (wide === null) throw unsupported('a wide load that was not resolved');
  return resolved(wide);
}

function resolved(wide: WideLoad): Register {
  switch (wide.kind) {
    case 'map':
      return Register.pointer(Kind.mapPtr, 0, { kind: 'map', map: wide.map, uid: 0 });
    case 'map-value':
      if (wide.map.type === 'arena') return UNKNOWN_NUMBER;
      return Register.pointer(Kind.mapValue, 0, { kind: 'map', map: wide.map, uid: 0 }).withOff(wide.off);
    case 'variable':
      return Register.pointer(Kind.btfId, wide.percpu ? Flag.percpu : 0, {
        kind: 'btf',
        btf: wide.btf,
        type: wide.type,
      });
    case 'memory':
      return Register.pointer(Kind.mem, Flag.readOnly, { kind: 'mem', size: wide.size, dynptr: 0 });
  }
}

/** Only static functions: a global one is verified for arguments of its own. */
function functionAddress(env: Environment, start: number): Register {
  const number = findSubprogram(env.subprograms, start);
  const subprogram = env.subprograms[number]!;
  if (subprogram.type === 0) throw callbackWithoutTypes({});
  if (!subprogram.isStatic) throw callbackNotStatic({});
  if (number === 0 && refusesMain(env)) throw callbackIsMain({});
  return Register.pointer(Kind.func, 0, null, 0, 0, number);
}

/** Linux 7.1 began to ask, and the long-lived releases up to 6.12 took it over. */
function refusesMain(env: Environment): boolean {
  return !env.atLeast('6.13') || env.atLeast('7.1');
}
