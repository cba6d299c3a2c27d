/** `.BTF.ext` by section and byte offset: the types of functions, source lines and CO-RE relocations. */
import type { Btf } from '../../btf/btf.ts';
import type { BtfExt, ExtSection } from '../../btf/ext.ts';
import { readBtfExt } from '../../btf/read-ext.ts';
import type { TypeId } from '../../btf/type.ts';
import type { CoreRelocation } from '../../core/relocation.ts';
import type { Source, Span } from '../../span.ts';
import type { ElfSection } from '../section.ts';
import { LineTexts } from './line-text.ts';
import type { ObjectFile } from './object-file.ts';

export class ExtensionInfo {
  readonly sources: readonly Source[];
  readonly #file: ObjectFile;
  readonly #functions: ByPlace<TypeId>;
  readonly #lines: ByPlace<Span>;
  readonly #cores: ByPlace<CoreRelocation>;

  constructor(file: ObjectFile, ext: BtfExt | undefined) {
    this.#file = file;
    const { functions = [], lines = [], relocations = [] } = ext ?? {};
    const texts = new LineTexts(lines.flatMap(({ records }) => records));
    this.sources = texts.sources;
    this.#functions = byPlace(functions, ({ type }) => type);
    this.#lines = byPlace(lines, (record) => texts.spanOf(record));
    this.#cores = byPlace(relocations, ({ kind, type, access }) => ({ kind, type, access }));
  }

  /** The `func` of the function that begins there. */
  typeOf(section: ElfSection, offset: number): TypeId | undefined {
    return this.#functions.get(section.name)?.get(offset);
  }

  /** Spans by the offset of the instruction where a line begins. */
  linesOf(section: ElfSection): ReadonlyMap<number, Span> {
    return this.#lines.get(section.name) ?? NOTHING;
  }

  coresOf(section: ElfSection): ReadonlyMap<number, CoreRelocation> {
    return this.#cores.get(section.name) ?? NOTHING;
  }

  /** Warns of lines, refuses CO-RE relocations that are at none of the instructions of a section. @throws FormatError */
  check(section: ElfSection, starts: ReadonlySet<number>): void {
    for (const offset of this.coresOf(section).keys()) {
      if (!starts.has(offset)) this.#file.fail(section, offset, 'a CO-RE relocation is at no instruction');
    }
    for (const offset of this.linesOf(section).keys()) {
      if (!starts.has(offset)) this.#file.warn(section, offset, 'line info is at no instruction');
    }
  }
}

/** Reads `.BTF.ext`; without it nothing is known. @throws FormatError */
export function readExtension(file: ObjectFile, btf: Btf | undefined): ExtensionInfo {
  const [section] = file.withRole('extension');
  if (section === undefined) return new ExtensionInfo(file, undefined);
  if (btf === undefined) {
    file.warn(section, 0, 'its strings are in .BTF, which is not there');
    return new ExtensionInfo(file, undefined);
  }
  const ext = file.readInside(section, () => readBtfExt(file.elf.data(section), btf));
  return new ExtensionInfo(file, ext);
}

type ByPlace<T> = ReadonlyMap<string, ReadonlyMap<number, T>>;

const NOTHING: ReadonlyMap<number, never> = new Map<number, never>();

function byPlace<R extends { readonly offset: number }, T>(
  sections: readonly ExtSection<R>[],
  make: (record: R) => T,
): ByPlace<T> {
  const found = new Map<string, Map<number, T>>();
  for (const { section, records } of sections) {
    const known = found.get(section) ?? new Map<number, T>();
    found.set(section, known);
    for (const record of records) known.set(record.offset, make(record));
  }
  return found;
}
