/** Opening what has BTF: the raw section, an ELF file with one, each also gzipped; a kernel's snapshot. */
import { dirname } from 'node:path';
import type { Btf } from '../bpf/btf/btf.ts';
import { readBtf } from '../bpf/btf/read.ts';
import type { ByteSource } from '../bpf/byte-source.ts';
import { type ElfFile, openElf } from '../bpf/elf/file.ts';
import { FormatError } from '../bpf/format-error.ts';
import { openFileSource } from '../runtime/node/file-source.ts';
import { snapshotPath } from '../runtime/node/snapshot-file.ts';
import { isSnapshot, openSnapshot } from '../runtime/snapshot/index.ts';
import { reason, resolvePath } from './files.ts';
import { CliError, type CliIo } from './io.ts';

/** Where Linux shows its types: its own, and each module's that goes on from them. */
const KERNEL_FOLDER = '/sys/kernel/btf';

/** `base` is the file of the types that split BTF (a module's) goes on from. @throws CliError */
export function openBtf(file: string, base: string | undefined, io: CliIo): Btf {
  const path = resolvePath(file, io);
  const isKernelModule = dirname(path) === KERNEL_FOLDER && !path.endsWith('/vmlinux');
  const baseFile = base ?? (isKernelModule ? `${KERNEL_FOLDER}/vmlinux` : undefined);
  const baseTable = baseFile === undefined ? undefined : openTable(baseFile, undefined, io);
  return openTable(file, baseTable, io);
}

/** `file` may also name a snapshot that comes with bpfkit. */
function openTable(file: string, base: Btf | undefined, io: CliIo): Btf {
  try {
    const source = openFileSource(snapshotPath(file, resolvePath(file, io)));
    try {
      if (isElf(source)) return tableOfElf(file, openElf(source), base);
      const bytes = source.read(0, source.size);
      return isSnapshot(bytes) ? tableOfSnapshot(file, bytes) : tableOf(bytes, base);
    } finally {
      source.close();
    }
  } catch (error) {
    if (error instanceof CliError) throw error;
    if (!(error instanceof FormatError)) {
      throw new CliError(`Failed to open file '${file}': ${reason(error)}`, undefined, { cause: error });
    }
    throw new CliError(`'${file}': ${error.message}${base === undefined ? hint(error) : ''}`, undefined, {
      cause: error,
    });
  }
}

/** Split BTF without its base fails at the first name or type of the base. */
function hint(error: FormatError): string {
  return error.format === 'BTF' && /first string|strings end|refers to type/.test(error.message)
    ? '; if it is the BTF of a module, name its kernel with --base'
    : '';
}

function isElf(source: ByteSource): boolean {
  const [first, ...rest] = source.read(0, 4);
  return first === 0x7f && String.fromCharCode(...rest) === 'ELF';
}

function tableOfSnapshot(file: string, bytes: Uint8Array): Btf {
  const { btf } = openSnapshot(bytes);
  if (btf === undefined) throw new CliError(`The snapshot '${file}' has no BTF: its kernel had none`);
  return btf;
}

function tableOf(bytes: Uint8Array, base: Btf | undefined): Btf {
  return readBtf(bytes, base === undefined ? {} : { base });
}

/** A module since Linux 6.11 brings what it needs of its base in `.BTF.base`; its ids go on from there and nowhere else. */
function tableOfElf(file: string, elf: ElfFile, base: Btf | undefined): Btf {
  const section = elf.section('.BTF');
  if (section === undefined) {
    throw new CliError(
      `'${file}' has no BTF: no section .BTF (compile with -g, and -target bpf or pahole -J)`,
    );
  }
  if (elf.compression(section) !== undefined) {
    throw new CliError(
      `'${file}' has its BTF compressed: llvm-objcopy --decompress-debug-sections undoes it`,
    );
  }
  const own = elf.section('.BTF.base');
  return tableOf(elf.data(section), own === undefined ? base : tableOf(elf.data(own), undefined));
}
