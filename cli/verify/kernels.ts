/** The kernels that `bpfkit verify` judges by: what `--kernel`, `--target`, `--btf` and `--cpus` name, else the one that runs. */
import type { Btf } from '../../bpf/btf/btf.ts';
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import { compareKernelReleases, type KernelRelease, parseKernelRelease } from '../../bpf/kernel-release.ts';
import { NEWEST_RELEASE } from '../../bpf/profiles/index.ts';
import { hostKernelInfo } from '../../runtime/node/host-info.ts';
import { hostSymbols } from '../../runtime/node/host-symbols.ts';
import { bundledSnapshot, openSnapshotFile } from '../../runtime/node/snapshot-file.ts';
import { type KernelConfig, PERMISSIVE_CONFIG, type VerifierKernel } from '../../verifier/input.ts';
import { RELEASES } from '../../verifier/matrix.ts';
import { openBtf } from '../btf-file.ts';
import { CliError, type CliIo } from '../io.ts';
import { describeKernel, parseCount } from '../kernels.ts';
import type { VerifyFlags } from './flags.ts';

export interface VerifyKernels {
  /** Oldest first; more than one makes a matrix. */
  readonly kernels: readonly VerifierKernel[];
  /** One kernel that nobody named: a case may then name its own. */
  readonly isDefault: boolean;
}

const BUNDLED = 'linux-6.1';
const BUNDLED_RELEASE: KernelRelease = '6.1';

export async function verifyKernels(flags: VerifyFlags, io: CliIo): Promise<VerifyKernels> {
  const cpus = flags.cpus === undefined ? undefined : parseCount('--cpus', flags.cpus, 1, 8192);
  const finder = new KernelFinder(await namedKernel(flags, io), cpus, configOf(flags.grants));
  if (flags.kernel === undefined) return { kernels: [finder.usual()], isDefault: finder.named === undefined };
  const releases = flags.kernel === 'all' ? RELEASES : flags.kernel.split(',').map(releaseOf);
  const ordered = [...new Set(releases)].sort(compareKernelReleases);
  return { kernels: ordered.map((release) => finder.of(release)), isDefault: false };
}

/** By the names `--grants` knows. */
const GRANTS: Readonly<Record<string, KernelConfig>> = {
  'override-return': { kprobeOverride: true },
  'kprobe-writes': { kprobeWrites: true },
  'error-injection': { errorInjection: true },
  'probe-write-user': { probeWriteUser: true },
  all: PERMISSIVE_CONFIG,
};

function configOf(text: string | undefined): KernelConfig {
  if (text === undefined) return {};
  const parts = text.split(',').map((word) => {
    const part = GRANTS[word.trim()];
    if (part === undefined) {
      throw new CliError(`Unknown grant '${word}': use ${Object.keys(GRANTS).join(', ')}`);
    }
    return part;
  });
  return Object.assign({}, ...parts);
}

function releaseOf(text: string): KernelRelease {
  const release = parseKernelRelease(text.trim());
  if (release === undefined) {
    throw new CliError(`Invalid kernel release '${text}': use major.minor, several with commas, or all`);
  }
  if (
    compareKernelReleases(release, RELEASES[0]!) < 0 ||
    compareKernelReleases(release, RELEASES.at(-1)!) > 0
  ) {
    throw new CliError(`Kernel release ${release} is not known: use ${RELEASES[0]} to ${RELEASES.at(-1)}`);
  }
  return release;
}

/** What is known of a kernel that was named: its types, and where it tells it its release. */
interface NamedKernel {
  readonly btf?: Btf | undefined;
  readonly modules?: ReadonlyMap<string, Btf> | undefined;
  readonly release?: KernelRelease | undefined;
  readonly cpus?: number;
  readonly symbols?: VerifierKernel['symbols'] | undefined;
}

async function namedKernel(flags: VerifyFlags, io: CliIo): Promise<NamedKernel | undefined> {
  if (flags.btf !== undefined) return { btf: openBtf(flags.btf, undefined, io) };
  if (flags.target === undefined) return undefined;
  const { info } = await describeKernel({ on: 'sim', target: flags.target }, io);
  return knownOf(info, flags.target === 'host');
}

function knownOf(info: KernelInfo, isHost: boolean): NamedKernel {
  const { version } = info;
  return {
    btf: info.btf,
    modules: info.moduleBtf,
    ...(version === undefined ? {} : { release: `${version.major}.${version.minor}` as KernelRelease }),
    ...(isHost ? { cpus: info.cpus, symbols: hostSymbols() } : {}),
  };
}

class KernelFinder {
  readonly named: NamedKernel | undefined;
  readonly #cpus: number | undefined;
  readonly #config: KernelConfig;
  #host: NamedKernel | undefined;

  constructor(named: NamedKernel | undefined, cpus: number | undefined, config: KernelConfig) {
    this.named = named;
    this.#cpus = cpus;
    this.#config = config;
  }

  /** Nobody named a release. */
  usual(): VerifierKernel {
    if (this.named !== undefined) return this.#make(this.named.release ?? NEWEST_RELEASE, this.named);
    const host = this.#running();
    const release = host.release;
    const isKnown = release !== undefined && RELEASES.includes(release) && host.btf !== undefined;
    return isKnown ? this.#make(release, host) : this.#make(NEWEST_RELEASE, {});
  }

  of(release: KernelRelease): VerifierKernel {
    if (this.named !== undefined) return this.#make(release, this.named);
    const host = this.#running();
    if (host.release === release) return this.#make(release, host);
    if (release !== BUNDLED_RELEASE) return this.#make(release, {});
    const path = bundledSnapshot(BUNDLED);
    return this.#make(release, path === undefined ? {} : knownOf(openSnapshotFile(path), false));
  }

  #running(): NamedKernel {
    this.#host ??= process.platform === 'linux' ? knownOf(hostKernelInfo(), true) : {};
    return this.#host;
  }

  #make(release: KernelRelease, { btf, modules, cpus, symbols }: NamedKernel): VerifierKernel {
    const count = this.#cpus ?? cpus;
    return {
      release,
      config: this.#config,
      ...(btf === undefined ? {} : { btf }),
      ...(modules === undefined ? {} : { modules }),
      ...(count === undefined ? {} : { cpus: count }),
      ...(symbols === undefined ? {} : { symbols }),
    };
  }
}

/** Types to relocate an object for, where those of its kernel are not at hand. */
export function bundledTypes(): { readonly kernel: Btf; readonly name: string } | undefined {
  const path = bundledSnapshot(BUNDLED);
  const kernel = path === undefined ? undefined : openSnapshotFile(path).btf;
  return kernel === undefined ? undefined : { kernel, name: BUNDLED };
}
