/**
 * What instructions refer to: relocations and calls inside a section, as references by name (libbpf's
 * `bpf_program__record_reloc` and `bpf_object__reloc_code`).
 */
import { CallKind, WideKind } from '../../fields.ts';
import type { Instruction, Reference } from '../../instruction.ts';
import type { Extern } from '../../object.ts';
import { R_BPF, STB } from '../constants.ts';
import type { ElfRelocation } from '../elf-relocation.ts';
import type { ElfSection } from '../section.ts';
import type { ElfSymbol } from '../symbol.ts';
import { isExtern } from './externs.ts';
import type { ObjectFunction } from './functions.ts';
import type { ObjectFile } from './object-file.ts';
import type { PlacedMap } from './placed-map.ts';

export interface ReferenceTargets {
  readonly functions: readonly ObjectFunction[];
  /** Of `.maps` and `maps`. */
  readonly maps: readonly PlacedMap[];
  /** Names of data maps by the index of their section. */
  readonly data: ReadonlyMap<number, string>;
  readonly externs: ReadonlyMap<string, Extern>;
}

export class ReferenceReader {
  readonly #file: ObjectFile;
  readonly #targets: ReferenceTargets;
  readonly #functions: ReadonlyMap<string, ObjectFunction>;
  readonly #maps: ReadonlyMap<string, PlacedMap>;
  readonly #relocations = new Map<number, Map<number, ElfRelocation>>();
  /** Undeclared externs that code of an object without types refers to. */
  readonly found: Map<string, Extern> = new Map();

  constructor(file: ObjectFile, targets: ReferenceTargets) {
    this.#file = file;
    this.#targets = targets;
    // The first of an alias stands for all.
    this.#functions = new Map(
      targets.functions.toReversed().map((one) => [key(one.section, one.offset), one]),
    );
    this.#maps = new Map(targets.maps.map((one) => [key(one.section, one.offset), one]));
  }

  /** The instruction at a byte of a code section with its reference, if it has one. @throws FormatError */
  resolve(instruction: Instruction, section: ElfSection, offset: number): Instruction {
    const relocation = this.#at(section).get(offset);
    if (relocation !== undefined) return this.#relocated(instruction, section, offset, relocation);
    if (instruction.op === 'call' && instruction.src === CallKind.local) {
      const target = offset + 8 + instruction.imm * 8;
      return refer(instruction, this.#function(section, target, section, offset), CallKind.local);
    }
    return instruction;
  }

  /** Tells relocations of a section that are at no instruction. @throws FormatError */
  check(section: ElfSection, starts: ReadonlySet<number>): void {
    for (const { offset } of this.#file.relocationsOf(section)) {
      if (!starts.has(offset)) this.#file.fail(section, offset, 'a relocation is at no instruction');
    }
  }

  #at(section: ElfSection): ReadonlyMap<number, ElfRelocation> {
    const known = this.#relocations.get(section.index);
    if (known !== undefined) return known;
    const found = new Map<number, ElfRelocation>();
    for (const one of this.#file.relocationsOf(section)) {
      if (found.has(one.offset)) this.#file.fail(section, one.offset, 'is relocated twice');
      if (one.type !== R_BPF.NONE) found.set(one.offset, one);
    }
    this.#relocations.set(section.index, found);
    return found;
  }

  #relocated(
    instruction: Instruction,
    section: ElfSection,
    offset: number,
    relocation: ElfRelocation,
  ): Instruction {
    const symbol = this.#file.symbolOf(relocation, section);
    const { op } = instruction;
    if (op !== 'call' && op !== 'lddw') {
      return this.#file.fail(
        section,
        offset,
        `${op} cannot be relocated, for '${this.#file.nameOf(symbol)}'`,
      );
    }
    const expected = op === 'call' ? R_BPF['64_32'] : R_BPF['64_64'];
    // Before clang 13 calls were relocated by the type of wide loads too.
    if (relocation.type !== expected && relocation.type !== R_BPF['64_64']) {
      this.#file.fail(section, offset, `relocation type ${relocation.type} has no meaning for ${op}`);
    }
    if (isExtern(symbol)) return this.#extern(instruction, symbol, section, offset);
    return op === 'call'
      ? this.#call(instruction, section, offset, symbol)
      : this.#load(instruction, section, offset, symbol);
  }

  #extern(instruction: Instruction, symbol: ElfSymbol, section: ElfSection, offset: number): Instruction {
    const { name, binding } = symbol;
    const isCall = instruction.op === 'call';
    const known = this.#targets.externs.get(name) ?? this.found.get(name);
    if (known === undefined) {
      const what = isCall ? 'function' : 'variable';
      this.#file.warn(section, offset, `'${name}' is taken for a ${what} of the kernel: no type tells`);
      this.found.set(name, { kind: isCall ? 'kfunc' : 'ksym', name, weak: binding === STB.WEAK });
    }
    if (isCall && known?.kind === 'unlinked') {
      return refer(instruction, { kind: 'function', name }, CallKind.local);
    }
    if (isCall) return refer(instruction, { kind: 'kfunc', name }, CallKind.kfunc);
    if (known?.kind !== 'kconfig') return refer(instruction, { kind: 'ksym', name }, WideKind.btfId);
    const ref: Reference = { kind: 'map-value', name: '.kconfig', offset: known.offset };
    return refer(instruction, ref, WideKind.mapValue);
  }

  #call(instruction: Instruction, section: ElfSection, offset: number, symbol: ElfSymbol): Instruction {
    const target = this.#place(section, offset, symbol);
    if (instruction.src !== CallKind.local) {
      this.#file.fail(section, offset, `a call of kind ${instruction.src} cannot be relocated`);
    }
    const at = Number(symbol.value) + (instruction.imm + 1) * 8;
    return refer(instruction, this.#function(target, at, section, offset), CallKind.local);
  }

  #load(instruction: Instruction, section: ElfSection, offset: number, symbol: ElfSymbol): Instruction {
    const target = this.#place(section, offset, symbol);
    const at = Number(symbol.value) + instruction.imm;
    const data = this.#targets.data.get(target.index);
    if (data !== undefined) {
      return refer(instruction, { kind: 'map-value', name: data, offset: at }, WideKind.mapValue);
    }
    if (this.#file.roleOf(target) === 'code') {
      return refer(instruction, this.#function(target, at, section, offset), WideKind.func);
    }
    const map = this.#maps.get(key(target, at));
    if (map !== undefined) return refer(instruction, { kind: 'map', name: map.map.name }, WideKind.mapFd);
    const name = this.#file.nameOf(symbol);
    return this.#file.fail(section, offset, `'${name}' at ${target.name}+${at} is no map and no data`);
  }

  #place(section: ElfSection, offset: number, symbol: ElfSymbol): ElfSection {
    const target = this.#file.sectionOf(symbol);
    if (target !== undefined) return target;
    const name = this.#file.nameOf(symbol);
    return this.#file.fail(section, offset, `'${name}' is in the special section ${symbol.section}`);
  }

  #function(target: ElfSection, at: number, section: ElfSection, offset: number): Reference {
    const found = this.#functions.get(key(target, at));
    if (found === undefined) {
      return this.#file.fail(section, offset, `no function begins at ${target.name}+${at}`);
    }
    if (found.isProgram) {
      this.#file.fail(section, offset, `${found.name} is a program, which only the kernel calls`);
    }
    return { kind: 'function', name: found.name };
  }
}

function key(section: ElfSection, offset: number): string {
  return `${section.index}:${offset}`;
}

function refer(instruction: Instruction, ref: Reference, kind: Instruction['src']): Instruction {
  const { immHigh, ...rest } = instruction;
  const plain = { ...rest, src: kind, imm: 0, ref };
  return immHigh === undefined ? plain : { ...plain, immHigh: 0 };
}
