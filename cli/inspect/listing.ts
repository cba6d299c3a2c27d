/** Code of an object with the source lines it comes from between the instructions. */
import type { Btf } from '../../bpf/btf/btf.ts';
import { formatInstruction } from '../../bpf/disasm/index.ts';
import { LineTable } from '../../bpf/elf/write/line-table.ts';
import { slotIndexes } from '../../bpf/fields.ts';
import type { BpfFunction, BpfObject } from '../../bpf/object.ts';
import { opcodeOf } from '../../bpf/opcodes.ts';
import { coreText } from './describe-function.ts';

export function listingText(object: BpfObject): string {
  const tables = object.sources.map((source) => new LineTable(source));
  const programs = object.programs.map((one) =>
    functionText(`${one.section}: ${one.name}`, one, tables, object.btf),
  );
  const functions = object.functions.map((one) => functionText(one.name, one, tables, object.btf));
  return [...programs, ...functions].join('\n');
}

function functionText(
  title: string,
  { instructions }: BpfFunction,
  tables: readonly LineTable[],
  btf: Btf | undefined,
): string {
  const slots = slotIndexes(instructions);
  const lines = [`${title}:`];
  let shown = '';
  for (const [index, instruction] of instructions.entries()) {
    const { span, core, op, label } = instruction;
    const place = span === undefined ? undefined : tables[span.source]?.at(span);
    // Line 0: code that the compiler made for no line.
    const known = place !== undefined && place.line > 0;
    const heading = known ? `; ${place.file}:${place.line}: ${place.text.trim()}` : shown;
    if (heading !== shown) lines.push(heading);
    shown = heading;
    if (label !== undefined) lines.push(`${label}:`);
    const code = opcodeOf(op).opcode.toString(16).padStart(2, '0');
    const note = core === undefined ? '' : `  ; ${coreText(core, btf)}`;
    lines.push(`${String(slots[index]!).padStart(5)}: (${code}) ${formatInstruction(instruction)}${note}`);
  }
  return `${lines.join('\n')}\n`;
}
