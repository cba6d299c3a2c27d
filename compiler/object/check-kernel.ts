/**
 * May a compiled script run in this kernel? Places of record fields are baked into the code, so that each event must lie
 * as it lay where the script was compiled; and what the script needs of its kernel must be there.
 */
import type { AttachPoint } from '../../bpf/attach-point.ts';
import { coreTargetOf, needsCore, relocateCore } from '../../bpf/core/index.ts';
import type { Diagnostic } from '../../bpf/diagnostic.ts';
import type { EventFormat } from '../../bpf/event-format.ts';
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import type { BpfObject, BpfProgram } from '../../bpf/object.ts';
import { fieldMoved, layoutMissing, missingProbe, noTracepoint } from '../diagnostics/messages.gen.ts';
import { needProblem } from '../resolve/needs.ts';
import { rawFormat } from '../resolve/raw-arguments.ts';
import type { ScriptData, UsedField } from './script-data.ts';

export interface KernelCheck {
  /** Without the points that the kernel has not and the script can do without. */
  readonly object: BpfObject;
  readonly problems: readonly Diagnostic[];
}

export function checkKernel(object: BpfObject, script: ScriptData, kernel: KernelInfo): KernelCheck {
  const problems: Diagnostic[] = [];
  for (const need of script.needs) {
    const problem = needProblem(need, kernel);
    if (problem !== undefined) problems.push(problem);
  }
  const { missingProbes } = script.info.config;
  const programs = object.programs.map((program, index): BpfProgram => {
    const fields = script.programs[index]?.fields ?? [];
    const attach = program.attach.filter((point) => {
      const name = nameOf(point);
      const format = formatOf(point, kernel);
      if (name === undefined || format === 'unknown') return true;
      if (format === undefined) {
        if (missingProbes === 'error') problems.push(noTracepoint(undefined, { name }));
        if (missingProbes === 'warn')
          problems.push(missingProbe(undefined, { pattern: name, kernel: kernel.name }));
        return false;
      }
      for (const field of fields) {
        for (const problem of fieldProblem(name, field, format, script, kernel)) problems.push(problem);
      }
      return true;
    });
    return { ...program, attach };
  });
  const relocated = relocate({ ...object, programs }, kernel);
  return { object: relocated.object, problems: [...problems, ...relocated.problems] };
}

/** Places of members as the kernel's own types have them. Without types the script runs as it was compiled. */
function relocate(object: BpfObject, kernel: KernelInfo): KernelCheck {
  const types = needsCore(object) ? coreTargetOf(kernel) : undefined;
  if (types === undefined) return { object, problems: [] };
  const { object: relocated, problems } = relocateCore(object, types);
  return {
    object: relocated,
    problems: problems.map(({ span, message }) =>
      layoutMissing(span, { kernel: kernel.name, problem: message }),
    ),
  };
}

/** Of points that records belong to. */
function nameOf(point: AttachPoint): string | undefined {
  if (point.kind === 'tracepoint') return `${point.system}:${point.event}`;
  return point.kind === 'rawtracepoint' ? point.event : undefined;
}

/** `unknown`: the kernel has no list of such events, so that attaching will tell. */
function formatOf(point: AttachPoint, kernel: KernelInfo): EventFormat | 'unknown' | undefined {
  if (point.kind === 'tracepoint') {
    return kernel.tracepoints === undefined ? 'unknown' : kernel.tracepoints.find(point.system, point.event);
  }
  if (point.kind !== 'rawtracepoint' || kernel.rawTracepoints === undefined) return 'unknown';
  const args = kernel.rawTracepoints.find(point.event);
  return args === undefined ? undefined : rawFormat(point.event, args);
}

function fieldProblem(
  name: string,
  wanted: UsedField,
  format: EventFormat,
  { target }: ScriptData,
  kernel: KernelInfo,
): readonly Diagnostic[] {
  const found = format.fields.find((field) => field.name === wanted.name);
  const same =
    found !== undefined &&
    found.offset === wanted.offset &&
    found.size === wanted.size &&
    found.signed === wanted.signed &&
    found.kind === wanted.kind;
  if (same) return [];
  const values = {
    event: name,
    field: wanted.name,
    wanted: place(wanted),
    origin: target.kernel,
    found: found === undefined ? 'not there' : place(found),
    kernel: kernel.name,
  };
  return [fieldMoved(undefined, values, { hints: [`compile the script again for ${kernel.name}`] })];
}

function place({ type, offset, size }: Pick<UsedField, 'type' | 'offset' | 'size'>): string {
  return `'${type}' of ${size} bytes at ${offset}`;
}
