/** A function's bytes as instructions, each with what it refers to, its CO-RE relocation and its source line. */
import type { CoreRelocation } from '../../core/relocation.ts';
import { decodeInstructions } from '../../decode.ts';
import type { Instruction } from '../../instruction.ts';
import type { Span } from '../../span.ts';
import type { ExtensionInfo } from './extension-info.ts';
import type { ObjectFunction } from './functions.ts';
import type { ObjectFile } from './object-file.ts';
import type { ReferenceReader } from './references.ts';

export interface CodeContext {
  readonly file: ObjectFile;
  readonly references: ReferenceReader;
  readonly info: ExtensionInfo;
}

/**
 * Adds the offset of each instruction in its section to `starts`.
 * @throws FormatError when there is an instruction that cannot be named
 */
export function readCode(
  { file, references, info }: CodeContext,
  { section, offset, size, name }: ObjectFunction,
  starts: Set<number>,
): readonly Instruction[] {
  const bytes = file.elf.data(section).subarray(offset, offset + size);
  const { instructions, slots, problems } = decodeInstructions(bytes, file.order);
  for (const problem of problems) {
    const message = `${name}: ${problem.message}`;
    if (problem.kind !== 'reserved-field') file.fail(section, offset + problem.offset, message);
    file.warn(section, offset + problem.offset, message);
  }
  const lines = info.linesOf(section);
  const cores = info.coresOf(section);
  let span: Span | undefined;
  return instructions.map((instruction, index) => {
    const at = offset + slots[index]! * 8;
    starts.add(at);
    // A line goes on until the next begins.
    span = lines.get(at) ?? span;
    return withInfo(references.resolve(instruction, section, at), span, cores.get(at));
  });
}

function withInfo(
  instruction: Instruction,
  span: Span | undefined,
  core: CoreRelocation | undefined,
): Instruction {
  if (span === undefined && core === undefined) return instruction;
  return {
    ...instruction,
    ...(core === undefined ? {} : { core }),
    ...(span === undefined ? {} : { span }),
  };
}
