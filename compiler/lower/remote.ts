/**
 * Memory that a program cannot touch by itself: what pointers lead to, in the kernel or the traced program. Steps into
 * embedded structs and arrays become one offset; the helpers that read are chosen by the pointer's space.
 */
import { findMember } from '../../bpf/btf/find-member.ts';
import { isEvent } from '../check/expressions.ts';
import type { Operand } from '../ir/ir.ts';
import type { Expression, FieldAccess, IndexAccess } from '../syntax/ast.ts';
import type { Bitfield, PointerType, StructType, Type, TypeOrigin } from '../types/type.ts';
import { extractBits, loadBytes } from './bitfields.ts';
import { address, scalar } from './expressions.ts';
import type { Lowering } from './lowering.ts';
import { emitRuntimeError } from './output.ts';
import { type Place, within } from './place.ts';
import { readMemory } from './read-memory.ts';

export interface Remote {
  readonly base: Operand;
  /** Bytes from `base` that are the same in all kernels. */
  readonly offset: number;
  readonly space: PointerType['space'];
  /** The way from there through the kernel's own structs, which the target's types decide. */
  readonly path?: { readonly root: TypeOrigin; readonly text: string };
  readonly bitfield?: Bitfield;
}

/** Where the value of an expression is, when that is behind a pointer. Evaluates the pointer and what indexes it. */
export function remoteOf(low: Lowering, expression: Expression): Remote | undefined {
  switch (expression.kind) {
    case 'field':
      return isEvent(low.unit, expression.object) ? undefined : fieldOf(low, expression);
    case 'index':
      return elementOf(low, expression);
    case 'unary':
      if (expression.operator !== '*') return undefined;
      return behind(low, expression.operand);
    default:
      return undefined;
  }
}

function behind(low: Lowering, pointer: Expression): Remote {
  const { space } = low.type(pointer) as PointerType;
  return { base: scalar(low, pointer), offset: 0, space };
}

function fieldOf(low: Lowering, { object, field }: FieldAccess): Remote | undefined {
  const type = low.type(object);
  if (type.kind === 'pointer') return stepInto(behind(low, object), type.target as StructType, field.name);
  const outer = type.kind === 'struct' ? remoteOf(low, object) : undefined;
  return outer && stepInto(outer, type as StructType, field.name);
}

/** The member of a struct that is at `outer`. */
function stepInto(outer: Remote, holder: StructType, name: string): Remote {
  const { offset, bitfield } = holder.members.find(name)!;
  const { origin } = holder;
  const inner: Remote = { ...outer, ...(bitfield && { bitfield }) };
  if (origin?.relocatable !== true) return { ...inner, offset: outer.offset + offset };
  const { path } = outer;
  if (path === undefined) return { ...inner, path: { root: origin, text: name } };
  return { ...inner, path: { ...path, text: `${path.text}.${name}` } };
}

function elementOf(low: Lowering, expression: IndexAccess): Remote | undefined {
  const { object, index } = expression;
  const type = low.type(object);
  const outer = type.kind === 'pointer' ? behind(low, object) : remoteOf(low, object);
  if (outer === undefined) return undefined;
  const element = low.type(expression);
  const constant = low.constant(index);
  if (constant?.kind === 'integer') return constantElement(outer, Number(constant.value), element);
  const at = scalar(low, index);
  if (type.kind === 'array' && type.count > 0) warnOutside(low, expression, at, type.count);
  const { b } = low;
  const step = element.size === 1 ? at : b.binary('mul', at, BigInt(element.size));
  return { base: b.binary('add', step, addressOf(low, outer)), offset: 0, space: outer.space };
}

function constantElement(outer: Remote, index: number, element: Type): Remote {
  const { path } = outer;
  if (path !== undefined && index >= 0)
    return { ...outer, path: { ...path, text: `${path.text}[${index}]` } };
  return { ...outer, offset: outer.offset + index * element.size };
}

/** The read is done all the same, as bpftrace does: what is behind the array's end is there. */
function warnOutside(low: Lowering, { span }: IndexAccess, at: Operand, count: number): void {
  const { b } = low;
  const [outside, after] = [b.block(), b.block()];
  b.branch({ op: 'ult', left: at, right: BigInt(count) }, after, outside, 'otherwise');
  b.enter(outside);
  emitRuntimeError(low, span, 'Array access out of bounds. The value read is unspecified.');
  b.jump(after);
  b.enter(after);
}

/** The address itself. */
export function addressOf(low: Lowering, { base, offset, path }: Remote): Operand {
  const { b } = low;
  const start = offset === 0 ? base : b.binary('add', base, BigInt(offset));
  if (path === undefined) return start;
  const { root, text } = path;
  const { storage } = findMember(root.btf, root.id, text)!;
  const core = low.module.relocations.field(root, text, 'field_byte_offset');
  return b.relocated('add', start, storage.offset, core);
}

/** A value of one register. */
export function readRemote(low: Lowering, remote: Remote, type: Type): Operand {
  return low.temporaries(() => {
    const word = low.allocate(8, 8, 8);
    if (remote.bitfield !== undefined) return readBits(low, remote, remote.bitfield, word, type);
    read(low, remote, word, low.constantValue(type.size));
    return low.loadScalar(word, type);
  });
}

/** Where the bits are in which word is the target's business: offset, size and both shifts are. */
function readBits(low: Lowering, remote: Remote, bitfield: Bitfield, word: Place, type: Type): Operand {
  const { b } = low;
  const signed = type.kind === 'integer' && type.signed;
  if (remote.path === undefined) {
    read(low, remote, word, low.constantValue(bitfield.storage));
    return extractBits(low, loadBytes(low, word, bitfield.storage), bitfield, signed);
  }
  const { root, text } = remote.path;
  const { storage, bitOffset, bitSize } = findMember(root.btf, root.id, text)!;
  const { relocations } = low.module;
  const size = relocations.field(root, text, 'field_byte_size');
  b.store(word.base, word.offset, 8, 0n);
  read(low, remote, word, b.relocated('move', undefined, storage.size, size));
  const left = 64 - (bitOffset + bitSize - storage.offset * 8);
  const whole = b.load(word.base, word.offset, 8);
  const high = b.relocated('shl', whole, left, relocations.field(root, text, 'field_lshift_u64'));
  const right = relocations.field(root, text, 'field_rshift_u64');
  return b.relocated(signed ? 'ashr' : 'lshr', high, 64 - bitSize, right);
}

/** A value of any size, into memory as a value of `type`. */
export function readRemoteInto(low: Lowering, remote: Remote, from: Type, place: Place, type: Type): void {
  const size = Math.min(from.size, type.size);
  read(low, remote, place, low.constantValue(size));
  if (size === type.size) return;
  const rest = within(place, size);
  low.b.zero(rest.base, rest.offset, type.size - size, rest.align);
}

function read(low: Lowering, remote: Remote, to: Place, size: Operand): void {
  const from = addressOf(low, remote);
  readMemory(low, { to: address(low, to), size, from, user: remote.space === 'user' });
}
