/**
 * Functions as sections of code: programs by their section's name, everything they call in `.text`. Immediates that a
 * relocation fills are as clang leaves them: a call of a static function counts from the start of `.text`, everything
 * else from its symbol.
 */
import { encodeInstructions, type Hole } from '../../encode.ts';
import type { Instruction, Reference } from '../../instruction.ts';
import type { BpfFunction, BpfObject } from '../../object.ts';
import { formatProblem } from '../../problem.ts';

export interface PlacedFunction {
  readonly function: BpfFunction;
  readonly isProgram: boolean;
  /** Bytes from the start of the section. */
  readonly offset: number;
  readonly size: number;
  /** Byte offset in the section of each instruction. */
  readonly offsets: readonly number[];
  readonly holes: readonly CodeHole[];
}

/** An instruction with something to be filled in. */
export interface CodeHole {
  /** Bytes from the start of the section. */
  readonly offset: number;
  readonly isCall: boolean;
  readonly ref: Exclude<Reference, { readonly kind: 'label' }>;
}

export interface CodeSection {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly functions: readonly PlacedFunction[];
}

export const TEXT_SECTION = '.text';

/** `.text` first, then in the order of programs. @throws RangeError for instructions that cannot be written */
export function placeCode(object: BpfObject): readonly CodeSection[] {
  const sections = new Map<string, BpfFunction[]>();
  if (object.functions.length > 0) sections.set(TEXT_SECTION, [...object.functions]);
  for (const program of object.programs) {
    // libbpf's mark of a program that is not loaded unless asked for.
    const name = program.autoload === false ? `?${program.section}` : program.section;
    const list = sections.get(name) ?? [];
    sections.set(name, list);
    list.push(program);
  }
  const programs: ReadonlySet<BpfFunction> = new Set(object.programs);
  return [...sections].map(([name, functions]) => placeSection(object, name, functions, programs));
}

function placeSection(
  object: BpfObject,
  name: string,
  functions: readonly BpfFunction[],
  programs: ReadonlySet<BpfFunction>,
): CodeSection {
  const parts: Uint8Array[] = [];
  const placed: PlacedFunction[] = [];
  let offset = 0;
  for (const one of functions) {
    const { bytes, holes, problems } = encodeInstructions(one.instructions, { order: object.endian });
    const [problem] = problems;
    if (problem !== undefined) throw new RangeError(`${one.name}: ${formatProblem(problem)}`);
    placed.push({
      function: one,
      isProgram: programs.has(one),
      offset,
      size: bytes.length,
      offsets: byteOffsets(one.instructions, offset),
      holes: holes.map((hole) => codeHole(hole, bytes, offset)),
    });
    parts.push(bytes);
    offset += bytes.length;
  }
  const bytes = new Uint8Array(offset);
  for (const [index, part] of parts.entries()) bytes.set(part, placed[index]!.offset);
  return { name, bytes, functions: placed };
}

function byteOffsets(instructions: readonly Instruction[], start: number): readonly number[] {
  let at = start;
  return instructions.map(({ op }) => {
    const here = at;
    at += op === 'lddw' ? 16 : 8;
    return here;
  });
}

const CALL = 0x85;

function codeHole({ slot, ref }: Hole, bytes: Uint8Array, start: number): CodeHole {
  if (ref.kind === 'label') throw new RangeError(`label ${ref.name} has no relocation`);
  return { offset: start + slot * 8, isCall: bytes[slot * 8] === CALL, ref };
}
