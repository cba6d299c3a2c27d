/** Objects, references, lists and trees, and what programs throw. */
import { describe, expect, test } from 'vitest';
import { BtfBuilder } from '../../../bpf/btf/index.ts';
import type { BpfObject } from '../../../bpf/object.ts';
import { assembled, runAssembly } from '../assembly.ts';

const KFUNCS = [
  'bpf_obj_new_impl',
  'bpf_obj_drop_impl',
  'bpf_percpu_obj_new_impl',
  'bpf_percpu_obj_drop_impl',
  'bpf_refcount_acquire_impl',
  ...['push_front_impl', 'push_back_impl', 'pop_front', 'pop_back', 'front', 'back'].map(
    (name) => `bpf_list_${name}`,
  ),
  ...['add_impl', 'remove', 'first', 'root', 'left', 'right'].map((name) => `bpf_rbtree_${name}`),
  'bpf_throw',
];
const HEAD = `${KFUNCS.map((name) => `.kfunc ${name}`).join('\n')}
.map m array key=4 value=16 entries=1\n.map log array key=4 value=8 entries=1\n.program main raw_tp/x\n`;

/** `struct node { list node, tree node, refcount, value }` is type 1 and 64 bytes: value at 56. */
function typed(source: string, tag?: string): BpfObject {
  const builder = new BtfBuilder();
  const node = builder.reserve();
  const long = builder.addInt('unsigned long', 8);
  const words = (count: number): number => builder.addArray(long, long, count);
  const list = builder.addStruct('bpf_list_node', 24, [{ name: '__opaque', type: words(3), bitOffset: 0 }]);
  const tree = builder.addStruct('bpf_rb_node', 32, [{ name: '__opaque', type: words(4), bitOffset: 0 }]);
  const refcount = builder.addStruct('bpf_refcount', 4, []);
  builder.define(node, {
    kind: 'struct',
    name: 'node',
    size: 72,
    members: [
      { name: 'list', type: list, bitOffset: 0, bitSize: 0 },
      { name: 'tree', type: tree, bitOffset: 24 * 8, bitSize: 0 },
      { name: 'value', type: long, bitOffset: 56 * 8, bitSize: 0 },
      { name: 'refcount', type: refcount, bitOffset: 64 * 8, bitSize: 0 },
    ],
  });
  const main = builder.addFunction('main', builder.addPrototype(long, []), 'global');
  if (tag !== undefined) builder.addDeclTag(tag, main);
  const object = assembled(`${HEAD}${source}`);
  return {
    ...object,
    programs: object.programs.map((one) => ({ ...one, btfId: main })),
    btf: builder.build(),
  };
}

const make = (value: number): string =>
  `r1 = 1\nr2 = 0\ncall bpf_obj_new_impl\nr7 = r0\n*(u64 *)(r7 + 56) = ${value}\n`;
const push = (value: number, end: 'front' | 'back'): string =>
  `${make(value)}r1 = map[m][0]+0\nr2 = r7\nr3 = 0\nr4 = 0\ncall bpf_list_push_${end}_impl\n`;
const take = (end: string): string =>
  `r1 = map[m][0]+0\ncall bpf_list_${end}\nif r0 == 0 goto +1\nr0 = *(u64 *)(r0 + 56)\nr6 *= 10\nr6 += r0\n`;

describe('objects', () => {
  test('are zeros, and are given out again when nobody refers to them', () => {
    const source = `${make(5)}r8 = r7\nr1 = r7\nr2 = 0\ncall bpf_obj_drop_impl\n${make(0)}r0 = r7\nr0 -= r8
      r1 = *(u64 *)(r7 + 40)\nr0 += r1\nexit`;
    expect(runAssembly(typed(source)).result).toBe(0n);
  });

  test('live as long as one refers to them', () => {
    const source = `${make(5)}r8 = r7\nr1 = r7\nr2 = 0\ncall bpf_refcount_acquire_impl\nr1 = r7\nr2 = 0\ncall bpf_obj_drop_impl
      ${make(6)}r0 = *(u64 *)(r8 + 56)\nr0 *= 10\nr1 = *(u64 *)(r7 + 56)\nr0 += r1\nexit`;
    expect(runAssembly(typed(source)).result).toBe(56n);
  });

  test('of a type that is none are NULL', () => {
    expect(runAssembly(typed('r1 = 99\nr2 = 0\ncall bpf_obj_new_impl\nexit')).result).toBe(0n);
    expect(runAssembly(typed('r1 = 2\nr2 = 0\ncall bpf_obj_new_impl\nexit')).result).toBe(0n);
  });

  test('of each CPU are apart', () => {
    const cpu = (number: number): string => `r1 = r7\nr2 = ${number}\ncall bpf_per_cpu_ptr\n`;
    const source = `r1 = 1\nr2 = 0\ncall bpf_percpu_obj_new_impl\nr7 = r0\n${cpu(0)}r8 = r0\n${cpu(1)}r0 -= r8\nexit`;
    expect(runAssembly(typed(source), { memoryLimit: 2 << 20, cpus: 2 }).result).toBe(72n);
    const none = `r1 = 1\nr2 = 0\ncall bpf_percpu_obj_new_impl\nr7 = r0\n${cpu(2)}exit`;
    expect(runAssembly(typed(none), { memoryLimit: 2 << 20, cpus: 2 }).result).toBe(0n);
  });
});

describe('lists', () => {
  test.each([
    [
      'front to front',
      `${push(1, 'front')}${push(2, 'front')}${push(3, 'front')}`,
      ['pop_front', 'pop_front', 'pop_front'],
      321n,
    ],
    [
      'back to front',
      `${push(1, 'back')}${push(2, 'back')}${push(3, 'back')}`,
      ['pop_front', 'pop_front', 'pop_front'],
      123n,
    ],
    [
      'both ends',
      `${push(1, 'back')}${push(2, 'front')}${push(3, 'back')}`,
      ['pop_back', 'pop_front', 'pop_back'],
      321n,
    ],
    ['a look', `${push(1, 'back')}${push(2, 'back')}`, ['front', 'back', 'pop_front', 'front'], 1212n],
    ['empty', '', ['pop_front', 'pop_back', 'front', 'back'], 0n],
    ['empty again', push(4, 'back'), ['pop_back', 'pop_front'], 40n],
  ] as const)('%s', (_name, before, takes, want) => {
    expect(runAssembly(typed(`r6 = 0\n${before}${takes.map(take).join('')}r0 = r6\nexit`)).result).toBe(want);
  });

  test('a node is in one list at a time', () => {
    const again = 'r1 = map[m][0]+0\nr2 = r7\nr3 = 0\nr4 = 0\ncall bpf_list_push_back_impl\n';
    expect(runAssembly(typed(`${push(1, 'back')}${again}exit`)).result).toBe(-22n);
  });
});

describe('trees', () => {
  const add = (value: number): string =>
    `${make(value)}r1 = map[m][0]+0\nr2 = r7\nr2 += 24\nr3 = func[less]\nr4 = 0\nr5 = 0\ncall bpf_rbtree_add_impl\n`;
  const LESS =
    '.func less\nr1 = *(u64 *)(r1 + 32)\nr2 = *(u64 *)(r2 + 32)\nr0 = 0\nif r1 >= r2 goto +1\nr0 = 1\nexit\n';
  const value = 'if r0 == 0 goto +1\nr0 = *(u64 *)(r0 + 32)\n';
  const first = 'r1 = map[m][0]+0\ncall bpf_rbtree_first\n';
  const remove = 'r1 = map[m][0]+0\nr2 = r0\ncall bpf_rbtree_remove\n';

  test('give the least first', () => {
    const three = `${add(7)}${add(3)}${add(5)}r6 = 0\n`;
    const taken = `${first}if r0 == 0 goto +8\n${remove}${value}r6 *= 10\nr6 += r0\n`;
    expect(runAssembly(typed(`${three}${taken.repeat(4)}r0 = r6\nexit\n${LESS}`)).result).toBe(357n);
  });

  test('have the shape that the kernel gives them', () => {
    const seven = [1, 2, 3, 4, 5, 6, 7].map(add).join('');
    const root = 'r1 = map[m][0]+0\ncall bpf_rbtree_root\n';
    const down = (side: string): string => `r1 = map[m][0]+0\nr2 = r0\ncall bpf_rbtree_${side}\n`;
    const at = (path: string): bigint =>
      runAssembly(typed(`${seven}${root}${path}${value}exit\n${LESS}`)).result;
    expect([at(''), at(down('left')), at(down('right')), at(down('right') + down('left'))]).toEqual([
      2n,
      1n,
      4n,
      3n,
    ]);
    expect(at(down('right') + down('right') + down('right'))).toBe(7n);
  });

  test('take back only what is theirs', () => {
    expect(
      runAssembly(
        typed(`${make(1)}r1 = map[m][0]+0\nr2 = r7\nr2 += 24\ncall bpf_rbtree_remove\nexit\n${LESS}`),
      ).result,
    ).toBe(0n);
    expect(
      runAssembly(
        typed(
          `${add(1)}r1 = map[m][0]+0\nr2 = r7\nr2 += 24\nr3 = func[less]\nr4 = 0\nr5 = 0\ncall bpf_rbtree_add_impl\nexit\n${LESS}`,
        ),
      ).result,
    ).toBe(-22n);
  });
});

describe('bpf_throw', () => {
  const DEEP = 'call sub\nr0 = 1\nexit\n.func sub\nr1 = 77\ncall bpf_throw\nr0 = 2\nexit\n';

  test('ends the program with what it throws', () => {
    expect(runAssembly(typed(DEEP)).result).toBe(77n);
  });

  test('or with what the function for it makes of it', () => {
    const catcher = '.func catcher\nr0 = r1\nr0 += 1\nexit\n';
    expect(runAssembly(typed(`${DEEP}${catcher}`, 'exception_callback:catcher')).result).toBe(78n);
  });
});
