/** What the dynamic loader and libc do before a program's `main`. */
import * as file from '../syscalls/file.ts';
import { ENOENT, NR, quick } from '../syscalls/frame.ts';
import type { Activity, Task } from '../task.ts';

const LIBRARIES = '/lib/x86_64-linux-gnu/';
const MAPPED = 0x7f80_4000_0000;
const HEAP = 0x5581_5000_0000;

export function* startProgram(task: Task, libraries: readonly string[]): Activity {
  yield* faults(task, 6);
  yield* quick(task, NR.brk, [0], HEAP);
  yield* quick(task, NR.access, [task.user.path('/etc/ld.so.preload'), 4], -ENOENT, 1400);
  const cache = yield* file.openat(task, '/etc/ld.so.cache');
  yield* file.fstat(task, cache);
  yield* quick(task, NR.mmap, [0, 21_387, 1, 2, cache, 0], MAPPED, 1500);
  yield* file.close(task, cache);
  for (const library of libraries) yield* load(task, library);
  yield* quick(task, NR.arch_prctl, [0x1002, MAPPED + 0x740]);
  yield* quick(task, NR.set_tid_address, [MAPPED + 0xa10], task.tid);
  yield* quick(task, NR.set_robust_list, [MAPPED + 0xa20, 24]);
  yield* quick(task, NR.rseq, [MAPPED + 0x1060, 32, 0, 0x53053053]);
  for (let count = 0; count < 3; count++) yield* quick(task, NR.mprotect, [MAPPED, 4096, 1], 0, 1500);
  yield* quick(task, NR.prlimit64, [0, 3, 0, task.user.structure]);
  yield* quick(task, NR.munmap, [MAPPED, 21_387], 0, 4000);
  yield* faults(task, 10);
  yield* quick(task, NR.getrandom, [task.user.structure, 8, 1], 8);
  yield* quick(task, NR.brk, [0], HEAP);
  yield* quick(task, NR.brk, [HEAP + 0x21000], HEAP + 0x21000, 900);
}

function* load(task: Task, library: string): Activity {
  const fd = yield* file.openat(task, LIBRARIES + library);
  if (fd < 0) return;
  yield* file.read(task, fd, 832);
  yield* file.fstat(task, fd);
  for (let part = 0; part < 4; part++) {
    yield* quick(
      task,
      NR.mmap,
      [part === 0 ? 0 : MAPPED, 1_970_000, 1, part === 0 ? 2 : 0x812, fd, 0],
      MAPPED,
      2500,
    );
  }
  yield* file.close(task, fd);
  yield* faults(task, 5);
}

/** Pages touched for the first time. */
function* faults(task: Task, count: number): Activity {
  for (let index = 0; index < count; index++) {
    const address = MAPPED + task.random.below(480) * 4096 + task.random.below(4096);
    task.world.trace.fault(task.world.cpuOf(task), task, address, task.random.perMille(400) ? 6 : 4);
    yield 700 + task.random.below(1800);
  }
}
