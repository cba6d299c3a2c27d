/**
 * USDT probes: places in a program that its authors marked (`sys/sdt.h`), told by notes of owner `stapsdt` (SystemTap,
 * UserSpaceProbeImplementation).
 *
 *     location · base · semaphore (addresses) · provider NUL · name NUL · arguments NUL
 */
import { ByteReader } from '../../byte-reader.ts';
import { FormatError } from '../../format-error.ts';
import type { ElfFile } from '../file.ts';
import type { ElfNote } from '../note.ts';
import { codeAddress, fileOffsetOfCode } from './address.ts';
import { parseArguments, type UsdtArgument } from './usdt-argument.ts';

/** All places of one probe: the compiler may have copied what holds it. */
export interface UsdtProbe {
  readonly provider: string;
  readonly name: string;
  readonly places: readonly UsdtPlace[];
}

export interface UsdtPlace {
  /** Of the instruction, as the file is linked now. */
  readonly address: bigint;
  /** Where a uprobe goes; undefined when the file has no such byte. */
  readonly offset: number | undefined;
  /** A counter of who listens: the program takes the trouble to compute the arguments when it is not 0. */
  readonly semaphore: UsdtSemaphore | undefined;
  readonly arguments: readonly UsdtArgument[];
  /** As the note has them. */
  readonly argumentText: string;
}

export interface UsdtSemaphore {
  readonly address: bigint;
  /** `ref_ctr_offset` of a uprobe. */
  readonly offset: number | undefined;
}

const SECTION = '.note.stapsdt';
const NT_STAPSDT = 3;
const MAX_TEXT = 1 << 16;

/** By provider and name; damaged notes are left out and told. @throws FormatError when the section cannot be read */
export function readUsdt(elf: ElfFile, warn: (problem: FormatError) => void): readonly UsdtProbe[] {
  const probes = new Map<string, UsdtProbe & { readonly places: UsdtPlace[] }>();
  for (const note of notesOf(elf, warn)) {
    try {
      const { provider, name, place } = readNote(elf, note);
      const key = `${provider}\0${name}`;
      const known = probes.get(key);
      if (known === undefined) probes.set(key, { provider, name, places: [place] });
      else known.places.push(place);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      warn(error);
    }
  }
  return [...probes].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, probe]) => probe);
}

function notesOf(elf: ElfFile, warn: (problem: FormatError) => void): readonly ElfNote[] {
  const section = elf.section(SECTION);
  if (section === undefined) return [];
  try {
    return elf.notes(section).filter((note) => note.owner === 'stapsdt' && note.type === NT_STAPSDT);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    warn(error);
    return [];
  }
}

function readNote(elf: ElfFile, note: ElfNote): { provider: string; name: string; place: UsdtPlace } {
  const { is64, littleEndian, machine } = elf.header;
  const reader = new ByteReader(note.descriptor, littleEndian, 'ELF', note.offset);
  const word = (what: string): bigint => (is64 ? reader.u64(what) : BigInt(reader.u32(what)));
  const location = word('the address of a probe');
  const base = word('the base of a probe');
  const semaphore = word('the semaphore of a probe');
  const provider = reader.text('the provider of a probe', MAX_TEXT);
  const name = reader.text('the name of a probe', MAX_TEXT);
  // Without arguments some writers leave the NUL out.
  const argumentText = reader.remaining === 0 ? '' : reader.text('the arguments of a probe', MAX_TEXT);
  const moved = movedBy(elf, base);
  const address = codeAddress(elf, location + moved);
  const place = {
    address,
    offset: fileOffsetOfCode(elf, address),
    semaphore: semaphore === 0n ? undefined : semaphoreAt(elf, semaphore + moved),
    arguments: parseArguments(argumentText, machine),
    argumentText,
  };
  return { provider, name, place };
}

function semaphoreAt(elf: ElfFile, address: bigint): UsdtSemaphore {
  return { address, offset: elf.fileOffset(address) };
}

/** prelink moves a file's addresses, and not those in notes: the section `.stapsdt.base` moves with them. */
function movedBy(elf: ElfFile, base: bigint): bigint {
  const section = elf.section('.stapsdt.base');
  return section === undefined || base === 0n ? 0n : section.address - base;
}
