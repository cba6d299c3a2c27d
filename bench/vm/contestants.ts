/** The engines, in the order they are printed. A new one is a line. */
import { binaryenEngine, directEngine, type EngineFactory, residentEngine } from '../../vm/index.ts';
import type { Contestant, Subject, Trial } from './contestant.ts';
import { type MachineSetup, machineTrial } from './machine-trial.ts';
import { compiled, nativeTrial } from './native-trial.ts';

interface MachineRow extends Omit<MachineSetup, 'engine'> {
  readonly name: string;
  readonly text: string;
  /** Undefined: the reference interpreter. */
  readonly engine?: () => Promise<EngineFactory>;
}

const resident = async (): Promise<EngineFactory> => residentEngine;
const direct = async (): Promise<EngineFactory> => directEngine;

const MACHINES: readonly MachineRow[] = [
  { name: 'jit', text: 'direct JIT, one call a run', mode: 'trusted', engine: direct },
  { name: 'jit-batch', text: 'direct JIT, 1,024 runs a call', mode: 'trusted', engine: direct, batch: true },
  { name: 'checked', text: 'direct JIT, accesses checked', mode: 'checked', engine: direct },
  {
    name: 'binaryen',
    text: 'JIT through binaryen, optimised',
    mode: 'trusted',
    engine: binaryenEngine,
  },
  { name: 'resident', text: 'interpreter in WebAssembly', mode: 'trusted', engine: resident },
  { name: 'reference', text: 'interpreter in TypeScript, strict checks off', mode: 'trusted' },
];

/** All that are here, and why others are not. */
export async function contestants(): Promise<{
  readonly here: readonly Contestant[];
  readonly absent: readonly string[];
}> {
  const here: Contestant[] = [];
  const absent: string[] = [];
  for (const row of MACHINES) here.push(await machine(row));
  for (const one of [kernel(), interpreter(), ubpf()]) {
    if (typeof one === 'string') absent.push(one);
    else here.push(one);
  }
  return { here, absent };
}

async function machine({ name, text, engine, ...setup }: MachineRow): Promise<Contestant> {
  const factory = await engine?.();
  const full: MachineSetup = factory === undefined ? setup : { ...setup, engine: factory };
  return {
    name,
    text,
    ...(setup.batch ? { eventsOnly: true } : {}),
    start: async (subject) => machineTrial(subject, full),
  };
}

function kernel(): Contestant | string {
  if (process.platform !== 'linux') return 'kernel: this is not Linux';
  if (process.getuid?.() !== 0) return 'kernel: BPF_PROG_TEST_RUN needs root';
  const binary = compiled('kernel');
  if (binary === undefined) return 'kernel: its runner needs a C compiler';
  return {
    name: 'kernel',
    text: "Linux' JIT by BPF_PROG_TEST_RUN",
    narrow: true,
    sampleMs: 5,
    start: (subject) => nativeTrial([binary], subject, subject.linux),
  };
}

function interpreter(): Contestant | string {
  const binary = compiled('interpreter');
  if (binary === undefined) return 'c: it needs a C compiler';
  return { name: 'c', text: 'a lean interpreter in C, no checks', start: native([binary]) };
}

function ubpf(): Contestant | string {
  const command = process.env.BPFKIT_UBPF?.trim();
  if (!command) return 'ubpf: BPFKIT_UBPF names no runner';
  return { name: 'ubpf', text: command, start: native(command.split(/\s+/)) };
}

function native(argv: readonly string[]): (subject: Subject) => Promise<Trial | string> {
  return (subject) => nativeTrial(argv, subject, subject.object);
}
