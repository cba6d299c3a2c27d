import { expect, test } from 'vitest';
import { layoutText } from '../../../../bpf/btf/dump/index.ts';
import type { BtfType } from '../../../../bpf/btf/type.ts';
import { handmade, int, struct, typedef } from './handmade.ts';

test('members have offset and size, bitfields their bit; holes, cache lines and totals are told', () => {
  const btf = handmade([
    int('int', 4),
    int('char', 1),
    { kind: 'array', element: 2, index: 1, count: 60 },
    struct('', 8, [
      ['lock', 1, 0],
      ['owner', 1, 32],
    ]),
    struct(
      '',
      8,
      [
        ['x', 1, 0],
        ['pair', 4, 0],
      ],
      'union',
    ),
    struct('s', 88, [
      ['text', 3, 0],
      ['flag', 1, 480, 3],
      ['mode', 1, 488, 4],
      ['', 5, 512],
      ['last', 2, 608],
    ]),
    typedef('s_t', 6),
  ]);
  expect(layoutText(btf, 7)).toBe(`struct s {
	char                       text[60];             /*     0    60 */
	int                        flag:3;               /*    60: 0  4 */

	/* XXX 5 bits hole, try to pack */
	int                        mode:4;               /*    60: 8  4 */

	/* XXX 4 bits hole, try to pack */

	/* XXX 2 bytes hole, try to pack */

	/* --- cacheline 1 boundary (64 bytes) --- */
	union {
		int                        x;                    /*    64     4 */
		struct {
			int                        lock;                 /*    64     4 */
			int                        owner;                /*    68     4 */
		} pair;                                          /*    64     8 */
	};                                               /*    64     8 */

	/* XXX 4 bytes hole, try to pack */

	char                       last;                 /*    76     1 */

	/* size: 88, cachelines: 2, members: 5 */
	/* sum members: 69, holes: 3, sum holes: 7 bytes 1 bit */
	/* sum bitfield members: 7 bits (0 bytes) */
	/* padding: 11 */
	/* last cacheline: 24 bytes */
};
`);
});

test('the size of a cache line can be another', () => {
  const btf = handmade([
    int('long int', 8),
    struct('s', 16, [
      ['a', 1, 0],
      ['b', 1, 64],
    ]),
  ]);
  expect(layoutText(btf, 2, { cacheLine: 8 })).toContain('/* --- cacheline 1 boundary (8 bytes) --- */');
});

test('packed structs are told', () => {
  const btf = handmade([
    int('char', 1),
    int('int', 4),
    struct('s', 5, [
      ['c', 1, 0],
      ['i', 2, 8],
    ]),
  ]);
  expect(layoutText(btf, 3)).toContain('\t/* packed */\n');
});

test('only structs and unions have one', () => {
  expect(layoutText(handmade([int('int', 4)]), 1)).toBeUndefined();
});

test('anonymous types that double end in a comment', () => {
  const types: BtfType[] = [int('int', 4)];
  for (let id = 2; id < 50; id++)
    types.push(
      struct(
        '',
        4,
        [
          ['a', id - 1, 0],
          ['b', id - 1, 0],
        ],
        'union',
      ),
    );
  expect(layoutText(handmade(types), 49)).toMatch(
    /^\/\* type \d+: the types expand to more text than a dump may have \*\/\n$/,
  );
});
