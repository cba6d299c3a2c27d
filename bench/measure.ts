/** Timing whole processes, interleaved so that a busy machine disturbs all alike. */
import { spawnSync } from 'node:child_process';

export interface Command {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
}

export interface Measured {
  readonly name: string;
  /** Median wall time, milliseconds. */
  readonly ms: number;
  /** Largest resident set seen, MiB; NaN without GNU time. */
  readonly peakMiB: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Runs every command once a round; a command that fails is a fault, not a fast one. */
export function measureCommands(commands: readonly Command[], rounds: number): readonly Measured[] {
  const times = commands.map((): number[] => []);
  for (let round = -1; round < rounds; round++) {
    commands.forEach((command, index) => {
      const ms = timeOnce(command);
      if (round >= 0) times[index]!.push(ms);
    });
  }
  return commands.map((command, index) => ({
    name: command.name,
    ms: median(times[index]!),
    peakMiB: peakMemory(command),
  }));
}

/** Milliseconds. */
export function timeOnce(command: Command): number {
  const [file, ...args] = command.argv;
  const start = process.hrtime.bigint();
  const result = spawnSync(file, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  if (result.status !== 0) throw new Error(`${command.name} failed: ${result.error ?? result.stderr}`);
  return ms;
}

/** Largest resident set of one run, MiB; NaN without Python. */
export function peakMemory(command: Command): number {
  const script =
    'import resource,subprocess,sys; subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)';
  const result = spawnSync('python3', ['-c', script, ...command.argv], { encoding: 'utf8' });
  return result.status === 0 ? Number(result.stdout) / 1024 : Number.NaN;
}
