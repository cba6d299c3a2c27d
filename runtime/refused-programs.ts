/** The verifier between compile and load: which programs of an object would Linux refuse? */
import { coreTargetOf } from '../bpf/core/index.ts';
import type { KernelInfo } from '../bpf/kernel-info.ts';
import type { BpfObject } from '../bpf/object.ts';
import { NEWEST_RELEASE } from '../bpf/profiles/index.ts';
import { objectCases } from '../verifier/case/from-object.ts';
import { caseInput } from '../verifier/case/to-input.ts';
import { explainRefusal, PERMISSIVE_CONFIG, type VerifierOptions, verify } from '../verifier/index.ts';
import type { RefusedProgram } from './verification-error.ts';

/**
 * In the order of the object; empty when every program passes. What cannot be judged (types of the kernel are not known, a
 * feature is not modelled) is not refused: the machine that runs it checks every access anyway.
 */
export function refusedPrograms(object: BpfObject, kernel: KernelInfo): readonly RefusedProgram[] {
  const types = coreTargetOf(kernel);
  const options: VerifierOptions = {
    kernel: {
      release: NEWEST_RELEASE,
      cpus: kernel.cpus,
      config: PERMISSIVE_CONFIG,
      ...(kernel.btf === undefined ? {} : { btf: kernel.btf }),
      ...(kernel.moduleBtf === undefined ? {} : { modules: kernel.moduleBtf }),
    },
  };
  return objectCases(object, types === undefined ? {} : { types }).flatMap(
    ({ name, section, case: one, lines }) => {
      if (one === undefined) return [];
      const input = caseInput(one);
      if (verify(input, options).accepted !== false) return [];
      return [{ name, section, explanation: explainRefusal(input, options, lines)! }];
    },
  );
}
