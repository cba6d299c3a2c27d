/**
 * The type that holds what two assignments put into one variable, map key or map value. Unification is commutative and
 * only ever grows, so that inference over the whole program ends and does not depend on order.
 */
import { integer, pointer, string, tuple } from './make.ts';
import { equalTypes, isAggregate, sameSlots } from './predicates.ts';
import type { IntegerType, PointerType, TupleType, Type } from './type.ts';

/** Undefined when no type holds both. */
export function unify(left: Type, right: Type): Type | undefined {
  if (left.kind === 'pointer' && right.kind === 'pointer') return unifyPointers(left, right);
  if (left.kind === 'tuple' && right.kind === 'tuple') return unifyTuples(left, right);
  if (equalTypes(left, right)) return left;
  if (left.kind === 'integer' && right.kind === 'integer') return unifyIntegers(left, right);
  if (left.kind === 'string' && right.kind === 'string') {
    return string(Math.max(left.size, right.size));
  }
  if (left.kind === 'timestamp' && right.kind === 'timestamp') return left;
  if (left.kind === 'cgroup_path' && right.kind === 'cgroup_path') return left;
  if (left.kind === right.kind && (left.kind === 'inet' || left.kind === 'buffer')) {
    return left.size > right.size ? left : right;
  }
  if (left.kind === 'tseries' && right.kind === 'tseries' && !sameSlots(left, right)) return undefined;
  if (left.kind === right.kind && 'signed' in left && 'signed' in right) {
    if (left.flexible) return right;
    if (right.flexible) return left;
    return left.signed ? left : right;
  }
  return undefined;
}

/**
 * `void *` and pointers without a space take what the other side has. Pointers to integers grow with the variable they are
 * the address of, until inference is over: then {@link pointsElsewhere} tells those that differ for good.
 */
function unifyPointers(left: PointerType, right: PointerType): PointerType | undefined {
  if (left.space !== 'none' && right.space !== 'none' && left.space !== right.space) return undefined;
  const space = left.space === 'none' ? right.space : left.space;
  const own = left.own && right.own;
  if (left.target.kind === 'none') return pointer(right.target, space, own);
  if (right.target.kind === 'none' || equalTypes(left.target, right.target))
    return pointer(left.target, space, own);
  if (left.target.kind !== 'integer' || right.target.kind !== 'integer') return undefined;
  return pointer(unifyIntegers(left.target, right.target), space, own);
}

/** Whether a settled pointer is to other integers than the one it is assigned to. */
export function pointsElsewhere(to: Type, from: Type): boolean {
  if (to.kind !== 'pointer' || from.kind !== 'pointer') return false;
  const [wanted, found] = [to.target, settle(from.target)];
  return wanted.kind === 'integer' && found.kind === 'integer' && !equalTypes(wanted, found);
}

export function unifyIntegers(left: IntegerType, right: IntegerType): IntegerType {
  const size = left.size > right.size ? left.size : right.size;
  if (left.flexible && right.flexible) return left.size === size ? left : right;
  if (left.flexible) return integer(size, right.signed);
  if (right.flexible) return integer(size, left.signed);
  if (left.signed === right.signed) return integer(size, left.signed);
  const [signed, unsigned] = left.signed ? [left, right] : [right, left];
  if (signed.size > unsigned.size) return integer(signed.size, true);
  if (unsigned.size === 8) return integer(8, true);
  return integer((unsigned.size * 2) as 2 | 4 | 8, true);
}

function unifyTuples(left: TupleType, right: TupleType): Type | undefined {
  if (left.elements.length !== right.elements.length) return undefined;
  const elements: { name?: string; type: Type }[] = [];
  for (const [index, element] of left.elements.entries()) {
    // Records are the same type when their fields are, in any order.
    const other =
      element.name === undefined
        ? right.elements[index]
        : right.elements.find(({ name }) => name === element.name);
    if (other === undefined || other.name !== element.name) return undefined;
    const unified = unify(element.type, other.type);
    if (unified === undefined) return undefined;
    elements.push({ ...(element.name !== undefined && { name: element.name }), type: unified });
  }
  return tuple(elements);
}

/** The type once inference is over: a literal's flexible sign becomes signed for good. */
export function settle(type: Type): Type {
  if (type.kind === 'integer' && type.flexible) return integer(type.size, type.signed);
  if (isAggregate(type) && 'flexible' in type) {
    const { flexible: _, ...settled } = type;
    return settled;
  }
  if (type.kind === 'pointer') return { ...type, target: settle(type.target) };
  if (type.kind !== 'tuple') return type;
  return tuple(
    type.elements.map(({ name, type: one }) => ({ ...(name !== undefined && { name }), type: settle(one) })),
  );
}
