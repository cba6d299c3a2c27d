/**
 * Which loads and stores of a program go through its context. The verifier knows: to it every register has a type. Where it
 * has no verdict (it was not asked to decide, or does not model something) a simple walk along the registers tells.
 */
import { coreTargetOf } from '../../bpf/core/index.ts';
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import type { BpfObject, BpfProgram } from '../../bpf/object.ts';
import { objectCases } from '../../verifier/case/from-object.ts';
import { caseInput } from '../../verifier/case/to-input.ts';
import { explainRefusal } from '../../verifier/index.ts';
import type { Observer } from '../../verifier/observer.ts';
import { Kind } from '../../verifier/state/register-kind.ts';
import type { VerifierState } from '../../verifier/state/state.ts';
import { verifyObserved } from '../../verifier/verify.ts';
import { verifierOptions } from '../judged-programs.ts';
import type { RefusedProgram } from '../verification-error.ts';
import { flowAccesses } from './context-flow.ts';

export interface JudgedProgram {
  readonly program: BpfProgram;
  /** Linux would load it. */
  readonly accepted: boolean;
  /** Why Linux would not. */
  readonly refusal?: RefusedProgram;
  /** Slots of the linked program. */
  readonly accesses: ReadonlySet<number>;
}

/** Each program of an object that is relocated, in its order. */
export function judgePacketPrograms(object: BpfObject, kernel: KernelInfo): readonly JudgedProgram[] {
  const options = verifierOptions(kernel);
  const types = coreTargetOf(kernel);
  const cases = new Map(
    objectCases(object, types === undefined ? {} : { types }).map((one) => [one.name, one]),
  );
  return object.programs.map((program) => {
    const found = cases.get(program.name);
    const byFlow = { program, accepted: false, accesses: flowAccesses(program, object.functions) };
    if (found?.case === undefined) return byFlow;
    const input = caseInput(found.case);
    const watch = new ContextWatch(input.bytes);
    const { accepted } = verifyObserved(input, options, [watch]);
    if (accepted === true) return { program, accepted, accesses: watch.accesses };
    if (accepted === undefined) return byFlow;
    const explanation = explainRefusal(input, options, found.lines)!;
    return { ...byFlow, refusal: { name: found.name, section: found.section, explanation } };
  });
}

const CLASS = { ldx: 1, st: 2, stx: 3 } as const;

/** Register that the instruction with this opcode and these registers goes through; -1: none. */
function baseOf(opcode: number, registers: number): number {
  switch (opcode & 7) {
    case CLASS.ldx:
      return registers >> 4;
    case CLASS.st:
    case CLASS.stx:
      return registers & 15;
    default:
      return -1;
  }
}

class ContextWatch implements Observer {
  readonly accesses: Set<number> = new Set();
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  before(slot: number, state: VerifierState): void {
    const base = baseOf(this.#bytes[slot * 8]!, this.#bytes[slot * 8 + 1]!);
    if (base >= 0 && state.frame.registers[base]?.kind === Kind.ctx) this.accesses.add(slot);
  }
}
