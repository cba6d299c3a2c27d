/** Values of the event: from the record, the words or the registers that the context points to, or memory they lead to. */

import { InternalCompilerError } from '../fault.ts';
import type { AccessSize, Operand, Value } from '../ir/ir.ts';
import type { ArgumentPlace, ProbeArgument } from '../resolve/probe-arguments.ts';
import { isScalar } from '../types/predicates.ts';
import type { TupleType, Type } from '../types/type.ts';
import { address } from './expressions.ts';
import type { Lowering } from './lowering.ts';
import { copyValue } from './memory.ts';
import { type Place, within } from './place.ts';
import { readMemory as copyIn } from './read-memory.ts';

const WORD = 8;

/** A value of one register, widened by its type. */
export function argumentValue(low: Lowering, { place, type }: ProbeArgument): Operand {
  const { b } = low;
  const wanted = type ?? { kind: 'integer', size: WORD, signed: false };
  const size = wanted.size as AccessSize;
  const signed = wanted.kind === 'integer' && wanted.signed;
  switch (place.kind) {
    case 'record':
      if (place.field.kind === 'dynamic-array') return dynamicStart(low, place.field.offset);
      return b.load(low.context(), place.field.offset, size, signed);
    case 'member':
      return wanted.kind === 'pointer'
        ? plainPointer(low, place.offset)
        : b.load(low.context(), place.offset, size, signed);
    case 'word':
      return b.load(low.context(), place.offset, size, signed);
    case 'register':
      return b.load(low.context(), place.offset + place.shift / 8, size, signed);
    case 'memory':
      return low.temporaries(() => {
        const to = low.allocate(WORD);
        readMemory(low, place, to, size);
        return low.loadScalar(to, wanted);
      });
    case 'constant':
      return low.constantValue(place.value);
    case 'nowhere':
      throw new InternalCompilerError(`a value is ${place.reason}`, b.span);
    default:
      return place satisfies never;
  }
}

/**
 * A pointer that may be null, as a plain number: the verifier refuses arithmetic on one that it knows as a pointer, and what
 * is behind it is read by helpers anyway.
 */
function plainPointer(low: Lowering, offset: number): Operand {
  const { b } = low;
  return low.temporaries(() => {
    const to = low.allocate(WORD);
    const from = b.binary('add', low.context(), BigInt(offset));
    const helper = low.module.features.splitReads ? 'probe_read_kernel' : 'probe_read';
    b.callHelper(helper, [address(low, to), BigInt(WORD), from]);
    return b.load(to.base, to.offset, WORD);
  });
}

/** Where a value that is no scalar lies; dynamic strings are copied first. */
export function argumentPlace(low: Lowering, { place, type }: ProbeArgument): Place {
  if (type === undefined) throw new InternalCompilerError('a value without a type', low.b.span);
  switch (place.kind) {
    case 'record': {
      const { kind, offset } = place.field;
      if (kind !== 'dynamic-string') return contextPlace(low, offset);
      const { span } = low.b;
      const to = low.allocate(type.size);
      dynamicString(low, offset, to, type);
      low.b.span = span;
      return to;
    }
    case 'member':
    case 'word':
      return contextPlace(low, place.offset);
    case 'register':
      return contextPlace(low, place.offset);
    case 'memory': {
      const to = low.allocate(type.size);
      readMemory(low, place, to, type.size);
      return to;
    }
    case 'constant':
    case 'nowhere':
      throw new InternalCompilerError('a value without a place', low.b.span);
    default:
      return place satisfies never;
  }
}

/** All of `named` as a record. */
export function argumentsInto(
  low: Lowering,
  named: readonly ProbeArgument[],
  to: Place,
  record: TupleType,
): void {
  low.b.zero(to.base, to.offset, record.size, to.align);
  for (const { name, type, offset } of record.elements) {
    const found = named.find((one) => one.name === name);
    if (found === undefined) continue;
    const place = within(to, offset);
    low.temporaries(() => {
      if (isScalar(type)) low.storeScalar(place, type, argumentValue(low, found));
      else copyValue(low, argumentPlace(low, found), type, place, type);
    });
  }
}

function contextPlace(low: Lowering, offset: number): Place {
  const align = ([8, 4, 2, 1] as const).find((one) => offset % one === 0)!;
  return { base: low.context(), offset, align, stack: false };
}

/** Reads `size` bytes of memory that registers lead to. */
function readMemory(
  low: Lowering,
  place: ArgumentPlace & { readonly kind: 'memory' },
  to: Place,
  size: number,
): void {
  const { b } = low;
  const { base, index, scale, displacement } = place;
  let from: Operand = low.constantValue(displacement);
  if (base !== undefined) from = b.binary('add', b.load(low.context(), base, WORD), displacement);
  if (index !== undefined) {
    const scaled = b.binary('mul', b.load(low.context(), index, WORD), BigInt(scale));
    from = b.binary('add', scaled, from);
  }
  copyIn(low, { to: address(low, to), size: BigInt(size), from, user: place.space === 'user' });
}

/** `__data_loc`: the word's low half is where the data begins, from the record's start. */
function dynamicStart(low: Lowering, offset: number): Value {
  const { b } = low;
  const context = low.context();
  const word = b.load(context, offset, 4);
  return b.binary('add', context, b.binary('and', word, 0xffffn));
}

function dynamicString(low: Lowering, offset: number, place: Place, type: Type): void {
  const { b } = low;
  if (place.stack || !place.loose) b.zero(place.base, place.offset, type.size, place.align);
  const from = dynamicStart(low, offset);
  copyIn(low, { to: address(low, place), size: BigInt(type.size), from, user: false, text: true });
}
