/**
 * Conformance cases (tests/cases/conformance): a program's text, the memory it is given, and what r0 and that memory are at
 * the end. With memory r1 is its address and r2 its length.
 */
import { readdirSync } from 'node:fs';
import { assembleInstructions } from '../../../bpf/asm/index.ts';
import type { Instruction } from '../../../bpf/instruction.ts';
import { casePath, readCases } from '../../golden.ts';

export interface ConformanceCase {
  readonly name: string;
  readonly program: readonly Instruction[];
  readonly memory: Uint8Array | undefined;
  readonly r0: bigint;
  /** Undefined: as it was. */
  readonly memoryAfter: Uint8Array | undefined;
}

export function conformanceCases(): readonly ConformanceCase[] {
  return readdirSync(casePath('conformance'))
    .sort()
    .flatMap((file) =>
      readCases(`conformance/${file}`).map(({ name, input, expected }) => {
        const { memory, rest } = takeMemory(input);
        const { instructions, diagnostics } = assembleInstructions(rest);
        if (diagnostics.length > 0)
          throw new Error(`${name}: ${diagnostics.map(({ message }) => message).join()}`);
        const { memory: memoryAfter, rest: result } = takeMemory(expected);
        return {
          name,
          program: instructions,
          memory,
          r0: BigInt(result.replace('r0 ', '').trim()),
          memoryAfter,
        };
      }),
    );
}

/** The line `mem 00 01 …`, and the text without it. */
function takeMemory(text: string): { readonly memory: Uint8Array | undefined; readonly rest: string } {
  const line = /^mem .*$/m.exec(text)?.[0];
  if (line === undefined) return { memory: undefined, rest: text };
  return { memory: Uint8Array.fromHex(line.slice(4).replaceAll(' ', '')), rest: text.replace(line, '') };
}
