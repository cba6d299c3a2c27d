/** `args.field` of tracepoints: field layouts become types. */
import type { EventField } from '../../bpf/event-format.ts';
import { contextInLoop, unknownField } from '../diagnostics/messages.gen.ts';
import { didYouMean } from '../resolve/suggest.ts';
import type { FieldAccess } from '../syntax/ast.ts';
import { array, BOOL, INT8, integer, pointer, string } from '../types/make.ts';
import type { Type } from '../types/type.ts';
import type { Checker } from './checker.ts';
import type { Unit } from './model.ts';

/** The layout of `args.NAME` in this unit; all its points agree on it. */
export function findArgument(unit: Unit, name: string): EventField | undefined {
  return unit.points[0]?.format?.fields.find((field) => field.name === name && !field.common);
}

export function argsField(checker: Checker, expression: FieldAccess): Type | undefined {
  const { unit, model } = checker;
  const point = unit.points[0]!;
  if (checker.loops.some(({ overMap }) => overMap)) {
    checker.report(contextInLoop(expression.object.span, { name: 'args' }));
    return undefined;
  }
  if (point.format === undefined) {
    return checker.unsupported(expression.object.span, `args of ${point.point.kind} probes`);
  }
  const name = expression.field.name;
  const field = findArgument(unit, name);
  if (field === undefined) {
    const names = point.format.fields.filter(({ common }) => !common).map((one) => one.name);
    checker.report(
      unknownField(expression.field.span, { type: point.name, field: name }, didYouMean(name, names)),
    );
    return undefined;
  }
  const type = fieldType(field, point.format.system === 'syscalls', model.settings.maxStrlen);
  return type ?? checker.unsupported(expression.field.span, `fields of the type '${field.type}'`);
}

function fieldType(field: EventField, syscall: boolean, maxStrlen: number): Type | undefined {
  switch (field.kind) {
    case 'integer':
      if (field.type === 'bool' && field.size === 1) return BOOL;
      return isIntegerSize(field.size) ? integer(field.size, field.signed) : undefined;
    case 'pointer':
      return pointer(
        /\bchar\b/.test(field.type) ? INT8 : { kind: 'none', size: 0 },
        syscall ? 'user' : 'kernel',
      );
    case 'string':
      return field.size > 0 ? string(field.size) : undefined;
    case 'array':
      if (field.count > 0 && isIntegerSize(field.elementSize)) {
        return array(integer(field.elementSize, field.signed), field.count);
      }
      return undefined;
    case 'dynamic-string':
      return string(maxStrlen);
    default:
      return undefined;
  }
}

function isIntegerSize(size: number): size is 1 | 2 | 4 | 8 {
  return size === 1 || size === 2 || size === 4 || size === 8;
}
