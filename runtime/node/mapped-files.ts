/**
 * Symbols of the files that a recording says were mapped, out of this machine's files at the same paths: only where the
 * build id tells that it is the same build. A recording may name any path: nothing but regular ELF files is read, and nothing
 * in or through `/dev`, `/proc` and `/sys`.
 */
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ElfFile } from '../../bpf/elf/file.ts';
import { type FunctionSymbol, type FunctionTable, openBinary } from '../../bpf/elf/user/index.ts';
import { FormatError } from '../../bpf/format-error.ts';
import type { FrameSymbol, Mapping } from '../recording/perf-data/index.ts';
import { nodeBinaryPorts } from './binary-ports.ts';
import { type FileSource, openFileSource } from './file-source.ts';
import type { Unxz } from './xz.ts';

interface MappedFile {
  readonly elf: ElfFile;
  readonly functions: FunctionTable;
}

/** Files a recording may have looked for; a whole machine runs some hundreds. */
const MAX_FILES = 4096;
/** Bytes of a build id as perf keeps them: shorter ones are filled with zeroes. */
const BUILD_ID_DIGITS = 40;
const ELF_MAGIC = 0x7f454c46;

export class MappedFiles {
  readonly #xz: Unxz | undefined;
  /** By path and build id; undefined for what is not at hand. */
  readonly #files = new Map<string, MappedFile | undefined>();

  constructor(xz?: Unxz) {
    this.#xz = xz;
  }

  symbolAt(mapping: Mapping, fileOffset: bigint): FrameSymbol | undefined {
    const file = this.#fileOf(mapping);
    const address = file?.elf.address(Number(fileOffset));
    const found = address === undefined ? undefined : file?.functions.at(address);
    if (file === undefined || address === undefined || found === undefined) return undefined;
    return { name: bestName(file.functions, found), offset: address - found.address };
  }

  #fileOf({ path, buildId }: Mapping): MappedFile | undefined {
    if (buildId === undefined) return undefined;
    const key = `${buildId} ${path}`;
    if (this.#files.has(key) || this.#files.size >= MAX_FILES) return this.#files.get(key);
    const file = readMapped(path, buildId, this.#xz);
    this.#files.set(key, file);
    return file;
  }
}

/** Reads all that is wanted at once: files of a recording are too many to keep them open. */
function readMapped(path: string, buildId: string, xz: Unxz | undefined): MappedFile | undefined {
  const opened: FileSource[] = [];
  const open = (wanted: string): FileSource | undefined => {
    const source = openRegular(wanted);
    if (source !== undefined) opened.push(source);
    return source;
  };
  try {
    const source = open(path);
    if (source === undefined) return undefined;
    const ports = nodeBinaryPorts({ path, ...(xz === undefined ? {} : { xz }) });
    const binary = openBinary(source, { ...ports, openDebug: (request) => open(request.path) });
    if (binary.buildId?.padEnd(BUILD_ID_DIGITS, '0') !== buildId.padEnd(BUILD_ID_DIGITS, '0'))
      return undefined;
    return { elf: binary.elf, functions: binary.functions };
  } catch (error) {
    if (isOfFile(error)) return undefined;
    throw error;
  } finally {
    for (const source of opened) source.close();
  }
}

/** An ELF file that is a regular one, wherever links lead; undefined for anything else. */
function openRegular(path: string): FileSource | undefined {
  // Two slashes begin a name such as //anon, and on Windows another machine's.
  if (!/^\/[^/\\]/.test(path) || isSpecial(resolve(path))) return undefined;
  try {
    const real = realpathSync(path);
    if (isSpecial(real) || !statSync(real).isFile()) return undefined;
    const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
    const file = openSync(real, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    if (isElf(file)) return openFileSource(file);
    closeSync(file);
    return undefined;
  } catch (error) {
    if (isOfFile(error)) return undefined;
    throw error;
  }
}

function isSpecial(path: string): boolean {
  return /^\/(dev|proc|sys)(\/|$)/.test(path);
}

function isElf(file: number): boolean {
  const start = new DataView(new ArrayBuffer(4));
  return fstatSync(file).isFile() && readSync(file, start, 0, 4, 0) === 4 && start.getUint32(0) === ELF_MAGIC;
}

/** What is wrong with a file is no more than that it has no names. */
function isOfFile(error: unknown): boolean {
  return error instanceof FormatError || (error instanceof Error && 'code' in error);
}

/** Of several names of one function the one perf shows (`choose_best_symbol`). */
function bestName(functions: FunctionTable, found: FunctionSymbol): string {
  const names = functions.namesAt(found.address);
  return names.reduce((best, one) => (isBetter(one, best) ? one : best), found).name;
}

function isBetter(one: FunctionSymbol, other: FunctionSymbol): boolean {
  const ranks = (symbol: FunctionSymbol): readonly number[] => [
    Number(symbol.size > 0),
    Number(symbol.binding !== 'weak'),
    Number(symbol.binding === 'global'),
    -(/^_*/.exec(symbol.name)?.[0].length ?? 0),
    symbol.name.length,
  ];
  const [left, right] = [ranks(one), ranks(other)];
  const index = left.findIndex((rank, at) => rank !== right[at]);
  return index >= 0 && left[index]! > right[index]!;
}
