/** kstack, ustack and dw_ustack; `len()` of a stack. */
import type { Checker } from '../check/checker.ts';
import { liveOnly, stackMode } from '../diagnostics/messages.gen.ts';
import type { Operand } from '../ir/ir.ts';
import { placeOf } from '../lower/expressions.ts';
import type { Lowering } from '../lower/lowering.ts';
import { frameCount, keptFrameCount, stackInto } from '../lower/stacks.ts';
import type { Expression } from '../syntax/ast.ts';
import { MAX_FRAMES, stack } from '../types/make.ts';
import type { StackMode, StackType } from '../types/type.ts';
import type { CallSite, LibraryEntry } from './entry.ts';

const DEFAULT_FRAMES = 127;
const MODES: readonly StackMode[] = ['bpftrace', 'perf', 'raw', 'build_id'];

/** The stack's type, or undefined with a report. */
function stackType(call: CallSite, checker: Checker, kind: StackType['kind']): StackType | undefined {
  const { name, args } = call;
  const problem = (at: Expression, text: string): undefined => {
    const more = kind === 'ustack' ? ', build_id' : '';
    checker.report(stackMode(at.span, { name, more, problem: text }));
    return undefined;
  };
  const [first, second] = args;
  const isMode = first?.kind === 'identifier' && (MODES as readonly string[]).includes(first.name);
  if (first !== undefined && second !== undefined && !isMode) return problem(first, 'this is no mode');
  const mode = isMode ? (first.name as StackMode) : checker.model.settings.stackMode;
  if (mode === 'build_id' && kind === 'kstack') {
    if (isMode) return problem(first, 'kernel code has no build_id');
    return stack(kind, 'bpftrace', frames(checker, first, problem) ?? DEFAULT_FRAMES);
  }
  const count = frames(checker, isMode ? second : first, problem);
  return count === undefined ? undefined : stack(kind, mode, count);
}

function frames(
  checker: Checker,
  argument: Expression | undefined,
  problem: (at: Expression, text: string) => undefined,
): number | undefined {
  if (argument === undefined) return DEFAULT_FRAMES;
  checker.valueType(argument);
  const constant = checker.constant(argument);
  if (constant?.kind !== 'integer') return problem(argument, 'this is neither');
  if (constant.value < 1n) return problem(argument, `${constant.value} frames are none`);
  if (constant.value > MAX_FRAMES)
    return problem(argument, `limit shouldn't exceed ${MAX_FRAMES}, ${constant.value} given`);
  return Number(constant.value);
}

function stackEntry(kind: StackType['kind'], doc: string): LibraryEntry {
  return {
    name: kind,
    kind: 'builtin',
    signature: `${kind}[([mode][, frames])]`,
    doc,
    arguments: { min: 0, max: 2 },
    check: (call, checker) => {
      const type = stackType(call, checker, kind);
      if (type === undefined || !checker.need({ kind: 'stacks', what: kind, span: call.span }))
        return undefined;
      if (type.mode === 'build_id') checker.require(call.span, `${kind}(build_id)`, 'stack_build_id');
      if (type.limit > DEFAULT_FRAMES)
        checker.require(call.span, `a stack of ${type.limit} frames`, 'bounded_loops');
      return type;
    },
    into: (_call, low, place, type) => {
      if (type.kind === kind) stackInto(low, type, place);
    },
  };
}

export function isStack(expression: Expression): boolean {
  const name = expression.kind === 'identifier' ? expression.name : undefined;
  const called = expression.kind === 'call' ? expression.callee.name : name;
  return called === 'kstack' || called === 'ustack';
}

/** `len(stack)`: one just taken is counted on the spot, others were counted when they were. */
export function checkStackLength(checker: Checker, argument: Expression): void {
  if (isStack(argument) || checker.model.countsFrames) return;
  checker.model.countsFrames = true;
}

export function stackLength(low: Lowering, argument: Expression): Operand {
  const type = low.type(argument);
  if (isStack(argument) && (type.kind === 'kstack' || type.kind === 'ustack')) return frameCount(low, type);
  return low.temporaries(() => keptFrameCount(low, placeOf(low, argument)));
}

const dwUstack: LibraryEntry = {
  name: 'dw_ustack',
  kind: 'builtin',
  signature: 'dw_ustack[([mode][, frames])]',
  doc: `The user stack, unwound by DWARF call frame information instead of frame pointers. It takes the unwind tables of a
process that runs (\`-p\`, \`-c\` or \`--dwarf-pid\`), so it works on a live x86-64 kernel only.`,
  arguments: { min: 0, max: 2 },
  check: (call, checker) => {
    if (stackType(call, checker, 'ustack') === undefined) return undefined;
    const reason = 'it unwinds by the tables of a running process, given by -p, -c or --dwarf-pid';
    checker.report(liveOnly(call.span, { what: 'dw_ustack', reason }));
    return undefined;
  },
};

export const STACK_ENTRIES: readonly LibraryEntry[] = [
  stackEntry(
    'kstack',
    `The kernel's call stack, innermost function first. Without a number at most ${DEFAULT_FRAMES} frames; the mode says how they are
printed: \`bpftrace\` (name+offset), \`perf\` (with addresses) or \`raw\` (addresses alone); \`config = { stack_mode = … }\` sets
the usual one. Stacks are map keys and values, compare with == and !=, and have a \`len()\`.`,
  ),
  stackEntry(
    'ustack',
    `The user program's call stack, innermost function first, walked by frame pointers. Modes as for \`kstack\`, and
\`build_id\`: the build id of the file and the offset in it, to be given names elsewhere. Stacks of different processes differ.`,
  ),
  dwUstack,
];
