/**
 * Static linking: several BPF objects as one, as `bpftool gen object` makes it (libbpf's `linker.c`). Works on sections
 * and symbols, so that what this program does not know of an object is kept too.
 */
import { writeBtfExt } from '../../btf/write-ext.ts';
import { FormatError } from '../../format-error.ts';
import { R_BPF, SHF, SHT, STT } from '../constants.ts';
import type { ElfRelocation } from '../elf-relocation.ts';
import type { ElfSymbol } from '../symbol.ts';
import { ElfWriter, type NewSection } from '../write/elf-writer.ts';
import {
  type JoinedSection,
  type JoinedSections,
  joinSections,
  type SectionPlace,
} from './joined-sections.ts';
import { type JoinedSymbols, joinSymbols } from './joined-symbols.ts';
import { joinTypes } from './joined-types.ts';
import { LinkError } from './link-error.ts';
import { type LinkInput, openInput } from './link-input.ts';

export interface LinkFile {
  /** For messages. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface LinkedObject {
  readonly bytes: Uint8Array;
  /** What was left out. */
  readonly warnings: readonly string[];
}

/** @throws LinkError when the files do not go together, or one is no BPF object; FormatError when its content is none */
export function linkObjects(files: readonly LinkFile[]): LinkedObject {
  if (files.length === 0) throw new LinkError('there is nothing to link');
  const inputs = files.map(openFile);
  checkOrder(inputs);
  const { littleEndian } = inputs[0]!.elf.header;
  const writer = new ElfWriter({ littleEndian });
  const joined = joinSections(inputs);
  const first = joined.sections.map((section) => writer.addSection(newSection(section)))[0] ?? 1;
  const indexOf = ({ index }: SectionPlace): number => first + index;
  const symbols = joinSymbols(inputs, joined, writer, indexOf);
  for (const input of inputs) relocate(input, joined, symbols, writer, indexOf);
  const types = joinTypes(inputs, joined, symbols, littleEndian);
  if (types !== undefined) {
    const { builder, ext } = types;
    const extension = writeBtfExt(ext, { strings: builder, littleEndian });
    const data = builder.build({ littleEndian, pointerSize: 8 }).bytes();
    writer.addSection({ name: '.BTF', type: SHT.PROGBITS, alignment: 4, data });
    writer.addSection({ name: '.BTF.ext', type: SHT.PROGBITS, alignment: 4, data: extension });
  }
  const warnings = inputs.flatMap(({ name, leftOut }) =>
    leftOut.map((section) => `${name}: section ${section} is left out: it cannot be joined with others`),
  );
  return { bytes: writer.finish(), warnings };
}

function openFile({ name, bytes }: LinkFile): LinkInput {
  try {
    return openInput(name, bytes);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new LinkError(`${name}: ${error.message}`, { cause: error });
  }
}

function newSection({ data, ...section }: JoinedSection): NewSection {
  return data === undefined ? section : { ...section, data };
}

function checkOrder(inputs: readonly LinkInput[]): void {
  const [first] = inputs;
  for (const input of inputs) {
    if (input.elf.header.littleEndian === first!.elf.header.littleEndian) continue;
    throw new LinkError(`${input.name} has another byte order than ${first!.name}`);
  }
}

function relocate(
  input: LinkInput,
  joined: JoinedSections,
  symbols: JoinedSymbols,
  writer: ElfWriter,
  indexOf: (place: SectionPlace) => number,
): void {
  for (const section of input.elf.sections) {
    if (section.type !== SHT.REL) continue;
    const place = joined.place(input, section.info);
    if (place === undefined) continue;
    const target = joined.sections[place.index]!;
    for (const relocation of input.elf.relocations(section)) {
      const symbol = input.symbols[relocation.symbol];
      const handle = symbols.handle(input, relocation.symbol);
      if (symbol === undefined || handle === undefined) {
        const where = `${section.name}+${relocation.offset}`;
        throw new LinkError(`${input.name}: ${where} names symbol ${relocation.symbol}, which is not kept`);
      }
      const offset = relocation.offset + place.offset;
      if (symbol.type === STT.SECTION) moveAddend(input, joined, target, symbol, { ...relocation, offset });
      writer.addRelocation(indexOf(place), { offset, symbol: handle, type: relocation.type });
    }
  }
}

const CALL = 0x85;

/** An address from the start of a section counts from the start of the joined one. */
function moveAddend(
  input: LinkInput,
  joined: JoinedSections,
  { data, flags, name }: JoinedSection,
  symbol: ElfSymbol,
  { offset, type }: ElfRelocation,
): void {
  const moved = joined.place(input, symbol.section)?.offset ?? 0;
  if (moved === 0) return;
  const isCode = (flags & SHF.EXECINSTR) !== 0;
  const width = type === R_BPF['64_ABS64'] ? 8 : isCode ? 8 : 4;
  if (data === undefined || offset + width > data.length) {
    throw new LinkError(`${input.name}: a relocation at ${name}+${offset} is outside its section`);
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const little = input.elf.header.littleEndian;
  if (!isCode && type === R_BPF['64_ABS64']) {
    view.setBigUint64(offset, view.getBigUint64(offset, little) + BigInt(moved), little);
    return;
  }
  const at = isCode ? offset + 4 : offset;
  const step = isCode && data[offset] === CALL ? moved / 8 : moved;
  view.setInt32(at, view.getInt32(at, little) + step, little);
}
