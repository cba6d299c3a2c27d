/** Relocation sections: `REL` keeps the addend in the bytes it changes, `RELA` beside the entry. */
import type { ByteReader } from '../byte-reader.ts';
import { readAddress } from './header.ts';

export interface ElfRelocation {
  /** In the section that is relocated; an address in linked files. */
  readonly offset: number;
  /** One of `R_BPF` in BPF objects. */
  readonly type: number;
  /** Index in the linked symbol table. */
  readonly symbol: number;
  /** Absent in `REL`: it is in place. */
  readonly addend?: bigint;
}

/** @throws FormatError */
export function readRelocations(
  reader: ByteReader,
  entrySize: number,
  is64: boolean,
  withAddend: boolean,
): readonly ElfRelocation[] {
  const count = Math.floor(reader.bytes.length / entrySize);
  const relocations: ElfRelocation[] = [];
  for (let index = 0; index < count; index++) {
    reader.seek(index * entrySize, `relocation ${index}`);
    relocations.push(readRelocation(reader, is64, withAddend));
  }
  return relocations;
}

function readRelocation(reader: ByteReader, is64: boolean, withAddend: boolean): ElfRelocation {
  const offset = is64 ? reader.size64('r_offset') : reader.u32('r_offset');
  const info = readAddress(reader, is64, 'r_info');
  const symbol = Number(is64 ? info >> 32n : info >> 8n);
  const type = Number(is64 ? info & 0xffff_ffffn : info & 0xffn);
  if (!withAddend) return { offset, type, symbol };
  const addend = is64 ? BigInt.asIntN(64, reader.u64('r_addend')) : BigInt(reader.i32('r_addend'));
  return { offset, type, symbol, addend };
}
