/** Whole functions and objects as text. The object form assembles again with `asm/`. */
import { encodeInstructions } from '../encode.ts';
import { slotIndexes, slotsOf } from '../fields.ts';
import type { Instruction } from '../instruction.ts';
import type { MapDefinition } from '../maps.ts';
import type { BpfFunction, BpfObject } from '../object.ts';
import { opcodeOf } from '../opcodes.ts';
import { type FormatOptions, formatInstruction } from './format.ts';

export interface ListingOptions extends FormatOptions {
  /** Slot number of the first instruction. Default 0. */
  readonly firstSlot?: number;
}

/**
 * A line an instruction. Kernel style: `12: (b7) r1 = 5`. LLVM style: number, bytes and text as `llvm-objdump -d` prints
 * them. Labels stand on lines of their own. Ends with a newline unless there are no instructions.
 */
export function printInstructions(
  instructions: readonly Instruction[],
  options: ListingOptions = {},
): string {
  const slots = slotIndexes(instructions);
  const first = options.firstSlot ?? 0;
  const bytes =
    options.style === 'llvm' ? encodeInstructions(instructions, { keepReserved: true }).bytes : undefined;
  let text = '';
  for (const [index, instruction] of instructions.entries()) {
    if (instruction.label !== undefined) text += `${instruction.label}:\n`;
    const slot = slots[index]!;
    const body = formatInstruction(instruction, options);
    if (bytes === undefined) {
      text += `${String(first + slot).padStart(4)}: (${hexByte(opcodeOf(instruction.op).opcode)}) ${body}\n`;
      continue;
    }
    const end = (slot + slotsOf(instruction.op)) * 8;
    const hex = Array.from(bytes.subarray(slot * 8, end), hexByte).join(' ');
    text += `${String(first + slot).padStart(8)}:\t${hex}\t${body}\n`;
  }
  return text;
}

/** An object as assembler source: directives, then functions with their labels. */
export function printObject(object: BpfObject): string {
  const lines: string[] = [];
  if (object.license !== '') lines.push(`.license ${object.license}`);
  for (const name of kernelFunctions(object)) lines.push(`.kfunc ${name}`);
  for (const map of object.maps) lines.push(mapDirective(map));
  for (const [name, bytes] of object.data) lines.push(`.data ${name} ${Array.from(bytes, hexByte).join('')}`);
  for (const program of object.programs) {
    lines.push('', `.program ${program.name} ${program.section}`, ...bodyLines(program));
  }
  for (const one of object.functions) lines.push('', `.func ${one.name}`, ...bodyLines(one));
  return `${lines.join('\n')}\n`;
}

function bodyLines({ instructions }: BpfFunction): readonly string[] {
  return instructions.flatMap((instruction) => {
    const body = formatInstruction(instruction, { style: 'source' });
    const label = instruction.label === undefined ? [] : [`${instruction.label}:`];
    return [...label, `  ${body}`];
  });
}

function mapDirective(map: MapDefinition): string {
  const words = [
    `.map ${map.name} ${map.type}`,
    `key=${map.keySize}`,
    `value=${map.valueSize}`,
    `entries=${map.maxEntries}`,
  ];
  if (map.flags !== 0) words.push(`flags=0x${map.flags.toString(16)}`);
  if (map.mapExtra !== undefined) words.push(`extra=0x${map.mapExtra.toString(16)}`);
  const { inner } = map;
  if (inner !== undefined) {
    words.push(
      `inner=${[inner.type, inner.keySize, inner.valueSize, inner.maxEntries, inner.flags].join(':')}`,
    );
  }
  return words.join(' ');
}

function kernelFunctions(object: BpfObject): readonly string[] {
  const names = new Set<string>();
  for (const { instructions } of [...object.programs, ...object.functions]) {
    for (const { ref } of instructions) if (ref?.kind === 'kfunc') names.add(ref.name);
  }
  return [...names];
}

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
