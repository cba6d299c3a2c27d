/** Builtins about the current task and CPU. */

import type { HelperName } from '../../bpf/helpers/index.ts';
import { address } from '../lower/expressions.ts';
import { inSpace } from '../types/from-btf.ts';
import { NONE, pointer, string, UINT32, UINT64 } from '../types/make.ts';
import type { Type } from '../types/type.ts';
import type { LibraryEntry } from './entry.ts';

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

const checkPid: LibraryEntry['check'] = ({ span }, checker) => {
  checker.need({ kind: 'process-ids', what: 'pid', span });
  return UINT32;
};

const checkCredentials: LibraryEntry['check'] = ({ span, name }, checker) => {
  checker.need({ kind: 'credentials', what: name, span });
  return UINT64;
};

const comm: LibraryEntry = {
  name: 'comm',
  kind: 'builtin',
  signature: 'comm',
  doc: 'Name of the current task: at most 15 characters.',
  arguments: { min: 0, max: 0 },
  check: () => string(COMM_SIZE),
  into: (_call, low, place, type) => {
    const { b } = low;
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

export const TASK_ENTRIES: readonly LibraryEntry[] = [
  builtin(
    'pid',
    'Process id (thread group id).',
    UINT32,
    helperWord('get_current_pid_tgid', 'high'),
    checkPid,
  ),
  builtin('tid', 'Thread id.', UINT32, helperWord('get_current_pid_tgid', 'low')),
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
  builtin('jiffies', 'Timer ticks since boot.', UINT64, helperWord('jiffies64')),
  curtask,
  comm,
];
