/** What a perf.data file tells of threads at the place a cursor has reached: the cursor itself has learnt it. */
import type { EventCursor, ThreadNames } from '../event-recording.ts';
import { PerfCursor } from './perf-cursor.ts';
import { ProcessTable } from './process-table.ts';

export class PerfThreads implements ThreadNames {
  #processes = new ProcessTable();

  get changes(): number {
    return this.#processes.changes;
  }

  /** `swapper/` and the CPU for the idle threads, as the kernel names them; perf shows them without CPU. */
  commOf(tid: number, cpu: number): string | undefined {
    return tid === 0 ? `swapper/${cpu}` : this.#processes.find(tid)?.comm;
  }

  tgidOf(tid: number): number | undefined {
    const pid = this.#processes.find(tid)?.pid;
    return pid === undefined || pid < 0 ? undefined : pid;
  }

  observe(cursor: EventCursor): void {
    if (cursor instanceof PerfCursor) this.#processes = cursor.processes;
  }
}
