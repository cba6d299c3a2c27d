/**
 * What `.BTF.ext` says of an object's code: the type of each function, the source line of each change of line or
 * expression, CO-RE relocations. Linux wants all functions of a program to have the first two, or none (kernel
 * `check_btf_func`, `check_btf_line`), and a line at the first instruction of each.
 */
import type { BtfExt, CoreRecord, FunctionRecord, LineRecord } from '../../btf/ext.ts';
import type { BpfObject } from '../../object.ts';
import type { Span } from '../../span.ts';
import type { CodeSection, PlacedFunction } from './code-section.ts';
import { LineTable } from './line-table.ts';

export function describeCode(object: BpfObject, sections: readonly CodeSection[]): BtfExt {
  const functions = sections.flatMap((section) => section.functions);
  const typed = functions.every((one) => one.function.btfId !== undefined);
  const lines = object.sources.map((source) => new LineTable(source));
  const lined = functions.some((one) => one.function.instructions.some(({ span }) => span !== undefined));
  return {
    functions: typed
      ? sections.map(({ name, functions: own }) => ({ section: name, records: own.map(typeOf) }))
      : [],
    lines: lined
      ? sections.map(({ name, functions: own }) => ({
          section: name,
          records: own.flatMap((one) => linesOf(one, lines, object.name)),
        }))
      : [],
    relocations: sections.map(({ name, functions: own }) => ({
      section: name,
      records: own.flatMap(coreOf),
    })),
  };
}

function typeOf(one: PlacedFunction): FunctionRecord {
  return { offset: one.offset, type: one.function.btfId! };
}

function linesOf(one: PlacedFunction, tables: readonly LineTable[], name: string): readonly LineRecord[] {
  const { instructions } = one.function;
  const records: LineRecord[] = [];
  let last = instructions.find(({ span }) => span !== undefined)?.span;
  records.push({ offset: one.offset, ...place(last, tables, name) });
  for (const [index, { span }] of instructions.entries()) {
    if (span === undefined || (span.source === last?.source && span.start === last.start)) continue;
    last = span;
    records.push({ offset: one.offsets[index]!, ...place(span, tables, name) });
  }
  return records;
}

function place(
  span: Span | undefined,
  tables: readonly LineTable[],
  name: string,
): Omit<LineRecord, 'offset'> {
  const table = span && tables[span.source];
  return table?.at(span!) ?? { file: name, text: '', line: 0, column: 0 };
}

function coreOf(one: PlacedFunction): readonly CoreRecord[] {
  return one.function.instructions.flatMap(({ core }, index) =>
    core === undefined ? [] : [{ offset: one.offsets[index]!, ...core }],
  );
}
