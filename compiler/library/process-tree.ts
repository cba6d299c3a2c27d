/** Builtins about other tasks than the current one: its process, its parent. They walk the kernel's own `task_struct`. */
import type { Checker } from '../check/checker.ts';
import { argumentType } from '../diagnostics/messages.gen.ts';
import { scalar } from '../lower/expressions.ts';
import { into } from '../lower/memory.ts';
import type { Expression } from '../syntax/ast.ts';
import { typeName } from '../types/name.ts';
import type { Type } from '../types/type.ts';
import type { CallSite, LibraryEntry } from './entry.ts';

/** `task->a->b`, of the task given or the current one: what the builtin stands for, made once. */
function memberOf(
  checker: Checker,
  { node, span, args: [task] }: CallSite,
  path: readonly string[],
): Expression {
  const { rewritten } = checker.unit;
  const known = rewritten.get(node);
  if (known !== undefined) return known;
  let walked: Expression = task ?? { kind: 'identifier', span, name: 'curtask' };
  for (const name of path)
    walked = { kind: 'field', span, object: walked, field: { span, name }, arrow: true };
  rewritten.set(node, walked);
  return walked;
}

function checkTask(checker: Checker, { args: [task], name }: CallSite): boolean {
  const type = task && checker.valueType(task);
  if (task === undefined) return true;
  if (type === undefined) return false;
  if (type.kind === 'pointer' && type.target.kind === 'struct' && type.target.name === 'task_struct')
    return true;
  const wanted = 'struct task_struct *';
  checker.report(argumentType(task.span, { name, wanted, found: typeName(type) }));
  return false;
}

/** The type of the member, once it is known that there is memory to read it from. */
export function checkWalk(call: CallSite, checker: Checker, path: readonly string[]): Type | undefined {
  const { name, span } = call;
  if (!checkTask(checker, call)) return undefined;
  if (!checker.need({ kind: 'kernel-memory', what: name, span })) return undefined;
  return checker.valueType(memberOf(checker, call, path));
}

function walkEntry(name: string, path: readonly string[], doc: string): LibraryEntry {
  return {
    name,
    kind: 'builtin',
    signature: `${name}[(struct task_struct *task)]`,
    doc,
    arguments: { min: 0, max: 1 },
    check: (call, checker) => checkWalk(call, checker, path),
    scalar: ({ node }, low) => scalar(low, low.unit.rewritten.get(node)!),
    into: ({ node }, low, place, type) => into(low, low.unit.rewritten.get(node)!, place, type),
  };
}

const LEADER_NAME = ['group_leader', 'comm'] as const;

export const PROCESS_TREE_ENTRIES: readonly LibraryEntry[] = [
  walkEntry(
    'pcomm',
    LEADER_NAME,
    "Name of the process: that of the thread group leader, where `comm` is the thread's own. Of the current task, or of the one given.",
  ),
  walkEntry('leader_comm', LEADER_NAME, 'Name of the thread group leader: another name of `pcomm`.'),
  walkEntry(
    'leader_tid',
    ['group_leader', 'pid'],
    'Thread id of the thread group leader, of the current task or of the one given.',
  ),
  walkEntry(
    'ppid',
    ['real_parent', 'tgid'],
    'Process id of the real parent (not of a debugger), of the current task or of the one given.',
  ),
];
