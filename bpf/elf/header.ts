/** The ELF header: what all other parts of a file are found by. Invariant: table positions are inside the file. */
import type { ByteReader } from '../byte-reader.ts';
import type { ByteSource } from '../byte-source.ts';
import { FormatError } from '../format-error.ts';
import { EI, ELFCLASS, ELFDATA } from './constants.ts';
import { readRange } from './range.ts';

export interface ElfHeader {
  readonly is64: boolean;
  readonly littleEndian: boolean;
  readonly osAbi: number;
  /** One of `ET`. */
  readonly type: number;
  /** One of `EM`. */
  readonly machine: number;
  readonly entry: bigint;
  readonly flags: number;
  readonly segmentTable: ElfTable;
  readonly sectionTable: ElfTable;
  /** `e_shstrndx`: the section of section names, before extended numbering. */
  readonly nameSection: number;
}

/** Where a table of headers is; `count` as the header says, before extended numbering. */
export interface ElfTable {
  readonly offset: number;
  readonly entrySize: number;
  readonly count: number;
}

/** @throws FormatError */
export function readHeader(source: ByteSource): ElfHeader {
  const ident = source.read(0, EI.NIDENT);
  if (ident[0] !== 0x7f || ident[1] !== 0x45 || ident[2] !== 0x4c || ident[3] !== 0x46) {
    throw new FormatError('ELF', 0, 'the magic 7f 45 4c 46 is missing');
  }
  if (ident.length < EI.NIDENT) throw new FormatError('ELF', ident.length, 'the header is cut off');
  const is64 = oneOf(ident, EI.CLASS, ELFCLASS[32], ELFCLASS[64], 'class') === ELFCLASS[64];
  const littleEndian = oneOf(ident, EI.DATA, ELFDATA.LSB, ELFDATA.MSB, 'byte order') === ELFDATA.LSB;
  const reader = readRange(source, 0, is64 ? 64 : 52, littleEndian, 'the header');
  reader.skip(EI.NIDENT, 'e_ident');
  return readFields(reader, is64, ident[EI.OSABI]!);
}

/** A number as wide as the file's class. */
export function readAddress(reader: ByteReader, is64: boolean, what: string): bigint {
  return is64 ? reader.u64(what) : BigInt(reader.u32(what));
}

/** An offset or size as wide as the file's class. */
export function readSize(reader: ByteReader, is64: boolean, what: string): number {
  return is64 ? reader.size64(what) : reader.u32(what);
}

function readFields(reader: ByteReader, is64: boolean, osAbi: number): ElfHeader {
  const type = reader.u16('e_type');
  const machine = reader.u16('e_machine');
  reader.skip(4, 'e_version');
  const entry = readAddress(reader, is64, 'e_entry');
  const segmentOffset = readSize(reader, is64, 'e_phoff');
  const sectionOffset = readSize(reader, is64, 'e_shoff');
  const flags = reader.u32('e_flags');
  reader.skip(2, 'e_ehsize');
  const segmentTable = readTable(reader, segmentOffset, 'e_ph');
  const sectionTable = readTable(reader, sectionOffset, 'e_sh');
  const nameSection = reader.u16('e_shstrndx');
  const { littleEndian } = reader;
  return {
    is64,
    littleEndian,
    osAbi,
    type,
    machine,
    entry,
    flags,
    segmentTable,
    sectionTable,
    nameSection,
  };
}

function readTable(reader: ByteReader, offset: number, prefix: string): ElfTable {
  return { offset, entrySize: reader.u16(`${prefix}entsize`), count: reader.u16(`${prefix}num`) };
}

function oneOf(ident: Uint8Array, at: number, first: number, second: number, what: string): number {
  const value = ident[at]!;
  if (value !== first && value !== second) {
    throw new FormatError('ELF', at, `${what} is ${value}, not ${first} or ${second}`);
  }
  return value;
}
