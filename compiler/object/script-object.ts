/**
 * Between a compiled script and its object file: what the script section must keep of it, and the script as it was when
 * that is put back. The script's maps are checked against those of the object, since the two may not fit.
 */
import { addressedMaps, sectionOfMap } from '../../bpf/elf/write/data-sections.ts';
import { isDataSection, symbolNames } from '../../bpf/elf/write/symbol-names.ts';
import type { Instruction, Reference } from '../../bpf/instruction.ts';
import type { MapDefinition } from '../../bpf/maps.ts';
import type { BpfFunction, BpfObject, BpfProgram } from '../../bpf/object.ts';
import type { Span } from '../../bpf/span.ts';
import type { Need } from '../resolve/needs.ts';
import type { ScriptInfo } from '../script-info.ts';
import type { Type } from '../types/type.ts';
import { checkScriptMaps, refuse } from './check-script.ts';
import type { ScriptData, ScriptFunction, UsedField } from './script-data.ts';

export interface ScriptOrigin {
  readonly target: ScriptData['target'];
  /** Fields of records each program reads, by the program's name. */
  readonly fields: ReadonlyMap<string, readonly UsedField[]>;
  readonly needs: readonly Need[];
  /** The script's own functions, by name. */
  readonly functions: ReadonlyMap<string, FunctionTypes>;
}

/** What a function of the script takes and gives, for its prototype. */
export interface FunctionTypes {
  readonly parameters: readonly { readonly name: string; readonly type: Type }[];
  readonly result: Type;
  /** What is in registers: arguments, or the address of all of them; then the context and scratch memory. */
  readonly framed: boolean;
  readonly context: boolean;
  readonly scratch: boolean;
}

/** What must be kept beside the object file itself. */
export function scriptDataOf(object: BpfObject, info: ScriptInfo, origin: ScriptOrigin): ScriptData {
  const symbols = symbolNames(object);
  const addressed = addressedMaps(object);
  const symbolOf = (map: string): string => {
    const symbol = symbols.maps.get(map)!;
    return addressed.has(map) ? sectionOfMap(symbol) : symbol;
  };
  const functionOf = (one: BpfFunction): ScriptFunction => ({
    name: one.name,
    symbol: symbols.functions.get(one.name)!,
    spans: spanRuns(one.instructions),
  });
  return {
    name: object.name,
    target: origin.target,
    needs: origin.needs,
    info,
    sources: object.sources,
    programs: object.programs.map((program) => ({
      ...functionOf(program),
      attach: program.attach,
      fields: origin.fields.get(program.name) ?? [],
    })),
    functions: object.functions.map(functionOf),
    maps: object.maps
      .filter(({ name }) => !isDataSection(name))
      .map(({ name }) => ({ name, symbol: symbolOf(name) })),
  };
}

/**
 * The object with the script's names, order, attach points and sources in place of those of the file.
 * @throws FormatError when the script is of another object
 */
export function restoreScript(object: BpfObject, script: ScriptData): BpfObject {
  const functionNames = new Map(
    [...script.programs, ...script.functions].map((one) => [one.symbol, one.name]),
  );
  const mapNames = new Map(script.maps.map(({ symbol, name }) => [symbol, name]));
  const names: Names = {
    function: (symbol) => functionNames.get(symbol) ?? symbol,
    map: (symbol) => mapNames.get(symbol) ?? symbol,
  };
  const programs = pick(object.programs, script.programs, 'program').map(
    ([program, from]): BpfProgram => ({ ...renamed(program, from, names), attach: from.attach }),
  );
  const functions = pick(object.functions, script.functions, 'function').map(([one, from]) =>
    renamed(one, from, names),
  );
  const isOwn = ({ name }: MapDefinition): boolean => mapNames.has(name) || !isDataSection(name);
  const maps = pick(object.maps.filter(isOwn), script.maps, 'map').map(([map, { name }]) =>
    restoredMap(map, name, names),
  );
  const restored: BpfObject = {
    ...object,
    name: script.name,
    programs,
    functions,
    maps: [...maps, ...object.maps.filter((map) => !isOwn(map))],
    data: restoredData(object.data, mapNames),
    sources: script.sources,
  };
  checkScriptMaps(script.info, restored);
  return restored;
}

/** A map that stands in a section of data is an ordinary one of the script; its section's types and flags are the file's. */
function restoredMap(map: MapDefinition, name: string, names: Names): MapDefinition {
  const { btf: _, ...untyped } = map;
  const plain = isDataSection(map.name) ? { ...untyped, flags: 0 } : map;
  return { ...plain, name, ...(map.slots && { slots: map.slots.map(renameSlot(names)) }) };
}

/** Of a map that stands in a section of data only what is not zero. */
function restoredData(
  data: BpfObject['data'],
  names: ReadonlyMap<string, string>,
): ReadonlyMap<string, Uint8Array> {
  const entries = [...data].filter(
    ([symbol, bytes]) => !names.has(symbol) || bytes.some((byte) => byte !== 0),
  );
  return new Map(entries.map(([symbol, bytes]) => [names.get(symbol) ?? symbol, bytes]));
}

interface Names {
  function(symbol: string): string;
  map(symbol: string): string;
}

/** Each of the script's, with the object's of that symbol; none may be left over or be there twice. */
function pick<
  Item extends { readonly name: string },
  From extends { readonly name: string; readonly symbol: string },
>(items: readonly Item[], wanted: readonly From[], what: string): readonly (readonly [Item, From])[] {
  const left = new Map(items.map((item) => [item.name, item]));
  const names = new Set(wanted.map(({ name }) => name));
  if (names.size !== wanted.length) refuse(`two ${what}s have one name`);
  const pairs = wanted.map((from) => {
    const item = left.get(from.symbol) ?? refuse(`the object has no ${what} '${from.symbol}'`);
    left.delete(from.symbol);
    return [item, from] as const;
  });
  for (const name of left.keys()) refuse(`it does not tell of the ${what} '${name}'`);
  return pairs;
}

function renamed<Code extends BpfFunction>(code: Code, from: ScriptFunction, names: Names): Code {
  const spans = expand(from, code.instructions.length);
  const instructions = code.instructions.map((one, index): Instruction => {
    const { span: _, ref, ...rest } = one;
    const span = spans[index];
    return {
      ...rest,
      ...(ref !== undefined && { ref: renameReference(ref, names) }),
      ...(span !== undefined && { span }),
    };
  });
  return { ...code, name: from.name, instructions };
}

function renameReference(ref: Reference, names: Names): Reference {
  switch (ref.kind) {
    case 'map':
    case 'map-value':
      return { ...ref, name: names.map(ref.name) };
    case 'function':
      return { ...ref, name: names.function(ref.name) };
    case 'label':
    case 'kfunc':
    case 'ksym':
      return ref;
    default:
      return ref satisfies never;
  }
}

function renameSlot(names: Names) {
  return <Slot extends { readonly target: { readonly kind: 'map' | 'program'; readonly name: string } }>(
    slot: Slot,
  ): Slot => ({
    ...slot,
    target: {
      ...slot.target,
      name: slot.target.kind === 'map' ? names.map(slot.target.name) : names.function(slot.target.name),
    },
  });
}

function spanRuns(instructions: readonly Instruction[]): ScriptFunction['spans'] {
  const runs: { count: number; readonly span: Span | undefined }[] = [];
  for (const { span } of instructions) {
    const last = runs.at(-1);
    if (last !== undefined && sameSpan(last.span, span)) last.count++;
    else runs.push({ count: 1, span });
  }
  return runs;
}

function sameSpan(a: Span | undefined, b: Span | undefined): boolean {
  return a === b || (a?.source === b?.source && a?.start === b?.start && a?.end === b?.end);
}

function expand({ name, spans }: ScriptFunction, length: number): readonly (Span | undefined)[] {
  const total = spans.reduce((sum, { count }) => sum + count, 0);
  if (total !== length) refuse(`'${name}' has ${length} instructions, and it tells of ${total}`);
  return spans.flatMap(({ count, span }) => Array.from({ length: count }, () => span));
}
