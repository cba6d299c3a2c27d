import { expect, test } from 'vitest';
import type { Btf } from '../../../../bpf/btf/btf.ts';
import { dumpAll, dumpType } from '../../../../bpf/btf/dump/index.ts';
import type { BtfDumpProblem } from '../../../../bpf/btf/dump/work.ts';
import type { BtfType } from '../../../../bpf/btf/type.ts';
import { handmade, int, ptr, struct, typedef } from './handmade.ts';

/** The definitions of a dump, without the header's frame. */
function definitions(btf: Btf, options: Parameters<typeof dumpAll>[1] = {}): string {
  const text = [...dumpAll(btf, options)].join('');
  const start = '#endif\n\n';
  const from = text.indexOf(start) + start.length;
  return text.slice(from, text.indexOf('#ifndef BPF_NO_PRESERVE_ACCESS_INDEX', from)).trimEnd();
}

const INT = int('int', 4);
const CHAR = int('char', 1);
const LONG = int('long int', 8);

test('a header is guarded and asks clang for relocations', () => {
  const lines = [...dumpAll(handmade([INT]))].join('').split('\n');
  expect(lines[0]).toBe('#ifndef __VMLINUX_H__');
  expect(lines).toContain(
    '#pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)',
  );
  expect(lines.at(-2)).toBe('#endif /* __VMLINUX_H__ */');
});

test('what is embedded comes first, what is pointed to is declared', () => {
  const btf = handmade([
    INT,
    struct('outer', 24, [
      ['inner', 3, 0],
      ['next', 4, 64],
      ['other', 5, 128],
    ]),
    struct('inner', 4, [['x', 1, 0]]),
    ptr(2),
    ptr(6),
    struct('other', 8, [['back', 4, 0]]),
  ]);
  expect(definitions(btf)).toBe(`struct inner {
	int x;
};

struct other;

struct outer {
	struct inner inner;
	struct outer *next;
	struct other *other;
};

struct other {
	struct outer *back;
};`);
});

test('an anonymous struct behind a pointer still needs what it embeds', () => {
  const btf = handmade([
    INT,
    struct('user', 8, [['p', 3, 0]]),
    ptr(4),
    struct('', 4, [['embedded', 5, 0]]),
    struct('late', 4, [['x', 1, 0]]),
  ]);
  expect(definitions(btf)).toBe(`struct late {
	int x;
};

struct user {
	struct {
		struct late embedded;
	} *p;
};`);
});

test('a typedef is its own forward declaration', () => {
  const btf = handmade([typedef('node_t', 2), struct('node', 8, [['next', 3, 0]]), ptr(1)]);
  expect(definitions(btf)).toBe(`struct node;

typedef struct node node_t;

struct node {
	node_t *next;
};`);
});

test.each<[string, readonly BtfType[]]>([
  ['int *p', [ptr(2), INT]],
  ['const char *p', [ptr(2), { kind: 'const', type: 3 }, CHAR]],
  ['char * const p', [{ kind: 'const', type: 2 }, ptr(3), CHAR]],
  ['char * const *p', [ptr(2), { kind: 'const', type: 3 }, ptr(4), CHAR]],
  ['char ** restrict p', [{ kind: 'restrict', type: 2 }, ptr(3), ptr(4), CHAR]],
  ['volatile const int p', [{ kind: 'const', type: 2 }, { kind: 'volatile', type: 3 }, INT]],
  ['int p[3]', [{ kind: 'array', element: 2, index: 2, count: 3 }, INT]],
  [
    'int p[2][3]',
    [
      { kind: 'array', element: 2, index: 3, count: 2 },
      { kind: 'array', element: 3, index: 3, count: 3 },
      INT,
    ],
  ],
  ['int (*p)[3]', [ptr(2), { kind: 'array', element: 3, index: 3, count: 3 }, INT]],
  ['int *p[3]', [{ kind: 'array', element: 2, index: 3, count: 3 }, ptr(3), INT]],
  ['const int p[3]', [{ kind: 'const', type: 2 }, { kind: 'array', element: 3, index: 3, count: 3 }, INT]],
  ['void (*p)(void)', [ptr(2), { kind: 'func_proto', returns: 0, parameters: [] }]],
  [
    'void (*p)(int, ...)',
    [
      ptr(2),
      {
        kind: 'func_proto',
        returns: 0,
        parameters: [
          { name: '', type: 3 },
          { name: '', type: 0 },
        ],
      },
      INT,
    ],
  ],
  [
    'int (*p[4])(int x)',
    [
      { kind: 'array', element: 2, index: 4, count: 4 },
      ptr(3),
      { kind: 'func_proto', returns: 4, parameters: [{ name: 'x', type: 4 }] },
      INT,
    ],
  ],
  [
    'int (* (*p)(void))[2]',
    [
      ptr(2),
      { kind: 'func_proto', returns: 3, parameters: [] },
      ptr(4),
      { kind: 'array', element: 5, index: 5, count: 2 },
      INT,
    ],
  ],
  [
    'void (* (*p)(int))(void)',
    [
      ptr(2),
      { kind: 'func_proto', returns: 3, parameters: [{ name: '', type: 5 }] },
      ptr(4),
      { kind: 'func_proto', returns: 0, parameters: [] },
      INT,
    ],
  ],
  [
    'int __attribute__((btf_type_tag("user"))) *p',
    [ptr(2), { kind: 'type_tag', name: 'user', type: 3, attribute: false }, INT],
  ],
  [
    'int __attribute__((address_space(1))) *p',
    [ptr(2), { kind: 'type_tag', name: 'address_space(1)', type: 3, attribute: true }, INT],
  ],
])('declares %s', (text, types) => {
  const btf = handmade([...types, { kind: 'var', name: 'p', type: 1, linkage: 'global' }]);
  expect(dumpType(btf, types.length + 1)).toBe(`extern ${text};\n`);
});

test('bitfields, holes and tails are padded where the compiler would not', () => {
  const btf = handmade([
    INT,
    CHAR,
    LONG,
    struct('padded', 32, [
      ['a', 1, 0, 3],
      ['b', 1, 8, 5],
      ['c', 2, 64],
      ['d', 1, 96],
    ]),
  ]);
  expect(dumpType(btf, 4)).toBe(`struct padded {
	int a: 3;
	char: 5;
	int b: 5;
	long: 0;
	char c;
	int d;
	long: 64;
	long: 64;
};
`);
});

test('what is off its alignment is packed, and what embeds it knows', () => {
  const btf = handmade([
    INT,
    CHAR,
    struct('tight', 5, [
      ['c', 2, 0],
      ['i', 1, 8],
    ]),
    struct('outer', 8, [
      ['c', 2, 0],
      ['t', 3, 8],
      ['d', 2, 56],
    ]),
  ]);
  expect(definitions(btf)).toBe(`struct tight {
	char c;
	int i;
} __attribute__((packed));

struct outer {
	char c;
	struct tight t;
	char: 8;
	char d;
};`);
});

test('a union larger than its members is aligned or filled', () => {
  const btf = handmade([
    CHAR,
    { kind: 'array', element: 1, index: 1, count: 5 },
    struct('round', 8, [['a', 2, 0]], 'union'),
    struct('odd', 7, [['a', 2, 0]], 'union'),
  ]);
  expect(dumpType(btf, 3)).toContain('} __attribute__((aligned(4)));');
  expect(dumpType(btf, 4)).toContain('\tunsigned char __size[7];\n');
});

test('enums keep their size', () => {
  const values = (...list: bigint[]): { name: string; value: bigint }[] =>
    list.map((value, index) => ({ name: `V${index}`, value }));
  const of = (kind: 'enum' | 'enum64', size: number, signed: boolean, ...list: bigint[]): string =>
    dumpType(handmade([{ kind, name: 'e', size, signed, values: values(...list) }]), 1);
  expect(of('enum', 4, true, -1n)).toBe('enum e {\n\tV0 = -1,\n};\n');
  expect(of('enum', 1, false, 1n)).toContain('} __attribute__((mode(byte)));');
  expect(of('enum64', 8, false, 1n << 40n)).toBe('enum e {\n\tV0 = 1099511627776ULL,\n};\n');
  expect(of('enum64', 8, true, -1n)).toContain('V0 = -1LL,\n} __attribute__((mode(DI)));');
  expect(of('enum64', 8, true, -(2n ** 63n))).toContain('V0 = (-9223372036854775807LL - 1),\n};');
  expect(of('enum', 4, false)).toBe('enum e;\n');
});

test('names that several types share become unique', () => {
  const btf = handmade([
    INT,
    struct('same', 4, [['a', 1, 0]]),
    struct('same', 4, [['b', 1, 0]]),
    { kind: 'enum', name: '', size: 4, signed: false, values: [{ name: 'X', value: 0n }] },
    typedef('X', 3),
  ]);
  const text = definitions(btf);
  expect(text).toContain('struct same___2 {\n\tint b;');
  expect(text).toContain('typedef struct same___2 X___2;');
});

test('base types that C does not know are said first', () => {
  const btf = handmade([
    int('__Poly64_t', 8, false),
    { kind: 'float', name: '_Float16', size: 2 },
    struct('simd', 16, [
      ['p', 1, 0],
      ['h', 2, 64],
      ['i', 4, 96],
    ]),
    int('u8', 1, false),
  ]);
  const text = definitions(btf);
  expect(text).toContain('typedef unsigned long long __Poly64_t;');
  expect(text).toContain('typedef unsigned short _Float16;');
  expect(text).toContain('typedef unsigned char u8;');
});

test('a base type asked for is told', () => {
  expect(dumpType(handmade([INT]), 1)).toBe('/* int: 4 bytes */\n');
  expect(dumpType(handmade([int('u8', 1, false)]), 1)).toBe(
    'typedef unsigned char u8;\n\n/* u8: 1 bytes */\n',
  );
});

test('names of other languages become identifiers', () => {
  const btf = handmade([INT, struct('Option<u8>', 4, [['0', 1, 0]])]);
  expect(dumpType(btf, 2)).toBe('struct Option_u8_ {\n\tint _0;\n};\n');
});

test('members that are called as a keyword get another name', () => {
  const btf = handmade([INT, struct('s', 4, [['auto', 1, 0]])]);
  expect(dumpType(btf, 2)).toBe('struct s {\n\tint auto_;\n};\n');
});

test('a section is its variables and functions', () => {
  const btf = handmade([
    INT,
    { kind: 'var', name: 'x', type: 1, linkage: 'global' },
    { kind: 'func_proto', returns: 1, parameters: [] },
    { kind: 'func', name: 'f', type: 3, linkage: 'extern' },
    {
      kind: 'datasec',
      name: '.s',
      size: 4,
      variables: [
        { type: 2, offset: 0, size: 4 },
        { type: 4, offset: 0, size: 0 },
      ],
    },
  ]);
  expect(dumpType(btf, 5)).toBe('/* section .s, 4 bytes */\n\nextern int x;\n\nextern int f(void);\n');
});

test('a struct with a name as a member without is written in place', () => {
  const btf = handmade([
    INT,
    struct('inner', 4, [['x', 1, 0]]),
    { kind: 'const', type: 2 },
    struct('outer', 8, [
      ['', 2, 0],
      ['', 3, 32],
    ]),
  ]);
  expect(dumpType(btf, 4)).toBe(`struct outer {
	struct {
		int x;
	};
	const struct {
		int x;
	};
};
`);
});

test('declaration tags are attributes', () => {
  const btf = handmade([
    INT,
    struct('s', 4, [['x', 1, 0]]),
    { kind: 'decl_tag', name: 'a"b', type: 2, component: 0, attribute: false },
    { kind: 'decl_tag', name: 'whole', type: 2, component: -1, attribute: false },
  ]);
  expect(dumpType(btf, 2)).toBe(`struct s {
	int x __attribute__((btf_decl_tag("a\\"b")));
} __attribute__((btf_decl_tag("whole")));
`);
});

test('prototypes and variables are written when asked', () => {
  const btf = handmade([
    INT,
    ptr(3),
    struct('file', 4, [['x', 1, 0]]),
    { kind: 'func_proto', returns: 1, parameters: [{ name: 'file', type: 2 }] },
    { kind: 'func', name: 'vfs_open', type: 4, linkage: 'static' },
    { kind: 'func', name: 'bpf_f', type: 4, linkage: 'static' },
    { kind: 'decl_tag', name: 'bpf_kfunc', type: 6, component: -1, attribute: false },
    { kind: 'var', name: 'runqueues', type: 3, linkage: 'global' },
    { kind: 'datasec', name: '.data..percpu', size: 4, variables: [{ type: 8, offset: 0, size: 4 }] },
  ]);
  expect(dumpType(btf, 5, { dependencies: true })).toBe(
    'struct file;\n\nstatic int vfs_open(struct file *file);\n',
  );
  const kfuncs = [...dumpAll(btf, { functions: 'kfuncs', variables: true })].join('');
  expect(kfuncs).toContain('extern int bpf_f(struct file *file) __weak __ksym;\n');
  expect(kfuncs).not.toContain('vfs_open');
  expect(kfuncs).toContain('extern struct file runqueues;');
});

test('split BTF gives its own types, with names that its base has not', () => {
  const base = handmade([INT, struct('a', 4, [['x', 1, 0]]), struct('a', 4, [['y', 1, 0]])]);
  const split = handmade(
    [
      struct('a', 8, [
        ['one', 2, 0],
        ['two', 3, 32],
      ]),
    ],
    base,
  );
  expect(definitions(split)).toBe('struct a___3 {\n\tstruct a one;\n\tstruct a___2 two;\n};');
  expect(definitions(split, { dependencies: true })).toContain('struct a___2 {\n\tint y;\n};');
});

function problemsOf(btf: Btf): { readonly text: string; readonly problems: readonly BtfDumpProblem[] } {
  const problems: BtfDumpProblem[] = [];
  return { text: definitions(btf, { report: (problem) => problems.push(problem) }), problems };
}

test('types that contain themselves are told and left out; the others stay', () => {
  const { text, problems } = problemsOf(
    handmade([
      INT,
      struct('a', 4, [['b', 3, 0]]),
      struct('b', 4, [['a', 2, 0]]),
      typedef('self', 4),
      { kind: 'const', type: 5 },
      ptr(5),
      typedef('loop', 8),
      ptr(7),
      struct('fine', 8, [['p', 10, 0]]),
      ptr(2),
    ]),
  );
  expect(problems.map((problem) => problem.message)).toEqual(
    expect.arrayContaining([
      "struct 'a' contains itself",
      "typedef 'self' contains itself",
      'the types nest deeper than 400 levels',
      "typedef 'loop' refers to itself",
    ]),
  );
  expect(text).toContain('struct a;\n\nstruct fine {\n\tstruct a *p;\n};');
});

test('members that overlap become bytes of the same size and alignment', () => {
  const { text, problems } = problemsOf(
    handmade([
      INT,
      struct('over', 8, [
        ['a', 1, 0],
        ['b', 1, 0],
      ]),
      struct('user', 8, [['o', 2, 0]]),
    ]),
  );
  expect(problems).toHaveLength(1);
  expect(text).toContain('struct over {\n\tunsigned char __opaque[8];\n} __attribute__((aligned(4)));');
  expect(text).toContain('struct user {\n\tstruct over o;\n};');
});

test('depth, doubling and claimed sizes end in an error, soon', () => {
  const deep: BtfType[] = [INT];
  for (let id = 2; id < 3000; id++) deep.push(struct(id % 2 === 0 ? '' : `s${id}`, 4, [['m', id - 1, 0]]));
  expect(
    problemsOf(
      handmade(
        deep
          .reverse()
          .map((type) =>
            type.kind === 'struct'
              ? { ...type, members: type.members.map((member) => ({ ...member, type: 3000 - member.type })) }
              : type,
          ),
      ),
    ).problems.length,
  ).toBeGreaterThan(0);

  const doubling: BtfType[] = [INT];
  for (let id = 2; id < 60; id++) {
    doubling.push(
      struct(
        id === 59 ? 'top' : '',
        4,
        [
          ['a', id - 1, 0],
          ['b', id - 1, 0],
        ],
        'union',
      ),
    );
  }
  expect(problemsOf(handmade(doubling)).problems.map((problem) => problem.message)).toContain(
    'the types expand to more text than a dump may have',
  );

  const huge = problemsOf(handmade([INT, struct('huge', 0xffff_fff0, [['x', 1, 0]])]));
  expect(huge.text).toContain('unsigned char __pad_4[4294967276];');
});
