/** `interval` and `profile` in a machine's own time: what is due, in order of time, then of attachment, then of CPU. */
import type { AttachPoint } from '../../bpf/attach-point.ts';
import type { Program } from '../../vm/index.ts';

type TimedPoint = Extract<AttachPoint, { kind: 'interval' | 'profile' }>;

interface VirtualTimer {
  readonly program: Program;
  readonly period: number;
  /** CPUs it fires on. */
  readonly cpus: readonly number[];
  due: number;
}

export class VirtualTimers {
  readonly #timers: VirtualTimer[] = [];

  /** First due one period after `now`. Returns what takes it off again. */
  add(point: TimedPoint, program: Program, now: number, cpus: number): () => void {
    const period = Math.max(1, Math.floor(periodOf(point)));
    const all = Array.from({ length: cpus }, (_, cpu) => cpu);
    const timer: VirtualTimer = {
      program,
      period,
      cpus: point.kind === 'profile' ? all : [0],
      due: now + period,
    };
    this.#timers.push(timer);
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index >= 0) this.#timers.splice(index, 1);
    };
  }

  /** When the next one is due; Infinity without timers. */
  get next(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const timer of this.#timers) if (timer.due < next) next = timer.due;
    return next;
  }

  /** Time jumps: nothing fires before `time` any more. */
  skipTo(time: number): void {
    for (const timer of this.#timers) if (timer.due < time) timer.due = time + timer.period;
  }

  /** Fires those due at {@link next} and sets them to their next time. */
  fire(run: (program: Program, cpu: number) => void): void {
    const time = this.next;
    for (const timer of [...this.#timers]) {
      if (timer.due !== time) continue;
      timer.due += timer.period;
      for (const cpu of timer.cpus) run(timer.program, cpu);
    }
  }
}

function periodOf(point: TimedPoint): number {
  return 'periodNs' in point ? point.periodNs : 1e9 / point.frequencyHz;
}
