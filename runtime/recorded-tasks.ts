/** Current tasks of a recording: made of what its thread table tells, and kept while that stays the same. */
import { type CurrentTask, encodeComm, UNKNOWN_ID } from './helpers/execution-context.ts';
import type { ThreadNames } from './recording/event-recording.ts';

interface KnownTask {
  readonly comm: string;
  readonly tgid: number;
  readonly task: CurrentTask;
}

export class RecordedTasks {
  readonly #threads: ThreadNames;
  /** The task last asked for on each CPU, and the state of the thread table it was made of. */
  readonly #last: (CurrentTask | undefined)[] = [];
  readonly #lastChanges: number[] = [];
  readonly #known = new Map<number, KnownTask>();

  constructor(threads: ThreadNames) {
    this.#threads = threads;
  }

  /** The task as the thread table tells of it now. */
  current(tid: number, cpu: number): CurrentTask {
    const { changes } = this.#threads;
    const last = this.#last[cpu];
    if (last !== undefined && last.tid === tid && this.#lastChanges[cpu] === changes) return last;
    const task = this.#find(tid, cpu);
    this.#last[cpu] = task;
    this.#lastChanges[cpu] = changes;
    return task;
  }

  #find(tid: number, cpu: number): CurrentTask {
    const comm = this.#threads.commOf(tid, cpu) ?? (tid === 0 ? `swapper/${cpu}` : '<...>');
    const tgid = tid === 0 ? 0 : (this.#threads.tgidOf(tid) ?? UNKNOWN_ID);
    // Every CPU has an idle task of its own.
    const key = tid === 0 ? -1 - cpu : tid;
    const known = this.#known.get(key);
    if (known !== undefined && known.comm === comm && known.tgid === tgid) return known.task;
    const ids = { tid, tgid, uid: UNKNOWN_ID, gid: UNKNOWN_ID, cgroupId: UNKNOWN_ID, object: 0 };
    const task: CurrentTask = { ...ids, comm: encodeComm(comm) };
    this.#known.set(key, { comm, tgid, task });
    return task;
  }
}
