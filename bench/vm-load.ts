/**
 * How soon a program runs: the direct JIT against the reference interpreter, which only predecodes. Prints the time from
 * an object to its first result for programs of 300 instructions in a warm process, the same for the first program of a
 * process, and what a program of up to 65,536 instructions costs each instruction: generating WebAssembly, and with V8's
 * compilation and a first run. Every result is compared with the reference interpreter's.
 */
import { spawnSync } from 'node:child_process';
import type { Instruction } from '../bpf/instruction.ts';
import type { BpfObject } from '../bpf/object.ts';
import { createMachine, directEngine, type EngineFactory } from '../vm/index.ts';
import { compileProgram } from '../vm/jit/compile.ts';
import { directModule } from '../vm/wasm/direct/module.ts';
import { branchyProgram, objectOf } from './vm/load-program.ts';

const SMALL = 300;
const PROGRAMS = 25;
const SIZES = [1024, 4096, 16_384, 65_536] as const;
const ROUNDS = 5;
/** Least: what a busy machine adds is no property of a compiler. */
const least = (values: readonly number[]): number => Math.min(...values);
/** In a process of its own: the first program there. */
const COLD = '--cold';

interface Load {
  readonly ms: number;
  readonly result: string;
}

interface SizeRow {
  readonly insns: number;
  /** Microseconds an instruction. */
  readonly generate: number;
  readonly firstResult: number;
}

interface Report {
  readonly bench: 'vm-load';
  readonly insns: number;
  readonly firstResultMs: { readonly direct: number; readonly reference: number; readonly ratio: number };
  readonly coldMs: number;
  readonly sizes: readonly SizeRow[];
}

export async function run(options: {
  readonly json: boolean;
  readonly args: readonly string[];
}): Promise<void> {
  if (options.args.includes(COLD)) {
    process.stdout.write(`${load(objectOf(branchyProgram(SMALL, 1)), directEngine).ms}\n`);
    return;
  }
  const small = smallPrograms();
  const report: Report = {
    bench: 'vm-load',
    insns: SMALL,
    firstResultMs: small,
    coldMs: least(Array.from({ length: ROUNDS }, coldMs)),
    // The first is thrown away: it makes the generator itself hot.
    sizes: [SIZES[2], ...SIZES].map(sizeRow).slice(1),
  };
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : text(report));
}

/** From an object to the first result. */
function load(object: BpfObject, engine: EngineFactory | undefined): Load {
  const machine = createMachine({
    mode: 'trusted',
    memoryLimit: 1 << 20,
    ...(engine === undefined ? {} : { engine }),
  });
  const start = performance.now();
  const program = machine.load(object).programs.get('main')!;
  const registers = machine.run(program, 0, 0);
  const ms = performance.now() - start;
  return { ms, result: registers.slice(0, 2).join() };
}

/** Different programs, since V8 keeps modules that it has seen; the first ones warm up. */
function smallPrograms(): Report['firstResultMs'] {
  const direct: number[] = [];
  const reference: number[] = [];
  for (let seed = 1; seed <= PROGRAMS * 2; seed++) {
    const object = objectOf(branchyProgram(SMALL, seed));
    const [a, b] = [load(object, directEngine), load(object, undefined)];
    if (a.result !== b.result) throw new Error(`program ${seed}: ${a.result} is not ${b.result}`);
    if (seed <= PROGRAMS) continue;
    direct.push(a.ms);
    reference.push(b.ms);
  }
  const [x, y] = [least(direct), least(reference)];
  return { direct: x, reference: y, ratio: x / y };
}

function coldMs(): number {
  const { stdout } = spawnSync(
    process.execPath,
    [new URL('run.ts', import.meta.url).pathname, 'vm-load', COLD],
    {
      encoding: 'utf8',
    },
  );
  return Number(stdout);
}

function sizeRow(insns: number): SizeRow {
  const generate: number[] = [];
  const firstResult: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const instructions = branchyProgram(insns, insns + round);
    generate.push((generationMs(instructions) * 1000) / insns);
    firstResult.push((load(objectOf(instructions), directEngine).ms * 1000) / insns);
  }
  return { insns, generate: least(generate), firstResult: least(firstResult) };
}

function generationMs(instructions: readonly Instruction[]): number {
  const machine = createMachine({ mode: 'trusted', memoryLimit: 1 << 20 });
  const program = machine.load(objectOf(instructions)).programs.get('main')!;
  const start = performance.now();
  compileProgram(program, {
    module: directModule(),
    pages: machine.memory.pages,
    limit: undefined,
    mapAt: () => undefined,
  });
  return performance.now() - start;
}

function text({ insns, firstResultMs, coldMs, sizes }: Report): string {
  const { direct, reference, ratio } = firstResultMs;
  return [
    `${insns} instructions, object to first result, warm: direct JIT ${direct.toFixed(2)} ms, ` +
      `reference interpreter ${reference.toFixed(2)} ms, ${ratio.toFixed(2)}x`,
    `the first program of a process: ${coldMs.toFixed(2)} ms`,
    '   insns   generate us/insn   first result us/insn',
    ...sizes.map(
      (row) =>
        `${String(row.insns).padStart(8)}${row.generate.toFixed(2).padStart(19)}${row.firstResult.toFixed(2).padStart(23)}`,
    ),
    '',
  ].join('\n');
}
