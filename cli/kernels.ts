/** Opens or describes the kernel that `--on` names. Each kind is loaded only when it is asked for. */
import type { ByteSource } from '../bpf/byte-source.ts';
import type { KernelInfo } from '../bpf/kernel-info.ts';
import { type EngineChoice, engineFor } from '../runtime/engines.ts';
import type { Kernel } from '../runtime/kernel.ts';
import type { EventRecording } from '../runtime/recording/event-recording.ts';
import type { TextPorts } from '../runtime/recording/text/text-recording.ts';
import type { ReplaySharing } from '../runtime/replay/shared-replay.ts';
import type { SnapshotInfo } from '../runtime/snapshot/index.ts';
import type { EngineFactory } from '../vm/index.ts';
import { readBytes, reason, resolvePath } from './files.ts';
import { CliError, type CliIo } from './io.ts';
import { userSymbols } from './user-symbols.ts';

export interface KernelFlags {
  readonly on: string;
  readonly seed?: string;
  readonly cpus?: string;
  /**
   * A snapshot: a file, or the name of one that comes with bpfkit. The kernel that a text is of; to compile for in place of
   * any other kernel that `on` names.
   */
  readonly target?: string;
  /** Symbols of the kernel that a perf.data of `on` is of: a file. */
  readonly kallsyms?: string;
  /** Of the traced machine's time. */
  readonly durationNs?: number;
  /** How many may replay a recording at once. */
  readonly threads?: string;
  /** How programs run. */
  readonly jit?: EngineChoice;
}

const STDIN = 0;

const UNITS_NS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 86400e9,
};

/** Nanoseconds of `1s`, `200ms`, `0.5s`. */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ns|us|ms|s|m|h|d)$/.exec(text);
  const unit = UNITS_NS[match?.[2] ?? ''];
  if (match === null || unit === undefined) {
    throw new CliError(`Invalid duration '${text}': use a number and ns, us, ms, s, m, h or d, e.g. 500ms`);
  }
  return Math.round(Number(match[1]) * unit);
}

/** A flag's value as a whole number in a range. */
export function parseCount(flag: string, text: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) {
    throw new CliError(`Invalid value '${text}' for ${flag}: use a whole number from ${min} to ${max}`);
  }
  return value;
}

/** A kernel to run programs in. `misplacedTarget`: what to refuse a target with that is no text's. */
export async function openKernel(flags: KernelFlags, io: CliIo, misplacedTarget?: string): Promise<Kernel> {
  const refuseTarget = (): void => {
    if (flags.target !== undefined && misplacedTarget !== undefined) throw new CliError(misplacedTarget);
  };
  if (isSim(flags)) {
    refuseTarget();
    const [{ createSimKernel }, engine] = await Promise.all([
      import('../runtime/sim/sim-kernel.ts'),
      engineFlag(flags),
    ]);
    return createSimKernel({ ...simShape(flags), ...duration(flags), ...engine });
  }
  const file = await openSource(flags.on, io);
  if (!file.isText) refuseTarget();
  const kallsyms = await kallsymsOf(file, flags, io);
  const [recording, { createRecordingKernel }] = await Promise.all([
    readRecording(file, io, flags.target, kallsyms),
    import('../runtime/recording-kernel.ts'),
  ]);
  const symbols = await userSymbols(recording);
  const engine = await engineFlag(flags);
  const sharing = await sharingFlag(flags, recording, io);
  const options = { name: flags.on, ...duration(flags), ...symbols, ...engine, ...sharing };
  return readable(flags.on, () => createRecordingKernel(recording, options));
}

/** Starting a thread takes as long as replaying ten million events. */
const LARGE_RECORDING: number = 512 * 1024 * 1024;

/** Threads for recordings large enough, or as `--threads` says. */
async function sharingFlag(
  { on, threads, jit = 'auto' }: KernelFlags,
  recording: EventRecording,
  io: CliIo,
): Promise<{ readonly sharing?: ReplaySharing }> {
  const asked = threads === undefined ? undefined : parseCount('--threads', threads, 1, 1024);
  const leastBytes = asked === undefined ? LARGE_RECORDING : 0;
  if (asked === 1 || recording.cpuSizes === undefined || recording.dataSize < leastBytes) return {};
  const [{ availableParallelism }, { replayWorkers }] = await Promise.all([
    import('node:os'),
    import('../runtime/node/replay-workers.ts'),
  ]);
  const shares = asked ?? availableParallelism();
  if (shares === 1 || on === '-') return {};
  const sharing = replayWorkers(resolvePath(on, io), jit, { shares, leastBytes });
  return sharing === undefined ? {} : { sharing };
}

/** What `--jit` names; nothing for the reference interpreter. */
export async function engineFlag({
  jit = 'auto',
}: Pick<KernelFlags, 'jit'>): Promise<{ readonly engine?: EngineFactory }> {
  const engine = await engineFor(jit);
  return engine === undefined ? {} : { engine };
}

export interface KernelDescription extends WarningSource {
  readonly info: KernelInfo;
}

/** The target that is this machine. */
const HOST = 'host';

/** What a compiler may ask of a kernel, without a machine to run it. */
export async function describeKernel(flags: KernelFlags, io: CliIo): Promise<KernelDescription> {
  const isRecording = flags.on !== 'linux' && flags.on !== 'sim';
  const file = isRecording ? await openSource(flags.on, io) : undefined;
  if (flags.target === HOST && file?.isText !== true) {
    const { hostKernelInfo } = await import('../runtime/node/host-info.ts');
    return { info: await withBinaries(hostKernelInfo(), io) };
  }
  if (flags.target !== undefined && file?.isText !== true) {
    const info = await openTarget(flags.target, io);
    return { info: await withBinaries(info, io), takeWarnings: () => info.takeWarnings() };
  }
  if (isSim(flags) || file === undefined) {
    const [{ createCatalog }, { simKernelInfo }] = await Promise.all([
      import('../runtime/sim/catalog.ts'),
      import('../runtime/sim/sim-info.ts'),
    ]);
    return { info: simKernelInfo(createCatalog(), simShape(flags).cpus) };
  }
  const [recording, { recordingInfo }, { RecordingWarnings }] = await Promise.all([
    readRecording(file, io, flags.target),
    import('../runtime/recording-info.ts'),
    import('../runtime/recording-warnings.ts'),
  ]);
  const warnings = new RecordingWarnings(recording, flags.on);
  return { info: recordingInfo(recording, flags.on), takeWarnings: () => warnings.take() };
}

/** A kernel's snapshot: a file, or one that comes with bpfkit. */
async function openTarget(target: string, io: CliIo): Promise<SnapshotInfo> {
  const { openSnapshotFile, snapshotPath } = await import('../runtime/node/snapshot-file.ts');
  try {
    return openSnapshotFile(snapshotPath(target, resolvePath(target, io)));
  } catch (error) {
    const known = error instanceof Error && (error.name === 'FormatError' || 'code' in error);
    if (!known) throw error;
    throw new CliError(`Cannot read the snapshot '${target}': ${reason(error)}`, undefined, { cause: error });
  }
}

/** User programs are those of this machine, whatever the kernel. Parts of `info` are still made when asked for. */
async function withBinaries(info: KernelInfo, io: CliIo): Promise<KernelInfo> {
  const { hostBinaries } = await import('../runtime/node/host-binaries.ts');
  const binaries = hostBinaries({ folder: resolvePath('.', io), searchPath: io.env.PATH ?? '' });
  return Object.create(info, { binaries: { value: binaries, enumerable: true } }) as KernelInfo;
}

interface WarningSource {
  takeWarnings?(): readonly string[];
}

/**
 * Prints what was found wrong so far and not told yet: after opening, and again when formats were asked for, since damage
 * may be why something is not found.
 */
export function tellWarnings(source: WarningSource, flags: { readonly warnings?: boolean }, io: CliIo): void {
  const messages = source.takeWarnings?.() ?? [];
  if (flags.warnings === false) return;
  for (const message of messages) io.stderr(`WARNING: ${message}\n`);
}

function isSim({ on }: KernelFlags): boolean {
  if (on !== 'linux') return on === 'sim';
  throw new CliError(
    '--on linux is not supported yet: use the simulated kernel (--on sim) or a recording (--on trace.dat or perf.data)',
  );
}

function simShape(flags: KernelFlags): { readonly seed: number; readonly cpus: number } {
  return {
    seed: parseCount('--seed', flags.seed ?? '1', 0, 0xffffffff),
    cpus: parseCount('--cpus', flags.cpus ?? '4', 1, 64),
  };
}

function duration({ durationNs }: KernelFlags): { readonly durationNs?: number } {
  return durationNs === undefined ? {} : { durationNs };
}

export interface RecordingFlags {
  /** The kernel a text is of. */
  readonly target?: string;
  /** The symbols of the kernel that a perf.data is of. */
  readonly kallsyms?: string;
}

/** A recording of any format this library reads, - for standard input. */
export async function openRecordingFile(
  file: string,
  io: CliIo,
  { target, kallsyms }: RecordingFlags = {},
): Promise<EventRecording> {
  const opened = await openSource(file, io);
  return readRecording(opened, io, target, await kallsymsOf(opened, { kallsyms }, io));
}

/** Symbols of the recorded machine's kernel, which perf.data does not hold. */
async function kallsymsOf(
  { file, source }: RecordingSource,
  { kallsyms }: { readonly kallsyms?: string | undefined },
  io: CliIo,
): Promise<Uint8Array | undefined> {
  if (kallsyms === undefined) return undefined;
  const { isPerfData } = await import('../runtime/recording/perf-data/file-header.ts');
  if (!isPerfData(source.read(0, 4096))) {
    throw new CliError(`--kallsyms is for perf.data, and '${file}' is none: leave it out`);
  }
  return readKallsyms(kallsyms, io);
}

/** Text of `/proc/kallsyms`, as root sees it. */
function readKallsyms(path: string, io: CliIo): Uint8Array {
  const bytes = readBytes(path, io);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  if (!/^[0-9a-f]{1,16} \S \S/im.test(text)) {
    throw new CliError(`'${path}' is no text of /proc/kallsyms: its lines are 'address type name'`);
  }
  if (!/^0*[1-9a-f][0-9a-f]* \S \S/im.test(text)) {
    throw new CliError(`All addresses in '${path}' are 0: save /proc/kallsyms as root`);
  }
  return bytes;
}

interface RecordingSource {
  readonly file: string;
  readonly source: ByteSource;
  readonly isText: boolean;
}

async function openSource(file: string, io: CliIo): Promise<RecordingSource> {
  const [{ openFileSource }, { isRecording }, { isTextRecording }] = await Promise.all([
    import('../runtime/node/file-source.ts'),
    import('../runtime/recording/open.ts'),
    import('../runtime/recording/text/text-form.ts'),
  ]);
  const wanted = { name: 'recording', accepts: isRecording };
  const source = await readable(file, () =>
    openFileSource(file === '-' ? STDIN : resolvePath(file, io), { wanted }),
  );
  return { file, source, isText: isTextRecording(source.read(0, 4096)) };
}

async function readRecording(
  { file, source, isText }: RecordingSource,
  io: CliIo,
  target?: string,
  kallsyms?: Uint8Array,
): Promise<EventRecording> {
  const [{ openAnyRecording }, { nodeDecompressor }] = await Promise.all([
    import('../runtime/recording/open.ts'),
    import('../runtime/node/decompressor.ts'),
  ]);
  const known = isText ? await formatsForText(target, io) : {};
  const symbols = kallsyms === undefined ? {} : { kallsyms };
  const ports = { decompressor: nodeDecompressor, ...known, ...symbols };
  return readable(file, () => openAnyRecording(source, ports));
}

/** A text has no formats of its own: they are the target's, or those that come with bpfkit. */
async function formatsForText(target: string | undefined, io: CliIo): Promise<TextPorts> {
  const { name, tracepoints, syscalls = [] } = await openTarget(target ?? 'linux-6.1', io);
  return tracepoints === undefined ? {} : { formats: tracepoints, syscalls, formatsOf: name };
}

/** What goes wrong with a recording's file is the user's to know, not a bug. */
async function readable<Result>(file: string, read: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    const known = error instanceof Error && (error.name === 'RecordingError' || 'code' in error);
    if (!known) throw error;
    throw new CliError(`Cannot read the recording '${file}': ${reason(error)}`, undefined, { cause: error });
  }
}
