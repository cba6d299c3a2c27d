/** The verifier between compile and load: which programs of an object would Linux refuse? */
import { coreTargetOf } from '../bpf/core/index.ts';
import type { KernelInfo } from '../bpf/kernel-info.ts';
import type { BpfObject } from '../bpf/object.ts';
import { NEWEST_RELEASE } from '../bpf/profiles/index.ts';
import { objectCases } from '../verifier/case/from-object.ts';
import { caseInput } from '../verifier/case/to-input.ts';
import { explainRefusal, PERMISSIVE_CONFIG, type VerifierOptions, verify } from '../verifier/index.ts';
import type { RefusedProgram } from './verification-error.ts';

export interface Judgement {
  /** In the order of the object; empty when every program passes. */
  readonly refused: readonly RefusedProgram[];
  /**
   * Names of the programs that pass. What cannot be judged (types of the kernel are not known, a feature is not modelled)
   * is neither refused nor accepted: the machine that runs it checks its accesses.
   */
  readonly accepted: ReadonlySet<string>;
}

export function judgePrograms(object: BpfObject, kernel: KernelInfo): Judgement {
  const types = coreTargetOf(kernel);
  const options = verifierOptions(kernel);
  const refused: RefusedProgram[] = [];
  const accepted = new Set<string>();
  for (const { name, section, case: one, lines } of objectCases(
    object,
    types === undefined ? {} : { types },
  )) {
    if (one === undefined) continue;
    const input = caseInput(one);
    const verdict = verify(input, options).accepted;
    if (verdict === true) accepted.add(name);
    if (verdict === false)
      refused.push({ name, section, explanation: explainRefusal(input, options, lines)! });
  }
  return { refused, accepted };
}

/** The newest Linux, built with everything, and what is known of the kernel that programs are to run in. */
export function verifierOptions(kernel: KernelInfo): VerifierOptions {
  return {
    kernel: {
      release: NEWEST_RELEASE,
      cpus: kernel.cpus,
      config: PERMISSIVE_CONFIG,
      ...(kernel.btf === undefined ? {} : { btf: kernel.btf }),
      ...(kernel.moduleBtf === undefined ? {} : { modules: kernel.moduleBtf }),
    },
  };
}
