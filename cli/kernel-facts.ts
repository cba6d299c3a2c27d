/** What `--target` and `--kconfig` tell of the kernel an object of another compiler is to run in. */

import { existsSync } from 'node:fs';
import { CoreTarget, coreTargetOf } from '../bpf/core/index.ts';
import { toHex } from '../bpf/hex.ts';
import type { KernelInfo, KernelVersion } from '../bpf/kernel-info.ts';
import { openFileSource } from '../runtime/node/file-source.ts';
import type { KernelFacts } from '../runtime/runnable-object.ts';
import { readBytes, reason, resolvePath } from './files.ts';
import { CliError, type CliIo } from './io.ts';
import { describeKernel } from './kernels.ts';

export interface FactFlags {
  /** A snapshot, the name of one that comes with bpfkit, or a file with BTF. */
  readonly target?: string;
  /** A kernel's configuration as text. */
  readonly kconfig?: string;
}

/** `note` takes what the user should know of the kernel's types. */
export async function kernelFacts(
  kernel: KernelInfo,
  flags: FactFlags,
  note: (message: string) => void,
  io: CliIo,
): Promise<KernelFacts> {
  const target = flags.target === undefined ? undefined : await openTypes(flags.target, io);
  if (target?.version !== undefined && kernel.version !== undefined) {
    const [theirs, own] = [releaseText(target.version), releaseText(kernel.version)];
    if (theirs !== own) {
      note(
        `the types are of Linux ${theirs}, and ${kernel.name} is of Linux ${own}: programs read the wrong bytes where these differ`,
      );
    }
  }
  return {
    ...(target === undefined ? {} : { types: target.types }),
    ...(flags.kconfig === undefined ? {} : { configuration: readConfiguration(flags.kconfig, io) }),
    virtual: virtualValues(target?.version ?? kernel.version),
  };
}

interface TargetTypes {
  readonly types: CoreTarget;
  readonly version?: KernelVersion;
}

async function openTypes(target: string, io: CliIo): Promise<TargetTypes> {
  if (isBtf(target, io)) {
    const { openBtf } = await import('./btf-file.ts');
    return { types: new CoreTarget({ kernel: openBtf(target, undefined, io), name: target }) };
  }
  const { info } = await describeKernel({ on: 'sim', target }, io);
  const types = coreTargetOf(info);
  if (types === undefined) throw new CliError(`The snapshot '${target}' has no types of its kernel`);
  return { types, ...(info.version === undefined ? {} : { version: info.version }) };
}

/** Raw BTF of either byte order, or an ELF file that may have it. */
export function isBtf(file: string, io: CliIo): boolean {
  const path = resolvePath(file, io);
  if (!existsSync(path)) return false;
  try {
    const source = openFileSource(path);
    try {
      return /^(9feb|eb9f|7f454c46)/.test(toHex(source.read(0, 4)));
    } finally {
      source.close();
    }
  } catch (error) {
    throw new CliError(`Failed to open file '${file}': ${reason(error)}`, undefined, { cause: error });
  }
}

/** One that is no configuration at all would leave every value out. */
function readConfiguration(file: string, io: CliIo): string {
  const text = new TextDecoder().decode(readBytes(file, io));
  if (!/^(# )?CONFIG_\w+[= ]/m.test(text)) {
    throw new CliError(`'${file}' is no configuration of a kernel: no line of it is CONFIG_NAME=value`);
  }
  return text;
}

/** What libbpf finds out of the running kernel (`bpf_object__resolve_externs`): here its release tells. */
function virtualValues(version: KernelVersion | undefined): NonNullable<KernelFacts['virtual']> {
  if (version === undefined) return {};
  const { major, minor, patch } = version;
  const since = (wantMajor: number, wantMinor: number): bigint =>
    major > wantMajor || (major === wantMajor && minor >= wantMinor) ? 1n : 0n;
  return {
    kernelVersion: (major << 16) | (minor << 8) | Math.min(patch, 255),
    values: new Map([
      ['LINUX_HAS_BPF_COOKIE', since(5, 15)],
      ['LINUX_HAS_SYSCALL_WRAPPER', since(4, 17)],
    ]),
  };
}

function releaseText({ major, minor, patch }: KernelVersion): string {
  return `${major}.${minor}.${patch}`;
}
