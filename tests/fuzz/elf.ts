/** Readers of ELF files and BPF objects as targets: whatever opens is read whole. */
import { readdirSync, readFileSync } from 'node:fs';
import { elf as elfNumbers, openElf } from '../../bpf/elf/index.ts';
import { resolveKconfig } from '../../bpf/elf/object/kconfig.ts';
import { readObject } from '../../bpf/elf/object/read.ts';
import { encodeInstructions } from '../../bpf/encode.ts';
import { FormatError } from '../../bpf/format-error.ts';
import type { BytesTarget } from './bytes.ts';

const OBJECTS = new URL('../data/objects/', import.meta.url);

/** Objects of clang, in both byte orders: see `tests/data/README.md`. */
function objects(): readonly Uint8Array[] {
  return readdirSync(OBJECTS)
    .filter((name) => name.endsWith('.o') && name !== 'link-main.o')
    .map((name) => new Uint8Array(readFileSync(new URL(name, OBJECTS))));
}

export function elfTarget(): BytesTarget {
  return { files: objects(), read: readFile };
}

/** Each part by itself, so that damage of one does not hide the others. */
function readFile(bytes: Uint8Array): 'whole' | 'partial' {
  const elf = openElf(bytes);
  let failures = 0;
  const attempt = (read: () => unknown): void => {
    if (!anyway(read)) failures++;
  };
  const { SHT } = elfNumbers;
  for (const section of elf.sections) {
    attempt(() => elf.data(section));
    // No notes are in them: any bytes will do.
    if (section.type === SHT.PROGBITS) anyway(() => elf.notes(section));
    if (section.type === SHT.SYMTAB || section.type === SHT.DYNSYM) attempt(() => elf.symbols(section));
    if (section.type === SHT.REL || section.type === SHT.RELA) attempt(() => elf.relocations(section));
  }
  for (const segment of elf.segments) attempt(() => elf.notes(segment));
  elf.fileOffset(elf.header.entry);
  return failures === 0 ? 'whole' : 'partial';
}

/** False when it was refused. */
function anyway(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return false;
  }
}

export function objectTarget(): BytesTarget {
  return { files: objects(), read: readWhole };
}

function readWhole(bytes: Uint8Array): 'whole' | 'partial' {
  const { object, warnings } = readObject(bytes, 'mutated.o');
  resolveKconfig(object, 'CONFIG_HZ=250\nCONFIG_BPF_JIT=y\n', { kernelVersion: 0x60100 });
  for (const { instructions } of [...object.programs, ...object.functions]) {
    encodeInstructions(instructions, { order: object.endian, keepReserved: true });
  }
  for (const { instructions } of object.programs) {
    for (const { span } of instructions) {
      if (span === undefined) continue;
      const { text } = object.sources[span.source]!;
      if (span.start > text.length) throw new Error(`a span begins at ${span.start} of ${text.length}`);
    }
  }
  return warnings.length === 0 ? 'whole' : 'partial';
}
