/** Opens the kernel that `--on` names. Each kind is loaded only when it is asked for. */
import type { Kernel } from '../runtime/kernel.ts';
import { resolvePath } from './files.ts';
import { CliError, type CliIo } from './io.ts';

export interface KernelFlags {
  readonly on: string;
  readonly seed?: string;
  readonly cpus?: string;
  /** Of the traced machine's time. */
  readonly durationNs?: number;
}

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

export async function openKernel(flags: KernelFlags, io: CliIo): Promise<Kernel> {
  if (flags.on === 'sim') return openSim(flags);
  if (flags.on === 'linux') {
    throw new CliError(
      '--on linux is not supported yet: use the simulated kernel (--on sim) or a recording (--on trace.dat)',
    );
  }
  return openRecordingFile(flags, io);
}

async function openSim(flags: KernelFlags): Promise<Kernel> {
  const { createSimKernel } = await import('../runtime/sim/sim-kernel.ts');
  return createSimKernel({
    seed: parseCount('--seed', flags.seed ?? '1', 0, 0xffffffff),
    cpus: parseCount('--cpus', flags.cpus ?? '4', 1, 64),
    ...(flags.durationNs === undefined ? {} : { durationNs: flags.durationNs }),
  });
}

async function openRecordingFile(flags: KernelFlags, io: CliIo): Promise<Kernel> {
  const [
    { openFileSource },
    { nodeDecompressor },
    { openRecording, RecordingError },
    { createRecordingKernel },
  ] = await Promise.all([
    import('../runtime/node/file-source.ts'),
    import('../runtime/node/decompressor.ts'),
    import('../runtime/recording/index.ts'),
    import('../runtime/recording-kernel.ts'),
  ]);
  try {
    const source = openFileSource(resolvePath(flags.on, io));
    const recording = openRecording(source, { decompressor: nodeDecompressor });
    return createRecordingKernel(recording, {
      name: flags.on,
      ...(flags.durationNs === undefined ? {} : { durationNs: flags.durationNs }),
    });
  } catch (error) {
    if (error instanceof RecordingError || isFileError(error)) {
      throw new CliError(`Cannot read the recording '${flags.on}': ${(error as Error).message}`, undefined, {
        cause: error,
      });
    }
    throw error;
  }
}

function isFileError(error: unknown): boolean {
  return error instanceof Error && 'code' in error;
}
