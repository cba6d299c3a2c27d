import { describe, expect, it } from 'vitest';
import { KernelSymbols } from '../../../../runtime/recording/kernel-symbols.ts';
import {
  type FrameSymbol,
  type Mapping,
  type StackFrame,
  type SymbolPorts,
  symbolise,
} from '../../../../runtime/recording/perf-data/index.ts';
import { open, readLines, readPart, timeText } from './recordings.ts';

const RECORDINGS = ['sched-stacks', 'zstd', 'pipe', 'cpu-clock', 'per-thread', 'group', 'mono'] as const;
const WORKLOAD = '/usr/bin/workload';
/** Its text is linked this far from where it is in the file. */
const WORKLOAD_BASE = 0x400000n;

/** `tid time event`, then its frames. */
function expectedStacks(name: string): string[] {
  return readLines(`${name}.stacks.txt`).map((line) => {
    const head = /^ *(-?\d+) +(\d+\.\d+): +(.*?): *$/.exec(line);
    if (head !== null) return `${head[1]} ${head[2]} ${head[3]}`;
    return line.trim();
  });
}

function ports(name: string): SymbolPorts {
  const workload = new KernelSymbols(readPart(`${name}.user.txt`));
  return {
    kernel: new KernelSymbols(readPart(`${name}.kernel.txt`)),
    user: (file: Mapping, fileOffset: bigint): FrameSymbol | undefined => {
      if (file.path !== WORKLOAD) return undefined;
      const found = workload.symbolAt(fileOffset + WORKLOAD_BASE);
      return found && { name: found.name, offset: fileOffset + WORKLOAD_BASE - found.address };
    },
  };
}

/** As perf prints it: user addresses where their file has them. */
function frameText(frame: StackFrame): string {
  const address = (frame.fileOffset ?? frame.address).toString(16);
  const { symbol } = frame;
  const text = symbol === undefined ? '[unknown]' : `${symbol.name}+0x${symbol.offset.toString(16)}`;
  return `${address} ${text} (${frame.dso ?? '[unknown]'})`;
}

/** The workload's own functions: those of the C library in it have several names for one address. */
const OWN = new Set(['innermost', 'middle', 'outer', 'thread', 'main']);

/** Address and file of each frame; names of the kernel's functions and of the workload's own. */
function comparable(line: string): string {
  const frame = /^([0-9a-f]+) (.*?)(\+0x[0-9a-f]+)? \((.*)\)$/.exec(line);
  if (frame === null) return line;
  const [, address, name, offset, dso] = frame;
  const isKnown = dso === '[kernel.kallsyms]' || OWN.has(name!);
  return isKnown ? line : `${address}${dso === WORKLOAD ? ` ${offset}` : ''} (${dso})`;
}

describe('call chains of', () => {
  it.each(RECORDINGS)('%s are those perf script shows', (name) => {
    const recording = open(readPart(`${name}.data`));
    const symbols = ports(name);
    const lines: string[] = [];
    const cursor = recording.cursor();
    while (cursor.next()) {
      lines.push(`${cursor.sample()?.tid} ${timeText(cursor)} ${cursor.event?.name}`);
      const chain = symbolise(cursor.callChain()!, cursor.sample()!.tid!, cursor.processes, symbols);
      lines.push(...[...chain.kernel, ...chain.user].map(frameText));
    }
    expect(lines.map(comparable)).toEqual(expectedStacks(name).map(comparable));
    expect(lines.length).toBeGreaterThan(100);
  });
});
