/** One program on all engines: interleaved rounds, each the median of many samples, all checked. */
import { setTimeout } from 'node:timers/promises';
import { createMachine } from '../../vm/index.ts';
import { median } from '../measure.ts';
import type { Contestant, Dump, Subject, Timed, Trial } from './contestant.ts';
import { dumpProblem, recordsProblem, sameDump } from './effects.ts';
import { stage } from './machine-trial.ts';
import type { Row } from './report.ts';
import { PERIOD } from './subject.ts';

const SAMPLES = 11;
const SAMPLE_MS = 1;
/** V8 compiles what is hot beside the run, when it gets a processor: pauses let it. */
const PAUSE_MS = 25;
/** So many times in a row nothing has become a twentieth faster: it is warm. */
const STEADY = 3;
const LONGEST_WARM_MS = 3000;
/** Runs of a program from outside that engines must agree on. */
const JUDGED = 32;

/** A run that failed or did something else than it must: it ends the benchmark. */
export class RunError extends Error {}

export interface Measured {
  readonly row: Row;
  /** Engines that do not take the program, and why. */
  readonly left: readonly string[];
}

export async function measure(
  given: Subject,
  contestants: readonly Contestant[],
  rounds: number,
): Promise<Measured> {
  const left: string[] = [];
  const subject = given.result === undefined ? await judged(given, contestants) : given;
  const runners: Runner[] = [];
  for (const contestant of contestants) {
    if (contestant.eventsOnly && !subject.event) continue;
    const trial = await contestant.start(subject);
    if (typeof trial === 'string') left.push(`${contestant.name}: ${trial}`);
    else runners.push(new Runner(contestant, subject, trial));
  }
  try {
    for (const runner of runners) await runner.warm();
    for (let round = 0; round < rounds; round++) for (const runner of runners) await runner.round();
  } finally {
    for (const runner of runners) runner.close();
  }
  const ns = Object.fromEntries(runners.map(({ name, ns }) => [name, ns]));
  return { row: { name: subject.name, insns: instructionsOf(subject), ns }, left };
}

/** An engine's rounds. */
class Runner {
  readonly name: string;
  readonly #sampleMs: number;
  readonly #subject: Subject;
  readonly #trial: Trial;
  readonly #rounds: number[] = [];
  #runs = 0;
  /** Runs of a sample. */
  #size = 1;
  #most = 2 ** 30;

  constructor({ name, sampleMs = SAMPLE_MS }: Contestant, subject: Subject, trial: Trial) {
    this.name = name;
    this.#sampleMs = sampleMs;
    this.#subject = subject;
    this.#trial = trial;
  }

  get ns(): number {
    return median(this.#rounds);
  }

  async warm(): Promise<void> {
    while ((await this.#sample()).nanoseconds < this.#sampleMs * 1e6 && this.#size < this.#most)
      this.#resize(this.#size * 2);
    const ends = performance.now() + LONGEST_WARM_MS;
    let best = Number.POSITIVE_INFINITY;
    for (let steady = 0; steady < STEADY && performance.now() < ends; ) {
      await setTimeout(PAUSE_MS);
      const times = await this.#times();
      const least = Math.min(...times);
      steady = least < best * 0.95 ? 0 : steady + 1;
      best = Math.min(best, least);
      this.#fit(median(times));
    }
    await this.#checkMaps();
  }

  async round(): Promise<void> {
    const time = median(await this.#times());
    this.#rounds.push(time);
    this.#fit(time);
    await this.#checkMaps();
  }

  /** Nanoseconds a run, of each sample. */
  async #times(): Promise<readonly number[]> {
    const times: number[] = [];
    for (let sample = 0; sample < SAMPLES; sample++) {
      const { nanoseconds, runs } = await this.#sample();
      times.push(nanoseconds / runs);
    }
    return times;
  }

  /** So many runs as a sample has time for. */
  #fit(time: number): void {
    if (time > 0) this.#resize((this.#sampleMs * 1e6) / time);
  }

  #resize(runs: number): void {
    this.#size = Math.max(1, Math.min(Math.ceil(runs), this.#most));
  }

  close(): void {
    this.#trial.close();
  }

  async #sample(): Promise<Timed> {
    try {
      const timed = await this.#trial.time(this.#size);
      const before = this.#runs;
      this.#runs += timed.runs;
      await this.#drain(before);
      return timed;
    } catch (error) {
      throw new RunError(`${this.#subject.name} on ${this.name}: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }

  /** Ring buffers must not fill up within a sample. */
  async #drain(before: number): Promise<void> {
    const { effect } = this.#subject;
    for (const map of this.#subject.maps.filter(({ type }) => type === 'ringbuf')) {
      const drained = await this.#trial.drain(map.name);
      const each = (drained.count / (this.#runs - before)) * (drained.words.length * 4 + 16);
      if (each > 0) this.#most = Math.max(1, Math.floor(map.maxEntries / each / PERIOD) * PERIOD);
      if (effect?.kind !== 'records') continue;
      const problem = recordsProblem(effect, before, this.#runs, drained);
      if (problem !== undefined) throw new Error(problem);
    }
  }

  async #checkMaps(): Promise<void> {
    const { effect, maps, name } = this.#subject;
    if (effect === undefined || effect.kind === 'records') return;
    const map = maps.find((one) => one.name === effect.map)!;
    const problem = dumpProblem(effect, map, this.#runs, await this.#trial.dump(map.name));
    if (problem !== undefined) throw new RunError(`${name} on ${this.name}: ${problem}`);
  }
}

/** Fills in what a program from outside returns: all engines must agree on it and on maps, from the same beginning. */
async function judged(subject: Subject, contestants: readonly Contestant[]): Promise<Subject> {
  let first: Answer | undefined;
  for (const contestant of contestants) {
    const trial = contestant.eventsOnly ? 'not for one program' : await contestant.start(subject);
    if (typeof trial === 'string') continue;
    const answer = await answerOf(contestant, subject, trial)
      .catch((error: unknown) => {
        throw new RunError(`${subject.name} on ${contestant.name}: ${(error as Error).message}`, {
          cause: error,
        });
      })
      .finally(() => trial.close());
    first ??= answer;
    const problem = disagreement(subject, first, answer);
    if (problem !== undefined) {
      throw new RunError(
        `${subject.name}: ${answer.contestant.name} and ${first.contestant.name} ${problem}`,
      );
    }
  }
  const results = new Set(first?.results);
  return results.size === 1 ? { ...subject, result: first!.results[0] } : subject;
}

/** Results of some runs one by one, and the maps after them. */
interface Answer {
  readonly contestant: Contestant;
  readonly results: readonly bigint[];
  readonly dumps: readonly Dump[];
}

async function answerOf(contestant: Contestant, subject: Subject, trial: Trial): Promise<Answer> {
  const results: bigint[] = [];
  for (let run = 0; run < JUDGED; run++) results.push((await trial.time(1)).last);
  const dumps: Dump[] = [];
  for (const { name, type } of subject.maps) {
    if (type !== 'ringbuf') dumps.push(await trial.dump(name));
    else dumps.push(new Map([['records', Object.values(await trial.drain(name)).join()]]));
  }
  return { contestant, results, dumps };
}

function disagreement(subject: Subject, a: Answer, b: Answer): string | undefined {
  const bits = a.contestant.narrow || b.contestant.narrow ? 32 : 64;
  const run = a.results.findIndex(
    (result, index) => BigInt.asUintN(bits, result) !== BigInt.asUintN(bits, b.results[index]!),
  );
  if (run >= 0) return `return other results: run ${run}`;
  const map = subject.maps.find((one, index) => !sameDump(a.dumps[index]!, b.dumps[index]!, one));
  return map === undefined ? undefined : `leave map ${map.name} with other contents`;
}

/** What one run executes once maps are filled: the mean of a period. */
function instructionsOf(subject: Subject): number {
  const machine = createMachine({ mode: 'trusted', memoryLimit: 64 << 20, fuel: 2_000_000_000 });
  const program = machine.load(subject.object).programs.get('main')!;
  const { first } = stage(machine, subject, 1);
  let steps = 0;
  machine.onStep = () => {
    steps++;
  };
  machine.run(program, 0, first);
  if (!subject.event) return steps;
  for (let run = 1; run < PERIOD; run++) machine.run(program, 0, first);
  steps = 0;
  for (let run = 0; run < PERIOD; run++) machine.run(program, 0, first);
  return Math.round(steps / PERIOD);
}
