/** Fields of an event's record as arguments: tracepoints, and raw tracepoints of kernels that tell only C text. */
import type { EventField, EventFormat } from '../../bpf/event-format.ts';
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import { typeFromBtf } from '../types/from-btf.ts';
import { array, BOOL, INT8, integer, NONE, pointer, string } from '../types/make.ts';
import type { Type } from '../types/type.ts';
import type { ProbeArgument, ProbeArguments } from './probe-arguments.ts';

/** The tracepoints whose pointers are the traced program's own. */
const USER_SYSTEM = 'syscalls';

export function recordArguments(format: EventFormat, kernel: KernelInfo, maxStrlen: number): ProbeArguments {
  let made: readonly ProbeArgument[] | undefined;
  return {
    named: () => {
      made ??= format.fields
        .filter(({ common }) => !common)
        .map((field) => fieldArgument(field, format.system === USER_SYSTEM, kernel, maxStrlen));
      return made;
    },
  };
}

function fieldArgument(
  field: EventField,
  user: boolean,
  kernel: KernelInfo,
  maxStrlen: number,
): ProbeArgument {
  const { name, type, declaration } = field;
  return {
    name,
    type: fieldType(field, user ? 'user' : 'kernel', kernel, maxStrlen),
    place: { kind: 'record', field },
    cType: type,
    declaration,
  };
}

function fieldType(
  field: EventField,
  space: 'kernel' | 'user',
  kernel: KernelInfo,
  maxStrlen: number,
): Type | undefined {
  switch (field.kind) {
    case 'integer':
      if (field.type === 'bool' && field.size === 1) return BOOL;
      return isIntegerSize(field.size) ? integer(field.size, field.signed) : undefined;
    case 'pointer':
      return pointer(pointee(field.type, kernel, space), space);
    case 'string':
      return field.size > 0 ? string(field.size) : undefined;
    case 'array':
      if (field.count > 0 && isIntegerSize(field.elementSize)) {
        return array(integer(field.elementSize, field.signed), field.count);
      }
      return undefined;
    case 'dynamic-string':
      return string(maxStrlen);
    case 'dynamic-array':
      return isIntegerSize(field.elementSize)
        ? pointer(integer(field.elementSize, field.signed), 'kernel')
        : pointer(NONE, 'kernel');
    default:
      return undefined;
  }
}

/** `const struct sock *` through the kernel's types. */
function pointee(text: string, kernel: KernelInfo, space: 'kernel' | 'user'): Type {
  const [, inner = ''] = /^(.*)\*\s*$/.exec(text) ?? [];
  const plain = inner.replace(/\b(const|volatile|restrict)\b/g, '').trim();
  if (/\bchar$/.test(plain)) return INT8;
  const [, tag, name] = /^(?:(struct|union|enum)\s+)?(\w+)$/.exec(plain) ?? [];
  if (name === undefined || kernel.btf === undefined) return NONE;
  const kinds = tag === undefined ? (['typedef', 'int'] as const) : [tag as 'struct' | 'union' | 'enum'];
  for (const kind of kinds) {
    const id = kernel.btf.find(name, kind);
    if (id !== undefined) return typeFromBtf(kernel.btf, id, space);
  }
  return NONE;
}

function isIntegerSize(size: number): size is 1 | 2 | 4 | 8 {
  return size === 1 || size === 2 || size === 4 || size === 8;
}
