import { expect, test } from 'vitest';
import { rawJson, rawText } from '../../../../bpf/btf/dump/index.ts';
import type { BtfType } from '../../../../bpf/btf/type.ts';
import { handmade, int, ptr, struct, typedef } from './handmade.ts';

/** As `bpftool btf dump file` prints them. */
const CASES: readonly (readonly [BtfType, string])[] = [
  [int('char', 1, false), "[1] INT 'char' size=1 bits_offset=0 nr_bits=8 encoding=(none)"],
  [
    { ...int('_Bool', 1, false), encoding: 'bool' },
    "[1] INT '_Bool' size=1 bits_offset=0 nr_bits=8 encoding=BOOL",
  ],
  [{ kind: 'float', name: 'double', size: 8 }, "[1] FLOAT 'double' size=8"],
  [ptr(2), "[1] PTR '(anon)' type_id=2"],
  [typedef('t', 2), "[1] TYPEDEF 't' type_id=2"],
  [
    { kind: 'array', element: 2, index: 3, count: 4 },
    "[1] ARRAY '(anon)' type_id=2 index_type_id=3 nr_elems=4",
  ],
  [
    struct('s', 4, [
      ['a', 2, 0, 3],
      ['', 2, 8],
    ]),
    "[1] STRUCT 's' size=4 vlen=2\n\t'a' type_id=2 bits_offset=0 bitfield_size=3\n\t'(anon)' type_id=2 bits_offset=8",
  ],
  [
    { kind: 'enum', name: 'e', size: 4, signed: true, values: [{ name: 'A', value: -1n }] },
    "[1] ENUM 'e' encoding=SIGNED size=4 vlen=1\n\t'A' val=-1",
  ],
  [
    { kind: 'enum64', name: '', size: 8, signed: false, values: [{ name: 'A', value: 2n ** 64n - 1n }] },
    "[1] ENUM64 '(anon)' encoding=UNSIGNED size=8 vlen=1\n\t'A' val=18446744073709551615ULL",
  ],
  [{ kind: 'fwd', name: 'f', of: 'union' }, "[1] FWD 'f' fwd_kind=union"],
  [{ kind: 'func', name: 'f', type: 2, linkage: 'extern' }, "[1] FUNC 'f' type_id=2 linkage=extern"],
  [
    {
      kind: 'func_proto',
      returns: 0,
      parameters: [
        { name: 'a', type: 2 },
        { name: '', type: 0 },
      ],
    },
    "[1] FUNC_PROTO '(anon)' ret_type_id=0 vlen=2\n\t'a' type_id=2\n\t'(anon)' type_id=0",
  ],
  [{ kind: 'var', name: 'v', type: 2, linkage: 'global' }, "[1] VAR 'v' type_id=2, linkage=global"],
  [
    { kind: 'datasec', name: '.bss', size: 4, variables: [{ type: 2, offset: 0, size: 4 }] },
    "[1] DATASEC '.bss' size=4 vlen=1\n\ttype_id=2 offset=0 size=4 (VAR 'other')",
  ],
  [
    { kind: 'decl_tag', name: 'tag', type: 2, component: -1, attribute: false },
    "[1] DECL_TAG 'tag' type_id=2 component_idx=-1",
  ],
  [{ kind: 'type_tag', name: 'user', type: 2, attribute: false }, "[1] TYPE_TAG 'user' type_id=2"],
];

test.each(CASES.map(([type, text]) => ({ kind: type.kind, type, text })))('$kind', ({ type, text }) => {
  const btf = handmade([type, { kind: 'var', name: 'other', type: 0, linkage: 'static' }]);
  expect(rawText(btf, 1)).toBe(`${text}\n`);
});

test('JSON keeps numbers of 64 bits whole', () => {
  const values = [{ name: 'A', value: 2n ** 63n }];
  const btf = handmade([{ kind: 'enum64', name: 'e', size: 8, signed: false, values }]);
  expect(rawJson(btf, 1)).toBe(
    '{"id":1,"kind":"ENUM64","name":"e","encoding":"UNSIGNED","size":8,"vlen":1,"values":[{"name":"A","val":9223372036854775808}]}',
  );
});

test('JSON has lists by bpftool’s names', () => {
  const keys = (type: BtfType): string[] =>
    Object.keys(JSON.parse(rawJson(handmade([type, int('int', 4)]), 1)) as object);
  expect(keys({ kind: 'func_proto', returns: 0, parameters: [] })).toEqual([
    'id',
    'kind',
    'name',
    'ret_type_id',
    'vlen',
    'params',
  ]);
  expect(keys({ kind: 'datasec', name: 'd', size: 0, variables: [] })).toEqual([
    'id',
    'kind',
    'name',
    'size',
    'vlen',
    'vars',
  ]);
  expect(keys(struct('s', 0))).toEqual(['id', 'kind', 'name', 'size', 'vlen', 'members']);
});
