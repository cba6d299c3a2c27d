/** Prints stages of compilation: `--emit`, `-d`. */

import { printObject } from '../bpf/disasm/index.ts';
import type { CompileResult } from '../compiler/compile.ts';
import { printModule } from '../compiler/ir/print.ts';
import { printScript } from '../compiler/syntax/print-ast.ts';

export type Stage = 'ast' | 'ir' | 'ir-opt' | 'asm';

/** The text of a stage, or undefined when compilation did not get that far. */
export function stageText(result: CompileResult, stage: Stage): string | undefined {
  const { stages } = result;
  switch (stage) {
    case 'ast':
      return stages.script === undefined ? undefined : printScript(stages.script);
    case 'ir':
      return stages.ir === undefined ? undefined : printModule(stages.ir);
    case 'ir-opt':
      return stages.optimised === undefined ? undefined : printModule(stages.optimised);
    case 'asm':
      return result.object === undefined ? undefined : printObject(result.object);
  }
}
