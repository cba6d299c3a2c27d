/** Network addresses: ntop, pton and macaddr. Their text is made when they are printed. */

import type { Checker } from '../check/checker.ts';
import { addressSize, argumentLiteral, argumentType, badAddress } from '../diagnostics/messages.gen.ts';
import { address, placeOf, scalar } from '../lower/expressions.ts';
import type { Lowering } from '../lower/lowering.ts';
import { type Place, within } from '../lower/place.ts';
import { readMemory } from '../lower/read-memory.ts';
import type { Expression } from '../syntax/ast.ts';
import { array, INET4, INET6, integer, MACADDR, UINT64 } from '../types/make.ts';
import { typeName } from '../types/name.ts';
import type { OpaqueType, Type } from '../types/type.ts';
import { integerArgument } from './arguments.ts';
import type { LibraryEntry } from './entry.ts';
import { parseInternetAddress } from './internet-address.ts';

/** Linux' AF_INET and AF_INET6. */
const FAMILY = { inet: 2n, inet6: 10n } as const;
const MAC_BYTES = 6;

/** Where an address of an inet value begins, behind its family. */
const ADDRESS_OFFSET = 8;

function inetOf(checker: Checker, value: Expression): OpaqueType | undefined {
  const type = checker.valueType(value);
  if (type === undefined) return undefined;
  if (type.kind === 'integer') return INET4;
  if (!isBytes(type)) {
    checker.report(
      argumentType(value.span, { name: 'ntop', wanted: 'integer or array', found: typeName(type) }),
    );
    return undefined;
  }
  if (type.size === 4) return INET4;
  if (type.size === 16) return INET6;
  checker.report(addressSize(value.span, { name: 'ntop', wanted: '4 or 16', found: type.size }));
  return undefined;
}

function isBytes(type: Type): boolean {
  return type.kind === 'array' && type.element.kind === 'integer';
}

const ntop: LibraryEntry = {
  name: 'ntop',
  kind: 'function',
  signature: 'ntop([family,] address)',
  doc: 'An IPv4 or IPv6 address as text, by the family or by its size: an integer or 4 bytes, or 16 bytes, in network order.',
  arguments: { min: 1, max: 2 },
  check: ({ args }, checker) => {
    const value = args.at(-1)!;
    const family = args.length === 2 ? args[0] : undefined;
    if (family !== undefined) integerArgument(checker, family, 'ntop');
    return inetOf(checker, value);
  },
  into: ({ args }, low, place, type) => {
    const value = args.at(-1)!;
    const from = low.type(value);
    const six = from.kind === 'array' && from.size === 16;
    const family =
      args.length === 2 ? scalar(low, args[0]!) : low.constantValue(six ? FAMILY.inet6 : FAMILY.inet);
    low.storeScalar(place, UINT64, family);
    const to = within(place, ADDRESS_OFFSET);
    const size = six ? 16 : 4;
    if (from.kind === 'array') copyBytes(low, value, to, size);
    else low.storeScalar(to, integer(4, false), scalar(low, value));
    const rest = within(to, size);
    low.b.zero(rest.base, rest.offset, type.size - ADDRESS_OFFSET - size, rest.align);
  },
};

function copyBytes(low: Lowering, value: Expression, to: Place, size: number): void {
  low.temporaries(() => {
    const from = placeOf(low, value);
    const align = from.align < to.align ? from.align : to.align;
    low.b.copy(to.base, to.offset, from.base, from.offset, size, align);
  });
}

const pton: LibraryEntry = {
  name: 'pton',
  kind: 'function',
  signature: 'pton(string)',
  doc: 'The bytes of an IPv4 or IPv6 address in network order; the text is a literal.',
  arguments: { min: 1, max: 1 },
  check: ({ args: [text] }, checker) => {
    checker.valueType(text!);
    const constant = checker.constant(text!);
    if (constant?.kind !== 'string') {
      checker.report(argumentLiteral(text!.span, { name: 'pton', wanted: 'a literal address' }));
      return undefined;
    }
    const shown = new TextDecoder().decode(constant.bytes);
    const bytes = parseInternetAddress(shown);
    if (bytes !== undefined) return array(integer(1, false), bytes.length);
    checker.report(badAddress(text!.span, { text: shown }));
    return undefined;
  },
  into: ({ args: [text] }, low, place) => {
    const constant = low.constant(text!);
    if (constant?.kind !== 'string') return;
    const bytes = parseInternetAddress(new TextDecoder().decode(constant.bytes));
    if (bytes !== undefined) low.b.storeBytes(place.base, place.offset, bytes, place.align);
  },
};

const macaddr: LibraryEntry = {
  name: 'macaddr',
  kind: 'function',
  signature: 'macaddr(char[6] address)',
  doc: 'A MAC address as text: `AA:BB:CC:DD:EE:FF`.',
  arguments: { min: 1, max: 1 },
  check: ({ args: [value], span }, checker) => {
    const type = checker.valueType(value!);
    if (type === undefined) return undefined;
    if (type.kind === 'pointer') {
      const user = type.space === 'user';
      const need = { kind: user ? 'user-memory' : 'kernel-memory', what: 'macaddr()', span } as const;
      return checker.need(need) ? MACADDR : undefined;
    }
    if (!isBytes(type)) {
      checker.report(
        argumentType(value!.span, { name: 'macaddr', wanted: 'array or pointer', found: typeName(type) }),
      );
      return undefined;
    }
    if (type.size === MAC_BYTES) return MACADDR;
    checker.report(addressSize(value!.span, { name: 'macaddr', wanted: MAC_BYTES, found: type.size }));
    return undefined;
  },
  into: ({ args: [value] }, low, place) => {
    const type = low.type(value!);
    if (type.kind !== 'pointer') {
      copyBytes(low, value!, place, MAC_BYTES);
      return;
    }
    const from = scalar(low, value!);
    low.b.zero(place.base, place.offset, MAC_BYTES, place.align);
    const user = type.space === 'user';
    readMemory(low, { to: address(low, place), size: BigInt(MAC_BYTES), from, user });
  },
};

export const ADDRESS_ENTRIES: readonly LibraryEntry[] = [ntop, pton, macaddr];
