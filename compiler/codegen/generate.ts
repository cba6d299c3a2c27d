/**
 * Code generation: a module of IR to BPF functions. Callers optimise first; generation alone is correct for any valid
 * IR, with locals or in SSA form.
 */
import type { BpfFunction } from '../../bpf/object.ts';
import type { TargetProfile } from '../../bpf/profiles/index.ts';
import { removeUnreachable } from '../ir/cfg.ts';
import type { IrFunction, IrModule } from '../ir/ir.ts';
import { allocate } from './allocate.ts';
import { dropCopies } from './drop-copies.ts';
import { emit } from './emit.ts';
import { layoutFrame } from './frame.ts';
import { legalise } from './legalise.ts';
import { select } from './select.ts';
import { type StackProblem, stackProblems } from './stack-depth.ts';
import type { CodegenTarget } from './target.ts';
import { tidyFlow } from './tidy.ts';

export interface GeneratedFunction extends BpfFunction {
  /** Bytes of its stack frame. */
  readonly stackBytes: number;
}

export interface CodegenOptions {
  /** Oldest kernel to serve. */
  readonly profile: Pick<TargetProfile, 'level'>;
  /** Default little. */
  readonly endian?: 'little' | 'big';
}

export type CodegenResult =
  | { readonly ok: true; readonly functions: readonly GeneratedFunction[] }
  | {
      readonly ok: false;
      readonly functions: readonly GeneratedFunction[];
      readonly problems: readonly StackProblem[];
    };

/** Functions in the module's order. Fails only where stack frames are too large, alone or along a chain of calls. */
export function generate(module: IrModule, options: CodegenOptions): CodegenResult {
  const target = { instructionSet: options.profile.level, endian: options.endian ?? 'little' } as const;
  const functions = module.functions.map((fn) => generateFunction(fn, target));
  const problems = stackProblems(module, functions);
  return problems.length === 0 ? { ok: true, functions } : { ok: false, functions, problems };
}

export function generateFunction(fn: IrFunction, target: CodegenTarget): GeneratedFunction {
  const allocated = allocate(select(legalise(removeUnreachable(fn), target), target));
  const frame = layoutFrame(allocated);
  const instructions = emit(dropCopies(tidyFlow(allocated)), frame, target);
  return { name: fn.name, instructions, stackBytes: frame.size };
}
