/** Builtins about the current task and CPU. */

import type { HelperName } from '../../bpf/helpers/index.ts';
import type { PidNamespace } from '../../bpf/kernel-info.ts';
import type { Checker } from '../check/checker.ts';
import { argumentLiteral, taskOfNumber } from '../diagnostics/messages.gen.ts';
import type { Operand } from '../ir/ir.ts';
import { address } from '../lower/expressions.ts';
import { startWord } from '../lower/globals.ts';
import type { Lowering } from '../lower/lowering.ts';
import { into } from '../lower/memory.ts';
import { emitRuntimeError } from '../lower/output.ts';
import { inSpace } from '../types/from-btf.ts';
import { BOOL, NONE, pointer, string, UINT32, UINT64 } from '../types/make.ts';
import type { Type } from '../types/type.ts';
import type { CallSite, LibraryEntry } from './entry.ts';
import { checkWalk, PROCESS_TREE_ENTRIES } from './process-tree.ts';

const COMM_SIZE = 16;

function builtin(
  name: string,
  doc: string,
  type: Type,
  scalar: LibraryEntry['scalar'],
  check?: LibraryEntry['check'],
): LibraryEntry {
  return {
    name,
    kind: 'builtin',
    signature: name,
    doc,
    arguments: { min: 0, max: 0 },
    check: (call, checker) => (check === undefined ? type : check(call, checker)),
    ...(scalar && { scalar }),
  };
}

function helperWord(helper: HelperName, half?: 'low' | 'high'): NonNullable<LibraryEntry['scalar']> {
  return (_call, { b }) => {
    const word = b.callHelper(helper, []);
    if (half === 'high') return b.binary('lshr', word, 32n);
    return half === 'low' ? b.extend(word, 32, false) : word;
  };
}

const NAMESPACES = ['curr_ns', 'init'] as const;

/**
 * Ids as the tracer's own namespace has them (Linux 5.7), or as the machine does. A tracer outside containers is in the
 * machine's own namespace, whose ids one cheap helper tells.
 */
function idEntry(name: 'pid' | 'tid', doc: string): LibraryEntry {
  const half = name === 'pid' ? 'high' : 'low';
  return {
    name,
    kind: 'builtin',
    signature: `${name}[(curr_ns | init)]`,
    doc: `${doc} By default and with \`curr_ns\` as the tracer's own pid namespace has it, with \`init\` as the machine has it.`,
    arguments: { min: 0, max: 1 },
    check: ({ span, args: [mode] }, checker) => {
      if (mode !== undefined && !(mode.kind === 'identifier' && isNamespace(mode.name)))
        checker.report(argumentLiteral(mode.span, { name, wanted: 'curr_ns or init' }));
      if (name === 'pid') checker.need({ kind: 'process-ids', what: name, span });
      return UINT32;
    },
    scalar: (call, low) => {
      const { args } = call;
      const mode = args[0]?.kind === 'identifier' ? args[0].name : 'curr_ns';
      const own = low.module.model.kernel.pidNamespace;
      if (mode === 'init' || own === undefined) return helperWord('get_current_pid_tgid', half)(call, low);
      return namespaceId(low, own, half);
    },
  };
}

function isNamespace(name: string): boolean {
  return (NAMESPACES as readonly string[]).includes(name);
}

/** `struct bpf_pidns_info`: the thread's id, then the process's; 0 for tasks that the namespace does not show. */
function namespaceId(low: Lowering, { device, inode }: PidNamespace, half: 'low' | 'high'): Operand {
  return low.temporaries((): Operand => {
    const place = low.allocate(8);
    low.b.store(place.base, place.offset, 8, 0n);
    low.b.callHelper('get_ns_current_pid_tgid', [device, inode, address(low, place), 8n]);
    return low.b.load(place.base, place.offset + (half === 'high' ? 4 : 0), 4);
  });
}

const checkCredentials: LibraryEntry['check'] = ({ span, name }, checker) => {
  checker.need({ kind: 'credentials', what: name, span });
  return UINT64;
};

/** Only a function of the kernel finds a task by its number. */
function taskById({ span, name }: CallSite, checker: Checker): undefined {
  const hint = `${name}() takes a task too: ${name}(curtask->real_parent)`;
  checker.report(taskOfNumber(span, { name }, { hints: [hint] }));
}

const comm: LibraryEntry = {
  name: 'comm',
  kind: 'builtin',
  signature: 'comm[(struct task_struct *task)]',
  doc: 'Name of the current thread, at most 15 characters; with a task, of that one (not with a process id).',
  arguments: { min: 0, max: 1 },
  check: (call, checker) => {
    const [task] = call.args;
    if (task === undefined) return string(COMM_SIZE);
    const type = checker.valueType(task);
    if (type?.kind === 'integer') return taskById(call, checker);
    return type && checkWalk(call, checker, ['comm']);
  },
  into: (call, low, place, type) => {
    const { b } = low;
    const other = low.unit.rewritten.get(call.node);
    if (other !== undefined) {
      into(low, other, place, type);
      return;
    }
    if (type.size > COMM_SIZE) b.zero(place.base, place.offset, type.size, place.align);
    b.callHelper('get_current_comm', [address(low, place), BigInt(COMM_SIZE)]);
  },
};

const curtask: LibraryEntry = builtin(
  'curtask',
  'The `struct task_struct` of the current task.',
  UINT64,
  helperWord('get_current_task'),
  ({ span }, checker) => {
    if (!checker.need({ kind: 'kernel-memory', what: 'curtask', span })) return undefined;
    const task = checker.model.typeTable.find('task_struct', 'struct');
    return pointer(task === undefined ? NONE : inSpace(task, 'kernel'), 'kernel');
  },
);

const NO_CHILD = 'There is no child process: use -c. 0 is being used as the result.';

function childPid({ span }: CallSite, low: Lowering): Operand {
  const pid = startWord(low, 'child-pid');
  low.rarely({ op: 'eq', left: pid, right: 0n }, () => emitRuntimeError(low, span, NO_CHILD));
  return pid;
}

export const TASK_ENTRIES: readonly LibraryEntry[] = [
  idEntry('pid', 'Process id (thread group id).'),
  idEntry('tid', 'Thread id.'),
  builtin('uid', 'User id.', UINT64, helperWord('get_current_uid_gid', 'low'), checkCredentials),
  builtin('gid', 'Group id.', UINT64, helperWord('get_current_uid_gid', 'high'), checkCredentials),
  builtin('cpu', 'The CPU the event happened on.', UINT32, helperWord('get_smp_processor_id')),
  builtin(
    'cgroup',
    "Id of the current task's cgroup (version 2).",
    UINT64,
    helperWord('get_current_cgroup_id'),
  ),
  builtin('rand', 'A random 32-bit number.', UINT32, (_call, { b }) =>
    b.extend(b.callHelper('get_prandom_u32', []), 32, false),
  ),
  builtin('ncpus', 'Number of CPUs.', UINT64, undefined, ({ node }, checker) => {
    checker.setConstant(node, { kind: 'integer', value: BigInt(checker.model.kernel.cpus) });
    return UINT64;
  }),
  builtin('jiffies', 'Timer ticks since boot (Linux 5.9).', UINT64, helperWord('jiffies64')),
  builtin(
    'numaid',
    'The NUMA node of the CPU the event happened on.',
    UINT32,
    helperWord('get_numa_node_id'),
  ),
  builtin(
    'cpid',
    'Process id of the command that `-c` started; a warning and 0 without one.',
    UINT32,
    childPid,
  ),
  builtin(
    'has_cpid',
    'True when `-c` started a command. (bpftrace 0.26 answers the opposite; its manual says this.)',
    BOOL,
    (_call, low) => low.b.compare('ne', startWord(low, 'child-pid'), 0n),
  ),
  curtask,
  comm,
  ...PROCESS_TREE_ENTRIES,
];
