/**
 * What a script needs of its kernel beside events: memory it can read, facts about tasks. Asked when it is compiled, and
 * again of the kernel that its object file is run in.
 */
import type { Diagnostic } from '../../bpf/diagnostic.ts';
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import type { Span } from '../../bpf/span.ts';
import {
  cgroupsUnknown,
  credentialsUnknown,
  memoryOutOfReach,
  noRegisters,
  noStacks,
  processIdPartly,
  processIdUnknown,
  wallClockUnknown,
} from '../diagnostics/messages.gen.ts';

export const NEED_KINDS = [
  'user-memory',
  'kernel-memory',
  'process-ids',
  'credentials',
  'wall-clock',
  'cgroups',
  'registers',
  'stacks',
] as const;

export interface Need {
  readonly kind: (typeof NEED_KINDS)[number];
  /** What needs it: `str()`, `pid`, `-p`. */
  readonly what: string;
  readonly span?: Span;
}

/** An error when the kernel has it not, a warning when it has half of it. */
export function needProblem({ kind, what, span }: Need, kernel: KernelInfo): Diagnostic | undefined {
  const { reach, name } = kernel;
  switch (kind) {
    case 'user-memory':
      if (reach.userMemory) return undefined;
      return memoryOutOfReach(
        span,
        { what, space: 'user', kernel: name },
        { hints: [memoryHint(true, kernel)] },
      );
    case 'kernel-memory':
      if (reach.kernelMemory) return undefined;
      return memoryOutOfReach(
        span,
        { what, space: 'kernel', kernel: name },
        { hints: [memoryHint(false, kernel)] },
      );
    case 'process-ids':
      return processIdProblem(what, span, kernel);
    case 'credentials':
      return reach.credentials ? undefined : credentialsUnknown(span, { kernel: name, what });
    case 'wall-clock':
      return reach.wallClock ? undefined : wallClockUnknown(span, { kernel: name, name: what });
    case 'cgroups':
      return reach.cgroups === false ? cgroupsUnknown(span, { kernel: name, what }) : undefined;
    case 'registers':
      // What fires in a recording or the simulated kernel is not a CPU that was stopped.
      return kernel.attachable === undefined ? undefined : noRegisters(span, { name: what, kernel: name });
    case 'stacks':
      return reach.stacks ? undefined : noStacks(span, { what, kernel: name });
    default:
      return kind satisfies never;
  }
}

/** What can be done instead: the simulated kernel has the memory of its programs, none of its own. */
function memoryHint(user: boolean, { reach }: KernelInfo): string {
  if (!user && reach.userMemory) return 'print the pointer with %p, or run this on a live kernel';
  const where = user ? 'a live or simulated kernel' : 'a live kernel';
  return `only what is in the event's own record can be read; print the pointer with %p, or run this on ${where}`;
}

/** The filter stands on process ids: it must not leave threads out in silence. */
function processIdProblem(what: string, span: Span | undefined, kernel: KernelInfo): Diagnostic | undefined {
  const { reach, name } = kernel;
  if (reach.processIds === 'always') return undefined;
  const filter = ['-p leaves out the events of threads whose process is not known'];
  if (reach.processIds === 'never') {
    const hints = what === '-p' ? filter : ['`tid` is the thread, which is known for every event'];
    return processIdUnknown(span, { kernel: name }, { hints });
  }
  return processIdPartly(span, { kernel: name }, what === '-p' ? { hints: filter } : undefined);
}
