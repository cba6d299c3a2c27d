/** C text of BTF: a whole table as one header (`vmlinux.h`), or one type. */
import type { Btf } from '../btf.ts';
import type { TypeId } from '../type.ts';
import { Definitions } from './definitions.ts';
import { functionSection, functionText, sectionText, variableText } from './symbols.ts';
import type { BtfDumpProblem } from './work.ts';

export interface DumpTypeOptions {
  /** All definitions it needs stand before it. */
  readonly dependencies?: boolean;
  /** Told of what could not be written; the text has a comment in its place. */
  readonly report?: (problem: BtfDumpProblem) => void;
}

export interface DumpAllOptions {
  /** Prototypes: of functions that programs may call (`bpf_kfunc`), or of all. */
  readonly functions?: 'kfuncs' | 'all';
  /** Declarations of variables, by section. */
  readonly variables?: boolean;
  /** Split BTF gives its own types alone, to be included behind the base's header. With this it gives what they need too. */
  readonly dependencies?: boolean;
  /** The macro that guards against a second inclusion; `__VMLINUX_H__`, of split BTF `__MODULE_H__`. */
  readonly guard?: string;
  readonly report?: (problem: BtfDumpProblem) => void;
}

/**
 * The definition of one type, a function's prototype or a variable's declaration, as C. What it names is not defined unless
 * `dependencies` is set. Ends in a newline.
 * @throws RangeError when there is no such type
 */
export function dumpType(btf: Btf, id: TypeId, options: DumpTypeOptions = {}): string {
  return dumpTypes(btf, [id], options);
}

/** Several types as one text, each definition once. */
export function dumpTypes(btf: Btf, ids: readonly TypeId[], options: DumpTypeOptions = {}): string {
  const definitions = new Definitions(btf, options.report);
  const texts = ids.map((id) => typeText(definitions, id, options.dependencies === true));
  return `${texts.join('').trimEnd()}\n`;
}

function typeText(definitions: Definitions, id: TypeId, dependencies: boolean): string {
  const type = definitions.btf.type(id);
  if (type.kind === 'func') return functionText(definitions, id, type, dependencies);
  if (type.kind === 'var') return variableText(definitions, id, type, dependencies);
  if (type.kind === 'datasec') return sectionText(definitions, type, dependencies);
  // Base types need no definition, and who asks for one wants to see something.
  if (type.kind === 'int' || type.kind === 'float') {
    return `${definitions.alone(id)}/* ${type.name.replaceAll('*/', '* /')}: ${type.size} bytes */\n\n`;
  }
  return dependencies ? definitions.withNeeds(id) : definitions.alone(id);
}

/** The whole table as a header that compiles, in pieces; the first piece begins it, the last ends it. */
export function* dumpAll(btf: Btf, options: DumpAllOptions = {}): Generator<string, void, undefined> {
  const definitions = new Definitions(btf, options.report);
  const first = btf.base === undefined ? 1 : btf.firstId;
  // What the base's header defines is not defined again, and keeps its names.
  if (options.dependencies !== true) for (let id = 1; id < first; id++) definitions.withNeeds(id);
  const guard =
    options.guard ?? (first > 1 && options.dependencies !== true ? '__MODULE_H__' : '__VMLINUX_H__');
  yield `#ifndef ${guard}\n#define ${guard}\n\n${PUSH}`;
  for (let id = first; id < btf.end; id++) {
    if (btf.kindOf(id) === 'func') continue;
    const text = definitions.withNeeds(id);
    if (text !== '') yield text;
  }
  if (options.variables === true) yield* variables(definitions, first);
  yield POP;
  if (options.functions !== undefined) yield* functionSection(definitions, first, options.functions);
  yield `#endif /* ${guard} */\n`;
}

function* variables(definitions: Definitions, first: TypeId): Generator<string, void, undefined> {
  for (let id = first; id < definitions.btf.end; id++) {
    if (definitions.btf.kindOf(id) !== 'datasec') continue;
    const section = definitions.btf.type(id);
    if (section.kind === 'datasec') yield sectionText(definitions, section, true);
  }
}

/** bpftool's: accesses become CO-RE relocations unless the includer says otherwise. */
const PUSH = `#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)
#endif

`;

const POP = `#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute pop
#endif

`;
