/**
 * The object's BTF, finished: clang leaves sizes of data sections and offsets of global variables zero, the symbols
 * have them (libbpf's `btf_fixup_datasec`). Hidden variables and functions become static. Extern sections stay as they are.
 */
import type { Btf } from '../../btf/btf.ts';
import { readBtf } from '../../btf/read.ts';
import type { TypeId } from '../../btf/type.ts';
import { BTF_TYPE_SIZE, TAILS } from '../../btf/wire.ts';
import { STB, STT, STV } from '../constants.ts';
import type { ElfSection } from '../section.ts';
import type { ElfSymbol } from '../symbol.ts';
import type { ObjectFile } from './object-file.ts';

/** @throws FormatError */
export function readTypes(file: ObjectFile): Btf | undefined {
  const [section] = file.withRole('types');
  if (section === undefined) return undefined;
  const bytes = file.elf.data(section).slice();
  const btf = file.readInside(section, () => readBtf(bytes, { pointerSize: 8 }));
  const fixed = new TypeFixer(file, section, btf, bytes).run();
  return fixed === 0 ? btf : readBtf(bytes, { pointerSize: 8 });
}

const STATIC = 0;

class TypeFixer {
  readonly #file: ObjectFile;
  readonly #section: ElfSection;
  readonly #btf: Btf;
  readonly #view: DataView;
  readonly #little: boolean;
  readonly #variables: ReadonlyMap<string, ElfSymbol>;
  readonly #hiddenFunctions: ReadonlySet<string>;
  #changes = 0;

  constructor(file: ObjectFile, section: ElfSection, btf: Btf, bytes: Uint8Array) {
    this.#file = file;
    this.#section = section;
    this.#btf = btf;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#little = btf.littleEndian;
    const globals = file.symbols.filter(({ binding }) => binding === STB.GLOBAL || binding === STB.WEAK);
    this.#variables = new Map(
      globals.filter(({ type }) => type === STT.OBJECT).map((symbol) => [symbol.name, symbol]),
    );
    this.#hiddenFunctions = new Set(
      globals.filter((one) => one.type === STT.FUNC && isHidden(one)).map(({ name }) => name),
    );
  }

  /** How much was changed in the bytes. */
  run(): number {
    const places = this.#places();
    for (let id = this.#btf.firstId; id < this.#btf.end; id++) {
      const kind = this.#btf.kindOf(id);
      if (kind === 'datasec') this.#fixSection(id, places);
      if (kind === 'func') this.#fixFunction(id, places[id]!);
    }
    return this.#changes;
  }

  /** Where each type begins; index 0 is void. */
  #places(): readonly number[] {
    const places = [0];
    let at = this.#view.getUint32(4, this.#little) + this.#view.getUint32(8, this.#little);
    while (places.length < this.#btf.end) {
      places.push(at);
      const info = this.#view.getUint32(at + 4, this.#little);
      const tail = TAILS[(info >>> 24) & 0x1f]!;
      at += BTF_TYPE_SIZE + tail.fixed + tail.entry * (info & 0xffff);
    }
    return places;
  }

  #fixSection(id: TypeId, places: readonly number[]): void {
    const type = this.#btf.type(id);
    if (type.kind !== 'datasec' || type.name === '.kconfig' || type.name === '.ksyms') return;
    const at = places[id]!;
    const target = this.#file.elf.section(type.name);
    // The static linker has filled everything in already.
    const isOpen = type.size === 0;
    if (isOpen && target !== undefined) this.#set32(at + 8, target.size);
    if (isOpen && target === undefined) {
      this.#file.warn(this.#section, at, `types tell of section ${type.name}, which is not there`);
    }
    for (const [index, { type: variable }] of type.variables.entries()) {
      const one = this.#btf.type(variable);
      if (one.kind !== 'var' || one.linkage !== 'global') continue;
      const symbol = this.#variables.get(one.name);
      if (symbol === undefined) continue;
      if (isOpen) this.#set32(at + BTF_TYPE_SIZE + index * 12 + 4, Number(symbol.value));
      if (isHidden(symbol)) this.#set32(places[variable]! + BTF_TYPE_SIZE, STATIC);
    }
    this.#sort(at + BTF_TYPE_SIZE, type.variables.length);
  }

  /** The kernel wants variables by offset (`compare_vsi_off`). */
  #sort(start: number, count: number): void {
    const rows = Array.from({ length: count }, (_, index) => {
      const at = start + index * 12;
      return [0, 4, 8].map((field) => this.#view.getUint32(at + field, this.#little));
    });
    for (const [index, row] of rows.toSorted((a, b) => a[1]! - b[1]!).entries()) {
      for (const [field, value] of row.entries()) this.#set32(start + index * 12 + field * 4, value);
    }
  }

  #fixFunction(id: TypeId, at: number): void {
    const type = this.#btf.type(id);
    if (type.kind !== 'func' || type.linkage !== 'global' || !this.#hiddenFunctions.has(type.name)) return;
    // Linkage is in the place of `vlen`.
    const info = this.#view.getUint32(at + 4, this.#little);
    this.#set32(at + 4, (info & 0xffff_0000) | STATIC);
  }

  #set32(at: number, value: number): void {
    if (this.#view.getUint32(at, this.#little) === value >>> 0) return;
    this.#view.setUint32(at, value, this.#little);
    this.#changes++;
  }
}

function isHidden({ visibility }: ElfSymbol): boolean {
  return visibility === STV.HIDDEN || visibility === STV.INTERNAL;
}
