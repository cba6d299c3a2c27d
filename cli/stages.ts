/** Prints stages of compilation: `--emit`, `-d`. */

import { printInstructions } from '../bpf/disasm/index.ts';
import type { BpfFunction, BpfObject } from '../bpf/object.ts';
import type { CompileResult } from '../compiler/compile.ts';
import { printScript } from '../compiler/syntax/print-ast.ts';

export type Stage = 'ast' | 'ir' | 'ir-opt' | 'asm';

/** The text of a stage, or undefined when compilation did not get that far. */
export function stageText(result: CompileResult, stage: Stage): string | undefined {
  const { stages } = result;
  switch (stage) {
    case 'ast':
      return stages.script === undefined ? undefined : printScript(stages.script);
    case 'ir':
      return stages.ir?.();
    case 'ir-opt':
      return stages.optimised?.();
    case 'asm':
      return result.object === undefined ? undefined : objectText(result.object);
  }
}

function objectText(object: BpfObject): string {
  const maps = object.maps.map(
    (map) =>
      `; map ${map.name}: ${map.type} key ${map.keySize} value ${map.valueSize} entries ${map.maxEntries}\n`,
  );
  const functions = [...object.programs, ...object.functions].map(functionText);
  return [maps.join(''), ...functions].join('\n');
}

function functionText(fn: BpfFunction): string {
  const title = 'section' in fn ? `; program ${fn.name} (${String(fn.section)})` : `; function ${fn.name}`;
  return `${title}\n${printInstructions(fn.instructions)}`;
}
