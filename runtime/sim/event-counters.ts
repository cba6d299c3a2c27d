/** Software events that count how often a tracepoint is passed: on each CPU a program runs once every so many times. */
import type { Program } from '../../vm/index.ts';
import type { TracePoint } from './tracer.ts';

interface Counter {
  readonly program: Program;
  readonly every: number;
  /** By CPU. */
  readonly passed: number[];
}

export class EventCounters {
  readonly #counters = new Map<TracePoint, Counter[]>();
  readonly #traced: (point: TracePoint) => boolean;

  /** `traced`: others want the tracepoint to stay enabled. */
  constructor(traced: (point: TracePoint) => boolean) {
    this.#traced = traced;
  }

  /** Returns what takes it off again. */
  add(point: TracePoint, program: Program, every: number): () => void {
    const counter = { program, every, passed: [] };
    const all = this.#counters.get(point) ?? [];
    this.#counters.set(point, all);
    all.push(counter);
    point.enabled = true;
    return () => {
      const index = all.indexOf(counter);
      if (index >= 0) all.splice(index, 1);
      point.enabled = all.length > 0 || this.#traced(point);
    };
  }

  counts(point: TracePoint): boolean {
    return (this.#counters.get(point)?.length ?? 0) > 0;
  }

  count(point: TracePoint, cpu: number, run: (program: Program) => void): void {
    for (const counter of this.#counters.get(point) ?? []) {
      const passed = (counter.passed[cpu] ?? 0) + 1;
      counter.passed[cpu] = passed % counter.every;
      if (passed === counter.every) run(counter.program);
    }
  }
}
