/** `sizeof` and `offsetof` of kernel structs: numbers that the target's types decide. */
import { findMember } from '../../bpf/btf/find-member.ts';
import type { Operand } from '../ir/ir.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Lowering } from './lowering.ts';

/** Undefined for what is no such expression, and for what is the same in all kernels. */
export function layoutValue(low: Lowering, expression: Expression): Operand | undefined {
  if (expression.kind !== 'sizeof' && expression.kind !== 'offsetof') return undefined;
  const type = low.unit.layouts.get(expression);
  const origin = type?.origin;
  if (type === undefined || origin === undefined || !origin.relocatable) return undefined;
  const { relocations } = low.module;
  if (expression.kind === 'sizeof') {
    return low.b.relocated('move', undefined, type.size, relocations.size(origin));
  }
  const path = expression.path.map(({ name }) => name).join('.');
  const place = findMember(origin.btf, origin.id, path);
  if (place === undefined) return undefined;
  const core = relocations.field(origin, path, 'field_byte_offset');
  return low.b.relocated('move', undefined, place.storage.offset, core);
}
