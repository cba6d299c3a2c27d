/** What a recording says of the machine and the session it was made in. */
import type { RecordingOptions } from './options.ts';
import type { Guest, TimeShift, TscConversion } from './time-options.ts';

export interface RecordedMachine {
  /** `uname` of the machine: system, host, kernel release, architecture. */
  readonly uname?: string;
  /** Kernel release, such as `6.1.0-13-amd64`. */
  readonly release?: string;
  /** Architecture as the kernel names it, such as `x86_64`. */
  readonly architecture?: string;
  readonly cpuCount?: number;
  /** Version of the program that wrote the file. */
  readonly writerVersion?: string;
  readonly traceId?: bigint;
  /** Statistics of each CPU's buffer at the end of the recording. */
  readonly cpuStats: readonly CpuStatistics[];
  /** Nanoseconds added to each stored time. */
  readonly timeOffset: bigint;
  readonly tscConversion?: TscConversion;
  /** Relation to a peer's clock; not applied. */
  readonly timeShift?: TimeShift;
  readonly guests: readonly Guest[];
  /** Event hooks, as given to `trace-cmd record -H`. */
  readonly hooks: readonly string[];
  /** Memory maps of traced processes. */
  readonly processes: readonly ProcessMaps[];
  /** Options with numbers this reader does not know. */
  readonly unknownOptions: readonly { readonly id: number; readonly data: Uint8Array }[];
}

/** The kernel's `per_cpu/cpuN/stats`. */
export interface CpuStatistics {
  readonly cpu: number;
  /** By the kernel's own names: `entries`, `overrun`, `dropped events`, ... */
  readonly values: ReadonlyMap<string, number>;
}

export interface ProcessMaps {
  readonly pid: number;
  readonly command: string;
  readonly maps: readonly { readonly start: bigint; readonly end: bigint; readonly path: string }[];
}

export function describeMachine(options: RecordingOptions): RecordedMachine {
  const words = options.uname?.trim().split(/\s+/);
  return {
    ...optional('uname', options.uname),
    ...optional('release', words?.[2]),
    ...optional('architecture', words?.[3]),
    ...optional('cpuCount', options.cpuCount),
    ...optional('writerVersion', options.writerVersion),
    ...optional('traceId', options.traceId),
    ...optional('tscConversion', options.tscConversion),
    ...optional('timeShift', options.timeShift),
    cpuStats: options.cpuStats.flatMap(parseCpuStats),
    timeOffset: options.date * 1000n + options.timeOffset,
    guests: options.guests,
    hooks: options.hooks,
    processes: options.processMaps.flatMap(parseProcessMaps),
    unknownOptions: options.unknown,
  };
}

function optional<Key extends string, T>(key: Key, value: T | undefined): { readonly [K in Key]?: T } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]: T });
}

/** `CPU: 0`, then lines of `name: number`. */
function parseCpuStats(text: string): CpuStatistics[] {
  const cpu = /^CPU: (\d{1,6})$/m.exec(text);
  if (!cpu) return [];
  const values = new Map<string, number>();
  for (const match of text.matchAll(/^([a-z ]+): +([\d.]+)$/gm)) values.set(match[1]!, Number(match[2]));
  return [{ cpu: Number(cpu[1]), values }];
}

/** `pid count command`, then `count` lines of `start end path`; all numbers hexadecimal. */
function parseProcessMaps(text: string): ProcessMaps[] {
  const lines = text.split('\n').map((line) => /^\s*([0-9a-f]{1,16}) ([0-9a-f]{1,16}) (.*)$/.exec(line));
  const processes: ProcessMaps[] = [];
  for (let index = 0; index < lines.length; ) {
    const head = lines[index++];
    if (!head) continue;
    const count = Number.parseInt(head[2]!, 16);
    const maps = lines.slice(index, index + count).flatMap((line) => (line ? [parseMap(line)] : []));
    processes.push({ pid: Number.parseInt(head[1]!, 16), command: head[3]!, maps });
    index += count;
  }
  return processes;
}

function parseMap(words: RegExpExecArray): ProcessMaps['maps'][number] {
  return { start: BigInt(`0x${words[1]}`), end: BigInt(`0x${words[2]}`), path: words[3]! };
}
