/** `args`, `args.field`: the named values of the probe's event. */

import type { Span } from '../../bpf/span.ts';
import {
  argumentNotReadable,
  builtinUnavailable,
  contextInLoop,
  noArgumentNames,
  unknownField,
} from '../diagnostics/messages.gen.ts';
import type { ResolvedPoint } from '../resolve/point.ts';
import type { ProbeArgument } from '../resolve/probe-arguments.ts';
import { didYouMean } from '../resolve/suggest.ts';
import type { FieldAccess } from '../syntax/ast.ts';
import { tuple } from '../types/make.ts';
import type { Type } from '../types/type.ts';
import type { Checker } from './checker.ts';
import type { Unit } from './model.ts';

/** `args.NAME` in this unit; all its points agree on it. */
export function findArgument(unit: Unit, name: string): ProbeArgument | undefined {
  return unit.points[0]?.args?.named()?.find((one) => one.name === name);
}

export function argsField(checker: Checker, expression: FieldAccess): Type | undefined {
  const { unit } = checker;
  const point = unit.points[0]!;
  const named = namedArguments(checker, expression.object.span);
  if (named === undefined) return undefined;
  const name = expression.field.name;
  const found = findArgument(unit, name);
  if (found === undefined) {
    const names = named.map((one) => one.name);
    const values = { type: point.name, field: name };
    checker.report(unknownField(expression.field.span, values, didYouMean(name, names)));
    return undefined;
  }
  return readableType(checker, found, expression.field.span);
}

/** All of them as one value, a record. */
export function argsRecord(checker: Checker, span: Span): Type | undefined {
  const named = namedArguments(checker, span);
  return named === undefined ? undefined : tuple(readable(named));
}

/** What `args` as a value holds: values that lie in the event itself. */
export function readable(
  named: readonly ProbeArgument[],
): readonly (ProbeArgument & { readonly type: Type })[] {
  return named.flatMap((one) =>
    one.type === undefined || one.type.kind === 'struct' || one.place.kind === 'nowhere'
      ? []
      : [{ ...one, type: one.type }],
  );
}

/** The type of a value that can be read; complains of one that cannot. */
export function readableType(checker: Checker, found: ProbeArgument, span: Span): Type | undefined {
  const { type, place, name, cType } = found;
  const probe = checker.unit.points[0]!.name;
  if (place.kind === 'nowhere') {
    checker.report(argumentNotReadable(span, { name, probe, reason: place.reason }));
    return undefined;
  }
  if (place.kind === 'memory') {
    const what = name.startsWith('sarg') || place.space === 'user' ? name : `args.${name}`;
    checker.need({ kind: place.space === 'user' ? 'user-memory' : 'kernel-memory', what, span });
  }
  return type ?? checker.unsupported(span, `fields of the type '${cType}'`);
}

function namedArguments(checker: Checker, span: Span): readonly ProbeArgument[] | undefined {
  const point = checker.unit.points[0]!;
  if (checker.loops.some(({ overMap }) => overMap)) {
    checker.report(contextInLoop(span, { name: 'args' }));
    return undefined;
  }
  const named = point.args?.named();
  if (named !== undefined) return named;
  const advice = adviceFor(point);
  checker.report(
    advice === undefined
      ? builtinUnavailable(span, {
          name: 'args',
          probes: 'tracepoint, rawtracepoint, fentry, fexit, kprobe and uprobe',
        })
      : noArgumentNames(span, { name: point.name, advice }),
  );
  return undefined;
}

/** What to do where this kind of probe may have names; undefined for those that never have. */
function adviceFor({ point }: ResolvedPoint): string | undefined {
  switch (point.kind) {
    case 'kprobe':
    case 'fentry':
    case 'fexit':
      return 'use arg0, arg1, … in a kprobe, or a kernel with types (BTF)';
    case 'uprobe':
      return 'use arg0, arg1, …, or install debugging information for the program';
    case 'usdt':
      return 'the values of USDT probes have no names: use arg0, arg1, …';
    case 'tracepoint':
    case 'rawtracepoint':
      return 'the kernel tells no fields of this event';
    default:
      return undefined;
  }
}
