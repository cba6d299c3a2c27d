/**
 * Types of all files as one table, each once; sections of data with the variables of all files, at their new places. A
 * declaration (`extern`) of what another file defines gives way to the definition, and must be of the same type.
 */
import type { Btf } from '../../btf/btf.ts';
import type { BtfBuilder } from '../../btf/builder.ts';
import type { BtfExt, ExtSection } from '../../btf/ext.ts';
import { type MergedBtf, mergeBtf } from '../../btf/merge.ts';
import type { BtfDataSection, TypeId } from '../../btf/type.ts';
import { typeName } from '../../btf/type-name.ts';
import { copyBtf } from '../write/copy-btf.ts';
import type { JoinedSections } from './joined-sections.ts';
import type { JoinedSymbols } from './joined-symbols.ts';
import { LinkError } from './link-error.ts';
import type { LinkInput } from './link-input.ts';

export interface JoinedTypes {
  readonly builder: BtfBuilder;
  readonly ext: BtfExt;
}

type TypedInput = LinkInput & { readonly btf: Btf };

/** Undefined when no file has types. @throws LinkError */
export function joinTypes(
  inputs: readonly LinkInput[],
  sections: JoinedSections,
  symbols: JoinedSymbols,
  littleEndian: boolean,
): JoinedTypes | undefined {
  const typed = inputs.filter((input): input is TypedInput => input.btf !== undefined);
  if (typed.length === 0) return undefined;
  checkDeclarations(typed, symbols);
  const kept = typed.map((input) => ({ btf: input.btf, roots: rootsOf(input, symbols) }));
  const merged = mergeBtf(kept, { littleEndian });
  const builder = copyBtf(merged.btf);
  for (const section of dataSections(typed, sections, symbols, merged)) builder.add(section);
  return { builder, ext: joinExtensions(typed, sections, merged) };
}

/** All but sections of data, which are made anew, and what is defined elsewhere; prototypes come with their functions. */
function rootsOf(input: TypedInput, symbols: JoinedSymbols): readonly TypeId[] {
  const roots: TypeId[] = [];
  for (let id = input.btf.firstId; id < input.btf.end; id++) {
    const kind = input.btf.kindOf(id);
    if (kind !== 'datasec' && kind !== 'func_proto' && stands(input, id, symbols)) roots.push(id);
  }
  return roots;
}

/** False for a variable or function whose name another file defines. */
function stands(input: TypedInput, id: TypeId, symbols: JoinedSymbols): boolean {
  const kind = input.btf.kindOf(id);
  if (kind !== 'var' && kind !== 'func') return true;
  const type = input.btf.type(id);
  if (!('linkage' in type) || type.linkage === 'static') return true;
  // The code of a weak function that lost is still there, with its type.
  if (kind === 'func' && type.linkage === 'global') return true;
  return symbols.stands(input, type.name);
}

interface Declared {
  readonly input: LinkInput;
  readonly text: string;
}

/** By the C text of their types: structs count by name. */
function checkDeclarations(inputs: readonly TypedInput[], symbols: JoinedSymbols): void {
  const known = new Map<string, Declared>();
  for (const input of inputs) {
    for (let id = input.btf.firstId; id < input.btf.end; id++) {
      const type = input.btf.type(id);
      if (type.kind !== 'var' && type.kind !== 'func') continue;
      if (type.linkage === 'static') continue;
      const text = typeName(input.btf, type.type, type.name);
      const other = known.get(type.name);
      if (other === undefined) known.set(type.name, { input, text });
      else if (other.text !== text && (type.linkage === 'extern' || !symbols.stands(input, type.name))) {
        throw new LinkError(`'${other.text}' in ${other.input.name} is '${text}' in ${input.name}`);
      }
    }
  }
}

type Variable = BtfDataSection['variables'][number];

function dataSections(
  inputs: readonly TypedInput[],
  sections: JoinedSections,
  symbols: JoinedSymbols,
  merged: MergedBtf,
): readonly BtfDataSection[] {
  const joined = new Map<string, { readonly size: number; readonly variables: Map<TypeId, Variable> }>();
  const sizes = new Map(sections.sections.map(({ name, size }) => [name, size]));
  for (const [index, input] of inputs.entries()) {
    for (let id = input.btf.firstId; id < input.btf.end; id++) {
      const type = input.btf.type(id);
      if (type.kind !== 'datasec') continue;
      // The sections of externs are in no file.
      const into = joined.get(type.name) ?? { size: sizes.get(type.name) ?? 0, variables: new Map() };
      joined.set(type.name, into);
      const offset = offsetOf(input, type.name, sections);
      for (const variable of type.variables) {
        if (!stands(input, variable.type, symbols)) continue;
        const target = merged.idOf(index, variable.type)!;
        if (into.variables.has(target)) continue;
        into.variables.set(target, { ...variable, type: target, offset: variable.offset + offset });
      }
    }
  }
  return [...joined]
    .filter(([, { variables }]) => variables.size > 0)
    .map(([name, { variables, size }]) => ({
      kind: 'datasec',
      name,
      size,
      variables: [...variables.values()],
    }));
}

function offsetOf(input: LinkInput, name: string, sections: JoinedSections): number {
  const section = input.elf.section(name);
  return section === undefined ? 0 : (sections.place(input, section.index)?.offset ?? 0);
}

function joinExtensions(inputs: readonly TypedInput[], sections: JoinedSections, merged: MergedBtf): BtfExt {
  const typeOf = (input: number, id: TypeId): TypeId => merged.idOf(input, id) ?? 0;
  return {
    functions: joinRecords(
      inputs,
      sections,
      (one) => one.functions,
      (record, input) => ({
        ...record,
        type: typeOf(input, record.type),
      }),
    ),
    lines: joinRecords(
      inputs,
      sections,
      (one) => one.lines,
      (record) => record,
    ),
    relocations: joinRecords(
      inputs,
      sections,
      (one) => one.relocations,
      (record, input) => ({
        ...record,
        type: typeOf(input, record.type),
      }),
    ),
  };
}

function joinRecords<R extends { readonly offset: number }>(
  inputs: readonly TypedInput[],
  sections: JoinedSections,
  tableOf: (ext: BtfExt) => readonly ExtSection<R>[],
  translate: (record: R, input: number) => R,
): readonly ExtSection<R>[] {
  const joined = new Map<string, R[]>();
  for (const [index, input] of inputs.entries()) {
    for (const { section, records } of input.ext === undefined ? [] : tableOf(input.ext)) {
      const list = joined.get(section) ?? [];
      joined.set(section, list);
      const offset = offsetOf(input, section, sections);
      for (const record of records)
        list.push({ ...translate(record, index), offset: record.offset + offset });
    }
  }
  return [...joined].map(([section, records]) => ({ section, records }));
}
