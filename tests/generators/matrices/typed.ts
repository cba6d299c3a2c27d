/** Typed arguments of this machine's tracepoints, and walks through the structures they point to. */
import type { Btf } from '../../../bpf/btf/btf.ts';
import { isComposite } from '../../../bpf/btf/type.ts';
import type { Case } from '../../../verifier/case/case.ts';
import { caseOf } from './case-text.ts';

const PREFIX = 'btf_trace_';

/** Every argument of every tracepoint: read, followed at a few places, passed on. */
export function* tracepointMatrix(btf: Btf): Generator<Case> {
  for (let id = btf.firstId; id < btf.end; id++) {
    if (btf.kindOf(id) !== 'typedef' || !btf.nameOf(id).startsWith(PREFIX)) continue;
    const name = btf.nameOf(id);
    for (let argument = 0; argument < 13; argument++) {
      const load = `r1 = *(u64 *)(r1 + ${argument * 8})`;
      yield traced(name, `argument ${argument}`, load);
      for (const off of [0, 8, 24, 64, 1 << 14]) {
        yield traced(name, `argument ${argument} at ${off}`, `${load}\nr2 = *(u64 *)(r1 + ${off})`);
      }
      yield traced(
        name,
        `argument ${argument} checked`,
        `${load}\nif r1 == 0 goto out\nr2 = *(u32 *)(r1 + 0)`,
      );
      yield traced(name, `argument ${argument} written`, `${load}\n*(u64 *)(r1 + 0) = 1`);
    }
  }
}

/** Structures reached from `sched_switch`: every offset, every size, and one step further. */
export function* structMatrix(btf: Btf): Generator<Case> {
  const task = btf.find('task_struct', 'struct');
  const type = task === undefined ? undefined : btf.type(task);
  if (type === undefined || !isComposite(type)) return;
  const load = 'r1 = *(u64 *)(r1 + 8)';
  for (let off = -8; off < type.size + 16; off++) {
    for (const size of [1, 2, 4, 8]) {
      const place = `(r1 ${off < 0 ? '-' : '+'} ${Math.abs(off)})`;
      yield traced(`${PREFIX}sched_switch`, `task ${size}+${off}`, `${load}\nr2 = *(u${size * 8} *)${place}`);
      if (size < 8 || off % 8 !== 0) continue;
      for (const further of [0, 8, 40]) {
        const walk = `${load}\nr2 = *(u64 *)${place}\nr3 = *(u64 *)(r2 + ${further})`;
        yield traced(`${PREFIX}sched_switch`, `task ${off}, ${further}`, walk);
        const locked = `r6 = r1\ncall bpf_rcu_read_lock\nr1 = r6\n${load}\nr2 = *(u64 *)${place}\nif r2 == 0 goto unlock\nr3 = *(u64 *)(r2 + ${further})\nunlock:\ncall bpf_rcu_read_unlock`;
        yield traced(`${PREFIX}sched_switch`, `task ${off}, ${further} locked`, locked);
      }
      yield traced(
        `${PREFIX}sched_switch`,
        `task ${off} passed`,
        `${load}\nr1 = *(u64 *)${place}\nr2 = r10\nr2 += -8\nr3 = 8\ncall bpf_task_acquire\nif r0 == 0 goto out\nr1 = r0\ncall bpf_task_release`,
      );
    }
  }
}

function traced(name: string, id: string, body: string): Case {
  return caseOf({
    id: `${name}/#${id}`,
    type: 'tracing',
    attach: 'trace_raw_tp',
    attachBtf: { name, kind: 'typedef' },
    text: `${body}\nout:\nr0 = 0\nexit`,
  });
}
