/** A program and the functions it calls -> runnable code: linked, with the addresses of maps, values and functions. */
import { CallKind, WideKind } from '../bpf/fields.ts';
import type { Instruction } from '../bpf/instruction.ts';
import { linkProgram } from '../bpf/link.ts';
import type { BpfFunction } from '../bpf/object.ts';
import type { ProgramTypeName } from '../bpf/programs.ts';
import { KERNEL_TAG, USER_TAG } from './address.ts';
import { LoadError } from './fault.ts';
import { predecode } from './interpreter/predecode.ts';
import { ARENA_PAGE } from './maps/arena-map.ts';
import type { BpfMap } from './maps/map.ts';
import type { MemoryMode } from './mode.ts';
import { CODE_TAG, type Program } from './program.ts';

/** Where kernel functions lie as far as programs see: in the text of the kernel, and never read. */
const KFUNC_ADDRESSES = 0x8100_0000 | 0;
const KFUNC_TAG: number = 0xffffffff | 0;

/** What names of a program stand for on a machine. */
export interface ProgramNames {
  map(name: string): BpfMap | undefined;
  /** The helper number of a kernel function. */
  kfunc(name: string): number | undefined;
}

/** What a machine gives a program that it loads. */
export interface ProgramPlace {
  /** Low half of the address the code gets. */
  readonly codeAddress: number;
  readonly slot: number;
  readonly mode: MemoryMode;
  readonly type: ProgramTypeName;
}

/** Throws LoadError. */
export function relocate(
  entry: BpfFunction,
  functions: readonly BpfFunction[],
  place: ProgramPlace,
  names: ProgramNames,
): Program {
  const { codeAddress } = place;
  const linked = linkProgram(entry, functions);
  const [problem] = linked.problems;
  if (problem !== undefined) throw new LoadError(`${entry.name}: slot ${problem.slot}: ${problem.message}`);
  let slot = 0;
  const instructions = linked.instructions.map((one, index) => {
    const here = slot;
    slot += one.op === 'lddw' ? 2 : 1;
    if (one.ref?.kind === 'kfunc') return relocateCall(entry.name, one, index, names);
    return one.op === 'lddw' ? relocateWide(entry.name, one, index, codeAddress + here * 8, names) : one;
  });
  const { code, slots } = predecode(entry.name, instructions);
  return {
    name: entry.name,
    ...place,
    code,
    instructions: linked.instructions,
    functions: linked.functions,
    slots,
  };
}

function relocateCall(program: string, one: Instruction, index: number, names: ProgramNames): Instruction {
  const name = one.ref?.name ?? '';
  const imm = names.kfunc(name);
  if (imm === undefined)
    throw new LoadError(`${program}: instruction ${index}: no kernel function '${name}'`);
  return { ...one, src: CallKind.helper, off: 0, imm };
}

function relocateWide(
  program: string,
  one: Instruction,
  index: number,
  address: number,
  names: ProgramNames,
): Instruction {
  const { ref } = one;
  const refuse = (why: string): LoadError => new LoadError(`${program}: instruction ${index}: ${why}`);
  if (ref === undefined) {
    if (one.src === WideKind.value) return one;
    if (one.src === WideKind.func) return pointer(one, (address + 8 + one.imm * 8) | 0, CODE_TAG);
    throw refuse(`a wide load of kind ${one.src} names nothing`);
  }
  switch (ref.kind) {
    case 'map':
      return pointer(one, base(ref.name, names, refuse).layout.base, KERNEL_TAG);
    case 'map-value': {
      const map = base(ref.name, names, refuse);
      const bytes = fixedBytes(map);
      if (bytes === 0) throw refuse(`map ${ref.name} is no array, so its value has no fixed address`);
      if (ref.offset < 0 || ref.offset >= bytes)
        throw refuse(`offset ${ref.offset} is outside map ${ref.name}`);
      const { layout, definition } = map;
      // An arena's address is user space's, as Linux has it; programs cast it before they use it.
      const tag = definition.type === 'arena' ? USER_TAG : KERNEL_TAG;
      return pointer(one, layout.base + layout.elements + ref.offset, tag);
    }
    case 'ksym': {
      // `bpf_ksym_exists` of a kernel function asks for its address.
      const number = names.kfunc(ref.name);
      if (number === undefined) throw refuse(`ksym '${ref.name}' cannot be resolved here`);
      return pointer(one, KFUNC_ADDRESSES + number * 16, KFUNC_TAG);
    }
    case 'kfunc':
    case 'label':
    case 'function':
      throw refuse(`${ref.kind} '${ref.name}' cannot be resolved here`);
  }
}

/** Bytes at a fixed address: an array's first value, all of an arena (`map_direct_value_addr`); 0 for other types. */
function fixedBytes({ definition, layout }: BpfMap): number {
  if (definition.type === 'arena') return definition.maxEntries * ARENA_PAGE;
  return definition.type === 'array' ? layout.valueSize : 0;
}

function base(name: string, names: ProgramNames, refuse: (why: string) => LoadError): BpfMap {
  const map = names.map(name);
  if (map === undefined) throw refuse(`no map '${name}'`);
  return map;
}

function pointer(one: Instruction, low: number, high: number): Instruction {
  return { ...one, src: 0, imm: low, immHigh: high };
}
