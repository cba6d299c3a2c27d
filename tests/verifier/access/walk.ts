/** Walks straight code from a state made by hand: no structure, no branches, only what each instruction does. */
import { encodeInstructions } from '../../../bpf/encode.ts';
import type { Instruction } from '../../../bpf/instruction.ts';
import type { ProgramTypeName } from '../../../bpf/programs.ts';
import { Environment } from '../../../verifier/environment.ts';
import type { VerifierInput, VerifierOptions } from '../../../verifier/input.ts';
import type { VerifierMap } from '../../../verifier/map.ts';
import { Rejection } from '../../../verifier/rejection.ts';
import { Frame } from '../../../verifier/state/frame.ts';
import { Register } from '../../../verifier/state/register.ts';
import { Kind } from '../../../verifier/state/register-kind.ts';
import { stepInstruction } from '../../../verifier/step/step.ts';
import { Subprogram } from '../../../verifier/subprogram.ts';
import { Scalar } from '../../../verifier/value/scalar.ts';

export interface Start {
  readonly type?: ProgramTypeName;
  readonly input?: Partial<VerifierInput>;
  readonly options?: VerifierOptions;
  /** r1 is the context, r10 the frame; these come on top. */
  readonly registers?: Readonly<Record<number, Register>>;
}

export interface Walked {
  readonly env: Environment;
  /** The kernel's lines; undefined: nothing was refused. */
  readonly message: string | undefined;
}

export function walk(code: readonly Instruction[], start: Start = {}): Walked {
  const { bytes } = encodeInstructions(code);
  const env = new Environment({ type: start.type ?? 'socket_filter', bytes, ...start.input }, start.options);
  const subprogram = new Subprogram(0);
  subprogram.end = env.insns.length;
  env.subprograms = [subprogram, new Subprogram(env.insns.length)];
  const frame = new Frame(-1, 0, 0);
  frame.registers[1] = Register.pointer(Kind.ctx, 0, null);
  frame.registers[10] = Register.pointer(Kind.stack, 0, null);
  for (const [number, register] of Object.entries(start.registers ?? {})) {
    frame.registers[Number(number)] = register;
  }
  env.state.frames.push(frame);
  env.state.inSleepable = start.input?.sleepable ?? false;
  try {
    for (env.slot = 0; env.slot < env.insns.length; ) {
      env.historyEntry = null;
      env.slot = stepInstruction(env);
    }
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    return { env, message: [...env.remarks, error.text].join('\n') };
  }
  return { env, message: undefined };
}

export const UNKNOWN: Register = Register.scalar(Scalar.UNKNOWN);

export function constant(value: number): Register {
  return Register.scalar(Scalar.constant(value));
}

export function mapValue(map: Partial<VerifierMap> = {}): Register {
  const whole: VerifierMap = {
    type: 'array',
    name: 'm',
    keySize: 4,
    valueSize: 16,
    maxEntries: 1,
    flags: 0,
    ...map,
  };
  return Register.pointer(Kind.mapValue, 0, { kind: 'map', map: whole, uid: 0 });
}
