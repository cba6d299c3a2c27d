/** Questions about types that checker and lowering both ask. */
import type { AggregateType, IntegerType, StructType, Type } from './type.ts';

export function isInteger(type: Type | undefined): type is IntegerType {
  return type?.kind === 'integer';
}

/** Integers and booleans: what arithmetic and conditions take. */
export function isIntegral(type: Type | undefined): boolean {
  return type?.kind === 'integer' || type?.kind === 'boolean';
}

/** What maps alone hold. */
export const AGGREGATE_KINDS: readonly AggregateType['kind'][] = [
  'count',
  'sum',
  'min',
  'max',
  'avg',
  'stats',
  'hist',
  'lhist',
  'tseries',
];

export function isAggregateKind(kind: Type['kind']): kind is AggregateType['kind'] {
  return (AGGREGATE_KINDS as readonly string[]).includes(kind);
}

export function isAggregate(type: Type | undefined): type is AggregateType {
  return type !== undefined && isAggregateKind(type.kind);
}

/** Aggregations of many elements a key: their map's key has the bucket or slot behind the user's. */
export function isBucketed(
  type: Type,
): type is Extract<AggregateType, { readonly kind: 'hist' | 'lhist' | 'tseries' }> {
  return type.kind === 'hist' || type.kind === 'lhist' || type.kind === 'tseries';
}

/** Aggregations that read as one number: all but the histograms and stats. */
export function isReadableAggregate(type: Type | undefined): boolean {
  return isAggregate(type) && !isBucketed(type) && type.kind !== 'stats';
}

/** Values that fit one register. */
export function isScalar(type: Type): boolean {
  switch (type.kind) {
    case 'integer':
    case 'boolean':
    case 'pointer':
    case 'timestamp':
      return true;
    default:
      return false;
  }
}

/** The sign of the 64-bit value a scalar is widened to. */
export function isSigned(type: Type): boolean {
  return type.kind === 'integer' && type.signed;
}

type Series = Extract<AggregateType, { readonly kind: 'tseries' }>;

export function sameSlots(left: Series, right: Series): boolean {
  return left.interval === right.interval && left.count === right.count && left.merge === right.merge;
}

export function equalTypes(left: Type, right: Type): boolean {
  if (left === right) return true;
  if (left.kind !== right.kind || left.size !== right.size) return false;
  switch (left.kind) {
    case 'integer': {
      const other = right as IntegerType;
      if (left.enum?.name !== other.enum?.name) return false;
      return left.signed === other.signed && (left.flexible ?? false) === (other.flexible ?? false);
    }
    case 'tuple': {
      const other = right as typeof left;
      return (
        left.elements.length === other.elements.length &&
        left.elements.every(
          (element, index) =>
            element.name === other.elements[index]!.name &&
            equalTypes(element.type, other.elements[index]!.type),
        )
      );
    }
    case 'pointer': {
      const other = right as typeof left;
      return left.space === other.space && equalTypes(left.target, other.target);
    }
    case 'array': {
      const other = right as typeof left;
      return left.count === other.count && equalTypes(left.element, other.element);
    }
    case 'struct':
      return equalStructs(left, right as StructType);
    case 'kstack':
    case 'ustack': {
      const other = right as typeof left;
      return left.mode === other.mode && left.limit === other.limit;
    }
    case 'timestamp': {
      const other = right as typeof left;
      return left.format === other.format && left.clock === other.clock;
    }
    case 'cgroup_path':
      return left.filter === (right as typeof left).filter;
    case 'sum':
    case 'min':
    case 'max':
    case 'avg':
    case 'stats': {
      const other = right as typeof left;
      return left.signed === other.signed && (left.flexible ?? false) === (other.flexible ?? false);
    }
    case 'hist':
      return left.bits === (right as typeof left).bits;
    case 'tseries': {
      const other = right as typeof left;
      const sameSign = left.signed === other.signed && (left.flexible ?? false) === (other.flexible ?? false);
      return sameSign && sameSlots(left, other);
    }
    case 'lhist': {
      const other = right as typeof left;
      return left.min === other.min && left.max === other.max && left.step === other.step;
    }
    default:
      return true;
  }
}

/** Structs of one name are one type, whichever table they are from; those without a name are when their members are. */
function equalStructs(left: StructType, right: StructType): boolean {
  if (left.tag !== right.tag || left.name !== right.name) return false;
  if (left.name !== '') return true;
  const [a, b] = [left.origin, right.origin];
  if (a !== undefined && b !== undefined && a.btf === b.btf && a.id === b.id) return true;
  const [members, others] = [left.members.list(), right.members.list()];
  return (
    members.length === others.length &&
    members.every(({ name, offset, type }, index) => {
      const other = others[index]!;
      return name === other.name && offset === other.offset && sameShape(type, other.type);
    })
  );
}

/** Pointers may lead back to the struct they are in. */
function sameShape(left: Type, right: Type): boolean {
  return (left.kind === 'pointer' && right.kind === 'pointer') || equalTypes(left, right);
}
