/**
 * `BpfObject` -> ELF object file, as libbpf, bpftool and LLVM's tools take it: sections of code, `.maps`, data, license,
 * types (`.BTF`), what they say of the code (`.BTF.ext`), symbols and relocations.
 */
import type { Btf } from '../../btf/btf.ts';
import type { BtfBuilder } from '../../btf/builder.ts';
import { writeBtfExt } from '../../btf/write-ext.ts';
import type { BpfObject, Extern } from '../../object.ts';
import { R_BPF, SHF, SHN, SHT, STB, STT } from '../constants.ts';
import { type CodeHole, type CodeSection, placeCode, TEXT_SECTION } from './code-section.ts';
import { copyBtf } from './copy-btf.ts';
import { type DataSection, KCONFIG, layoutData, variablesOf } from './data-sections.ts';
import { ElfWriter, type SymbolHandle } from './elf-writer.ts';
import { describeCode } from './extension.ts';
import { addExternTypes } from './extern-types.ts';
import { hideVariables } from './hide-variables.ts';
import { legacyMaps } from './legacy-section.ts';
import { layoutMaps, MAPS_SECTION, type MapSection } from './map-section.ts';
import { layoutStructOps, type StructOpsSection } from './struct-ops-section.ts';
import { isDataSection, type SymbolNames, symbolNames } from './symbol-names.ts';

export interface WriteObjectOptions {
  /**
   * More sections, by name, such as have no meaning for a loader. Those whose variables the object's types tell of are data;
   * others are string tables, so that no loader complains.
   */
  readonly sections?: ReadonlyMap<string, Uint8Array>;
}

/** @throws RangeError when the object has something that no object file can say */
export function writeObject(object: BpfObject, options: WriteObjectOptions = {}): Uint8Array {
  return new ObjectWriter(object).write(options.sections ?? new Map());
}

/** A function's symbol and place. */
interface Target {
  readonly symbol: SymbolHandle;
  readonly section: string;
  readonly offset: number;
  readonly isStatic: boolean;
}

/** A variable that addresses can be relocated by. */
interface DataTarget {
  readonly symbol: SymbolHandle;
  readonly offset: number;
  readonly size: number;
}

class ObjectWriter {
  readonly #object: BpfObject;
  readonly #little: boolean;
  readonly #names: SymbolNames;
  readonly #elf: ElfWriter;
  readonly #code: readonly CodeSection[];
  readonly #sections: Map<string, number> = new Map();
  readonly #sectionSymbols: Map<string, SymbolHandle> = new Map();
  readonly #functions: Map<string, Target> = new Map();
  readonly #maps: Map<string, SymbolHandle> = new Map();
  /** By map name. */
  readonly #data: Map<string, { readonly section: string; readonly globals: readonly DataTarget[] }> =
    new Map();
  readonly #externs: Map<string, SymbolHandle> = new Map();

  constructor(object: BpfObject) {
    this.#object = object;
    this.#little = object.endian === 'little';
    this.#names = symbolNames(object);
    this.#elf = new ElfWriter({ littleEndian: this.#little });
    this.#code = placeCode(object);
  }

  write(sections: ReadonlyMap<string, Uint8Array>): Uint8Array {
    const { btf } = this.#object;
    const builder = copyBtf(btf);
    const data = layoutData(this.#object, this.#names.maps, builder);
    const maps = this.#layoutMaps(data, btf, builder);
    addExternTypes(this.#object, builder);
    this.#addCode();
    this.#addLicense();
    this.#addVersion();
    this.#addMaps(maps);
    for (const section of data) this.#addData(section);
    for (const section of layoutStructOps(this.#object)) this.#addStructOps(section);
    for (const one of this.#object.externs ?? []) this.#addExtern(one);
    if (maps !== undefined) this.#relocateMaps(maps);
    for (const section of this.#code) this.#relocateCode(section);
    for (const [name, bytes] of sections) this.#addOther(name, bytes);
    hideVariables(builder, (section) => this.#sections.has(section));
    this.#addTypes(builder);
    return this.#elf.finish();
  }

  #layoutMaps(
    data: readonly DataSection[],
    btf: Btf | undefined,
    builder: BtfBuilder,
  ): MapSection | undefined {
    const inData = new Set(data.map(({ map }) => map));
    const maps = this.#object.maps.filter(
      (map) => !isDataSection(map.name) && !inData.has(map) && map.type !== 'struct_ops',
    );
    if (btf !== undefined || maps.length === 0) return layoutMaps(maps, this.#names.maps, btf, builder);
    const { bytes, offsets, size } = legacyMaps(maps, this.#little);
    const index = this.#add('maps', SHT.PROGBITS, SHF.ALLOC | SHF.WRITE, bytes, 4);
    for (const [position, map] of maps.entries()) {
      this.#addMapSymbol(map.name, index, offsets[position]!, size);
    }
    return undefined;
  }

  #add(name: string, type: number, flags: number, data: Uint8Array, alignment: number): number {
    const index = this.#elf.addSection({ name, type, flags, data, alignment });
    this.#sections.set(name, index);
    return index;
  }

  #addCode(): void {
    for (const { name, bytes, functions } of this.#code) {
      // The writer keeps the bytes, which relocating changes.
      const index = this.#add(name, SHT.PROGBITS, SHF.ALLOC | SHF.EXECINSTR, bytes, 8);
      for (const { function: one, isProgram, offset, size } of functions) {
        const linkage = one.linkage ?? (isProgram ? 'global' : 'static');
        const symbol = this.#elf.addSymbol({
          name: this.#names.functions.get(one.name)!,
          value: BigInt(offset),
          size,
          type: STT.FUNC,
          binding: linkage === 'static' ? STB.LOCAL : one.weak ? STB.WEAK : STB.GLOBAL,
          section: index,
        });
        this.#functions.set(one.name, { symbol, section: name, offset, isStatic: linkage === 'static' });
      }
    }
  }

  #addLicense(): void {
    const { license, btf } = this.#object;
    if (license === '' && btf?.find('license', 'datasec') === undefined) return;
    this.#addVariables('license', new TextEncoder().encode(`${license}\0`), 1);
  }

  #addOther(name: string, bytes: Uint8Array): void {
    if (this.#object.btf?.find(name, 'datasec') !== undefined) this.#addVariables(name, bytes, 8);
    // llvm-objcopy empties string tables that are in no memory image: `llvm-strip -g` is part of many a build.
    else this.#add(name, SHT.STRTAB, SHF.ALLOC, bytes, 1);
  }

  /** A section of data that is no map, with the symbols of its variables: libbpf looks for each that is global. */
  #addVariables(name: string, bytes: Uint8Array, alignment: number): void {
    const section = this.#add(name, SHT.PROGBITS, SHF.ALLOC | SHF.WRITE, bytes, alignment);
    for (const { name: variable, offset, size, isStatic } of variablesOf(this.#object.btf, name)) {
      const binding = isStatic ? STB.LOCAL : STB.GLOBAL;
      const place = { value: BigInt(offset), size, type: STT.OBJECT, section };
      this.#elf.addSymbol({ name: variable, ...place, binding });
    }
  }

  #addVersion(): void {
    const { kernelVersion } = this.#object;
    if (kernelVersion === undefined) return;
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, kernelVersion, this.#little);
    this.#addVariables('version', bytes, 4);
  }

  #addMaps(maps: MapSection | undefined): void {
    if (maps === undefined) return;
    const index = this.#add(MAPS_SECTION, SHT.PROGBITS, SHF.ALLOC | SHF.WRITE, new Uint8Array(maps.size), 8);
    for (const { map, offset, size } of maps.variables) this.#addMapSymbol(map.name, index, offset, size);
  }

  #addMapSymbol(map: string, section: number, offset: number, size: number): void {
    const name = this.#names.maps.get(map)!;
    const place = { value: BigInt(offset), size, section };
    this.#maps.set(map, this.#elf.addSymbol({ name, ...place, type: STT.OBJECT, binding: STB.GLOBAL }));
  }

  #addData({ name, map, bytes, variables }: DataSection): void {
    const writable = name.startsWith('.rodata') ? 0 : SHF.WRITE;
    const index = this.#elf.addSection({
      name,
      type: bytes === undefined ? SHT.NOBITS : SHT.PROGBITS,
      flags: SHF.ALLOC | writable,
      alignment: 8,
      ...(bytes === undefined ? { size: map.valueSize } : { data: bytes }),
    });
    this.#sections.set(name, index);
    const globals: DataTarget[] = [];
    for (const { name: variable, offset, size, isStatic } of variables) {
      const symbol = this.#elf.addSymbol({
        name: variable,
        value: BigInt(offset),
        size,
        type: STT.OBJECT,
        binding: isStatic ? STB.LOCAL : STB.GLOBAL,
        section: index,
      });
      if (!isStatic) globals.push({ symbol, offset, size });
    }
    this.#data.set(map.name, { section: name, globals });
  }

  #addStructOps({ name, bytes, variables }: StructOpsSection): void {
    const index = this.#add(name, SHT.PROGBITS, SHF.ALLOC | SHF.WRITE, bytes, 8);
    for (const { map, offset, size, programs } of variables) {
      this.#addMapSymbol(map.name, index, offset, size);
      for (const program of programs) {
        const target = this.#functions.get(program.name);
        if (target === undefined)
          throw new RangeError(`map ${map.name}: there is no program ${program.name}`);
        const relocation = { offset: program.offset, symbol: target.symbol, type: R_BPF['64_ABS64'] };
        this.#elf.addRelocation(index, relocation);
      }
    }
  }

  #addExtern({ name, weak }: Extern): SymbolHandle {
    const symbol = this.#elf.addSymbol({
      name,
      value: 0n,
      size: 0,
      type: STT.NOTYPE,
      binding: weak ? STB.WEAK : STB.GLOBAL,
      section: SHN.UNDEF,
    });
    this.#externs.set(name, symbol);
    return symbol;
  }

  #relocateMaps({ variables }: MapSection): void {
    const section = this.#sections.get(MAPS_SECTION)!;
    for (const { map, valuesAt } of variables) {
      for (const { index, target } of map.slots ?? []) {
        const symbol =
          target.kind === 'map' ? this.#maps.get(target.name) : this.#functions.get(target.name)?.symbol;
        if (symbol === undefined)
          throw new RangeError(`map ${map.name}: there is no ${target.kind} ${target.name}`);
        this.#elf.addRelocation(section, { offset: valuesAt + index * 8, symbol, type: R_BPF['64_ABS64'] });
      }
    }
  }

  #relocateCode({ name, bytes, functions }: CodeSection): void {
    const view = new DataView(bytes.buffer);
    const section = this.#sections.get(name)!;
    for (const hole of functions.flatMap(({ holes }) => holes)) {
      const { symbol, imm } = this.#resolve(hole);
      // Calls are marked as local, whatever they call; a wide load is of a plain value.
      this.#setSource(bytes, hole.offset, hole.isCall ? 1 : 0);
      view.setInt32(hole.offset + 4, imm, this.#little);
      const type = hole.isCall ? R_BPF['64_32'] : R_BPF['64_64'];
      this.#elf.addRelocation(section, { offset: hole.offset, symbol, type });
    }
  }

  #setSource(bytes: Uint8Array, offset: number, source: number): void {
    const registers = bytes[offset + 1]!;
    bytes[offset + 1] = this.#little ? (registers & 0x0f) | (source << 4) : (registers & 0xf0) | source;
  }

  #resolve({ ref, isCall }: CodeHole): { readonly symbol: SymbolHandle; readonly imm: number } {
    switch (ref.kind) {
      case 'function': {
        const target = this.#functions.get(ref.name);
        if (target === undefined) throw new RangeError(`there is no function ${ref.name}`);
        if (!target.isStatic || target.section !== TEXT_SECTION)
          return { symbol: target.symbol, imm: isCall ? -1 : 0 };
        const imm = isCall ? target.offset / 8 - 1 : target.offset;
        return { symbol: this.#sectionSymbol(target.section), imm };
      }
      case 'map': {
        const symbol = this.#maps.get(ref.name);
        if (symbol === undefined) throw new RangeError(`there is no map ${ref.name}`);
        return { symbol, imm: 0 };
      }
      case 'map-value':
        return ref.name === KCONFIG
          ? this.#resolveConfig(ref.offset)
          : this.#resolveData(ref.name, ref.offset);
      case 'kfunc':
      case 'ksym': {
        const weak = false;
        const symbol =
          this.#externs.get(ref.name) ?? this.#addExtern({ kind: ref.kind, name: ref.name, weak });
        return { symbol, imm: isCall ? -1 : 0 };
      }
      default:
        return ref satisfies never;
    }
  }

  #resolveConfig(offset: number): { readonly symbol: SymbolHandle; readonly imm: number } {
    for (const one of this.#object.externs ?? []) {
      if (one.kind !== 'kconfig' || offset < one.offset || offset >= one.offset + one.size) continue;
      return { symbol: this.#externs.get(one.name)!, imm: offset - one.offset };
    }
    throw new RangeError(`no configuration value is at ${offset}`);
  }

  #resolveData(map: string, offset: number): { readonly symbol: SymbolHandle; readonly imm: number } {
    const data = this.#data.get(map);
    if (data === undefined) throw new RangeError(`there is no data ${map}`);
    const found = data.globals.find((one) => offset >= one.offset && offset < one.offset + one.size);
    if (found !== undefined) return { symbol: found.symbol, imm: offset - found.offset };
    return { symbol: this.#sectionSymbol(data.section), imm: offset };
  }

  #sectionSymbol(name: string): SymbolHandle {
    const known = this.#sectionSymbols.get(name);
    if (known !== undefined) return known;
    const section = this.#sections.get(name)!;
    const place = { value: 0n, size: 0, type: STT.SECTION, binding: STB.LOCAL, section };
    const symbol = this.#elf.addSymbol({ name: '', ...place });
    this.#sectionSymbols.set(name, symbol);
    return symbol;
  }

  #addTypes(builder: BtfBuilder): void {
    if (builder.end === builder.firstId) return;
    const littleEndian = this.#little;
    const extension = writeBtfExt(describeCode(this.#object, this.#code), { strings: builder, littleEndian });
    this.#add('.BTF', SHT.PROGBITS, 0, builder.build({ littleEndian, pointerSize: 8 }).bytes(), 4);
    this.#add('.BTF.ext', SHT.PROGBITS, 0, extension, 4);
  }
}
