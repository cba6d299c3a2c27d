/**
 * Random computations (tests/generators/computations) on a kernel: the commands of `bpfrun` for many programs, written
 * beforehand so that a guest without Node.js runs them too, and what its answers say.
 */
import { mapType } from '../../bpf/maps.ts';
import { COMPUTATION_MAPS, computation, fillInputs } from '../generators/computations/computation.ts';
import type { Outcome } from '../vm/outcome.ts';
import { hex, loadCommand, loadRequest } from './bpf-syscall.ts';
import { functionInfo } from './function-info.ts';

/** Maps whose contents can be listed. */
const LISTED = COMPUTATION_MAPS.filter(({ keySize }) => keySize > 0);
const HANDLES: ReadonlyMap<string, number> = new Map(
  COMPUTATION_MAPS.map(({ name }, index) => [name, index]),
);
const PACKET: string = hex(new Uint8Array(64));

/** One program's commands. */
function commandsOf(seed: number): readonly string[] {
  const object = computation(seed);
  const request = loadRequest(object, 'main', HANDLES);
  if ('log' in request) throw new Error(`computation ${seed}: ${request.log}`);
  const functions = request.functions ?? [];
  const inputs: string[] = [];
  fillInputs(seed, (key, value) => inputs.push(`update ${HANDLES.get('a')} ${hex(key)} ${hex(value)} 0`));
  const withTypes = functions.length > 1;
  return [
    ...COMPUTATION_MAPS.map(
      ({ type, keySize, valueSize, maxEntries }) =>
        `map ${mapType(type).id} ${keySize} ${valueSize} ${maxEntries} 0`,
    ),
    ...inputs,
    ...(withTypes ? [`btf ${hex(functionInfo(functions).btf)}`] : []),
    loadCommand({ ...request, logLevel: 4 }, withTypes ? '=' : '-'),
    ...(withTypes ? ['release ='] : []),
    `run = ${PACKET} - 1`,
    ...LISTED.map(({ name }) => `dump ${HANDLES.get(name)}`),
    'unload =',
    'reset',
  ];
}

/** Runs on one CPU, so that per-CPU values are that CPU's. */
export function computationScript(seeds: readonly number[]): string {
  return ['pin 0', ...seeds.flatMap(commandsOf)].map((line) => `${line}\n`).join('');
}

/** A seed's outcome, or undefined where the kernel refused the program. */
export function computationOutcomes(
  seeds: readonly number[],
  answers: string,
): ReadonlyMap<number, Outcome | undefined> {
  const lines = answers.split('\n');
  let next = 1;
  const outcomes = new Map<number, Outcome | undefined>();
  for (const seed of seeds) {
    const commands = commandsOf(seed);
    const own = new Map(commands.map((command, index) => [command, lines[next + index] ?? '']));
    next += commands.length;
    const loaded = commands.find((command) => command.startsWith('load '))!;
    const ran = own.get(`run = ${PACKET} - 1`)!;
    if (!own.get(loaded)!.startsWith('ok')) outcomes.set(seed, undefined);
    else if (!ran.startsWith('ok')) throw new Error(`computation ${seed} did not run: ${ran}`);
    else outcomes.set(seed, outcomeOf(Number(ran.split(' ')[1]), own));
  }
  return outcomes;
}

function outcomeOf(retval: number, answers: ReadonlyMap<string, string>): Outcome {
  const maps: Record<string, readonly string[]> = {};
  for (const { name, valueSize } of LISTED) {
    const entries = answers
      .get(`dump ${HANDLES.get(name)}`)!
      .trim()
      .split(' ')
      .slice(1);
    // Per-CPU values: CPU 0's is the first.
    maps[name] = entries.map((entry) => entry.slice(0, entry.indexOf('=') + 1 + valueSize * 2)).sort();
  }
  return { retval, maps };
}
