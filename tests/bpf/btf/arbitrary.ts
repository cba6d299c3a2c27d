/** Arbitrary tables of types for properties: every kind, references to types before. */
import fc from 'fast-check';
import type { BtfBuilder } from '../../../bpf/btf/builder.ts';
import { mapReferences } from '../../../bpf/btf/references.ts';
import type { BtfType } from '../../../bpf/btf/type.ts';

const anyName = fc.constantFrom('', 'a', 'b', 'task', 'größe', 'x'.repeat(70));
const aName = fc.constantFrom('a', 'b', 'int', 'task_struct', '_');
const bit24 = fc.nat({ max: 0xff_ffff });
const bit32 = fc.nat({ max: 0xffff_ffff });

/** Number of the type referred to, modulo how many there are by then. */
const anyId = fc.nat({ max: 1000 });

const ints = fc
  .record({
    size: fc.constantFrom(1, 2, 4, 8, 16),
    bits: fc.nat({ max: 127 }),
    bitOffset: fc.nat({ max: 7 }),
  })
  .chain(({ size, bits, bitOffset }) =>
    fc.record<BtfType & { kind: 'int' }>({
      kind: fc.constant('int'),
      name: aName,
      size: fc.constant(size),
      signed: fc.boolean(),
      encoding: fc.constantFrom('plain', 'char', 'bool'),
      bits: fc.constant(1 + (bits % (size * 8 - bitOffset))),
      bitOffset: fc.constant(bitOffset),
    }),
  );

const linkage = fc.constantFrom('static' as const, 'global' as const, 'extern' as const);

const member = fc.record({ name: anyName, type: anyId, bitOffset: bit24, bitSize: fc.nat({ max: 64 }) });

function enums(kind: 'enum' | 'enum64', signed: boolean): fc.Arbitrary<BtfType> {
  const width = kind === 'enum' ? 32n : 64n;
  const value = signed
    ? fc.bigInt({ min: -(2n ** (width - 1n)), max: 2n ** (width - 1n) - 1n })
    : fc.bigInt({ min: 0n, max: 2n ** width - 1n });
  return fc.record({
    kind: fc.constant(kind),
    name: anyName,
    size: fc.constantFrom(1, 2, 4, 8),
    signed: fc.constant(signed),
    values: fc.array(fc.record({ name: aName, value }), { maxLength: 4 }),
  });
}

const anyType: fc.Arbitrary<BtfType> = fc.oneof<fc.Arbitrary<BtfType>[]>(
  ints,
  fc.record({ kind: fc.constant('float'), name: aName, size: fc.constantFrom(4, 8, 16) }),
  fc.record({ kind: fc.constantFrom('ptr', 'const', 'volatile', 'restrict'), type: anyId }),
  fc.record({ kind: fc.constant('typedef'), name: aName, type: anyId }),
  fc.record({ kind: fc.constant('array'), element: anyId, index: anyId, count: bit32 }),
  fc.record({
    kind: fc.constantFrom('struct', 'union'),
    name: anyName,
    size: bit32,
    members: fc.array(member, { maxLength: 4 }),
  }),
  fc.record({
    kind: fc.constantFrom('struct', 'union'),
    name: anyName,
    size: bit32,
    members: fc.array(fc.record({ name: anyName, type: anyId, bitOffset: bit32, bitSize: fc.constant(0) }), {
      maxLength: 4,
    }),
  }),
  enums('enum', false),
  enums('enum', true),
  enums('enum64', false),
  enums('enum64', true),
  fc.record({ kind: fc.constant('fwd'), name: aName, of: fc.constantFrom('struct', 'union') }),
  fc.record({ kind: fc.constant('type_tag'), name: aName, type: anyId, attribute: fc.boolean() }),
  fc.record({
    kind: fc.constant('decl_tag'),
    name: aName,
    type: anyId,
    component: fc.integer({ min: -1, max: 5 }),
    attribute: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('func'), name: aName, type: anyId, linkage }),
  fc.record({ kind: fc.constant('var'), name: aName, type: anyId, linkage }),
  fc.record({
    kind: fc.constant('func_proto'),
    returns: anyId,
    parameters: fc.array(fc.record({ name: anyName, type: anyId }), { maxLength: 4 }),
  }),
  fc.record({
    kind: fc.constant('datasec'),
    name: aName,
    size: bit32,
    variables: fc.array(fc.record({ type: anyId, offset: bit32, size: bit32 }), { maxLength: 4 }),
  }),
);

/** For {@link addAll}, which makes references of them. */
export const anyTypes: fc.Arbitrary<BtfType[]> = fc.array(anyType, { maxLength: 30 });

/** Adds types, each referring to types before it only; the outcome has the types that are new. */
export function addAll(builder: BtfBuilder, types: readonly BtfType[]): BtfType[] {
  const added: BtfType[] = [];
  for (const raw of types) {
    const { end } = builder;
    const type = mapReferences(raw, (id) => id % end);
    if (builder.add(type) === end) added.push(type);
  }
  return added;
}
