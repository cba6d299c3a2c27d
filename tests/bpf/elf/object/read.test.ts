import { describe, expect, test } from 'vitest';
import { kernelMapName, type ReadObjectResult, readObject } from '../../../../bpf/elf/object/index.ts';
import { writeObject } from '../../../../bpf/elf/write/index.ts';
import { LineTable } from '../../../../bpf/elf/write/line-table.ts';
import type { BpfFunction, BpfObject, BpfProgram } from '../../../../bpf/object.ts';
import { objectBytes } from '../support.ts';

const read = (name: string, unlinked = false): ReadObjectResult =>
  readObject(objectBytes(name), name, { unlinked });
const object = (name: string): BpfObject => read(name).object;
const references = ({ instructions }: BpfFunction): readonly string[] =>
  instructions.flatMap(({ ref }) => {
    if (ref === undefined) return [];
    return [ref.kind === 'map-value' ? `${ref.name}+${ref.offset}` : `${ref.kind} ${ref.name}`];
  });

describe('programs', () => {
  test('are in the order of their sections, some not loaded by default', () => {
    const { programs, license } = object('programs.o');
    expect(license).toBe('GPL');
    expect(programs.map(({ name, section, autoload }) => [name, section, autoload])).toEqual([
      ['one', 'tp/sched/sched_switch', undefined],
      ['three', 'tp/sched/sched_switch', undefined],
      ['five', 'tp/sched/sched_switch', undefined],
      ['two', 'raw_tp/sched_switch', undefined],
      ['four', 'raw_tp/sched_switch', false],
    ]);
    expect(programs[0]).toMatchObject({
      type: 'tracepoint',
      attach: [{ kind: 'tracepoint', system: 'sched', event: 'sched_switch' }],
      linkage: 'global',
    });
  });

  test('are kept where the section name tells no type, or no point', () => {
    const entry = (name: string, section: string): BpfProgram => ({
      name,
      type: 'unspec',
      section,
      attach: [],
      instructions: [
        { op: 'mov64_k', dst: 0, src: 0, off: 0, imm: 0 },
        { op: 'exit', dst: 0, src: 0, off: 0, imm: 0 },
      ],
    });
    const odd: readonly BpfProgram[] = [
      entry('classifier', 'classifier/foo'),
      { ...entry('longer', 'xdpfoo'), autoload: false },
      entry('hot', '.text.hot'),
    ];
    const known: readonly BpfProgram[] = [
      { ...entry('wildcard', 'kretprobe/vfs_*'), type: 'kprobe' },
      {
        ...entry('asleep', 'fentry.s/vfs_read'),
        type: 'tracing',
        attach: [{ kind: 'fentry', function: 'vfs_read' }],
        sleepable: true,
      },
    ];
    const made = { ...object('programs.o'), functions: [], programs: [...odd, ...known] };
    const { object: read, warnings } = readObject(writeObject(made), 'odd.o');
    expect(read.functions).toEqual([]);
    const plain = read.programs.map(({ linkage, btfId, ...program }) => program);
    expect(plain).toEqual([...odd, ...known]);
    const untyped = 'the name tells no program type: libbpf refuses to load its programs';
    expect(warnings).toEqual([
      `classifier/foo+0: ${untyped}`,
      `?xdpfoo+0: ${untyped}`,
      `.text.hot+0: ${untyped}`,
      "kretprobe/vfs_*+0: its programs attach to nothing: 'vfs_*' is not of the form FUNCTION[+OFFSET]",
    ]);
  });

  test('call subprograms of .text', () => {
    const { programs, functions } = object('subprograms.o');
    expect(functions.map(({ name, linkage }) => [name, linkage])).toEqual([
      ['sum', 'static'],
      ['twice', 'static'],
      ['deep', 'static'],
    ]);
    expect(references(programs[0]!)).toEqual(['function sum', 'function twice']);
    // Calls inside .text have no relocation.
    expect(references(functions[0]!)).toEqual(['function twice', 'function twice']);
  });

  test('have types and linkage', () => {
    const { functions, btf } = object('global-functions.o');
    const facts = functions.map(({ name, linkage, weak, btfId }) => [
      name,
      linkage,
      weak,
      btf!.nameOf(btfId!),
    ]);
    expect(facts).toEqual([
      ['scaled', 'global', undefined, 'scaled'],
      ['replaceable', 'global', true, 'replaceable'],
      ['hidden', 'static', undefined, 'hidden'],
    ]);
    // Hidden from other objects is static to the kernel.
    expect(btf!.type(btf!.find('hidden', 'func')!)).toMatchObject({ linkage: 'static' });
    expect(btf!.type(btf!.find('shared', 'var')!)).toMatchObject({ linkage: 'static' });
    expect(btf!.type(btf!.find('scaled', 'func')!)).toMatchObject({ linkage: 'global' });
  });

  test('take addresses of callbacks', () => {
    const { programs } = object('callbacks.o');
    expect(references(programs[0]!)).toEqual([
      'map numbers',
      'map numbers',
      'map numbers',
      'map numbers',
      'function each',
      'function step',
    ]);
  });

  test('may come without types', () => {
    const { object: plain, warnings } = read('programs.plain.o');
    expect(plain.btf).toBeUndefined();
    expect(plain.sources).toEqual([]);
    expect(warnings).toEqual([]);
    expect(plain.programs.map(({ name }) => name)).toEqual(['one', 'three', 'five', 'two', 'four']);
    expect(references(plain.programs[0]!)).toEqual(['.bss+0']);
    expect(plain.maps).toEqual([
      { name: '.bss', type: 'array', keySize: 4, valueSize: 4, maxEntries: 1, flags: 0 },
    ]);
  });

  test('are named apart when static functions of two files have one name', () => {
    const { functions } = object('linked.o');
    expect(functions.map(({ name }) => name)).toEqual(['local', 'add', 'local.1']);
    expect(references(functions[1]!)).toContain('function local.1');
  });
});

describe('maps', () => {
  test('have static values', () => {
    const outer = object('array-of-maps.o').maps.find(({ name }) => name === 'outer')!;
    expect(outer.slots).toEqual([
      { index: 1, target: { kind: 'map', name: 'first' } },
      { index: 6, target: { kind: 'map', name: 'second' } },
      { index: 7, target: { kind: 'map', name: 'first' } },
    ]);
    expect(outer).toMatchObject({ valueSize: 4, inner: { type: 'array', keySize: 4, valueSize: 8 } });
    const steps = object('program-array.o').maps.find(({ name }) => name === 'steps')!;
    expect(steps.slots).toEqual([
      { index: 0, target: { kind: 'program', name: 'first' } },
      { index: 3, target: { kind: 'program', name: 'second' } },
    ]);
  });

  test('of data have the flags and types that libbpf gives them', () => {
    const { maps, btf, data } = object('data.o');
    const facts = maps.map(({ name, valueSize, flags, btf: types }) => {
      return [name, valueSize, flags, btf!.nameOf(types!.value)];
    });
    expect(facts).toEqual([
      ['.data', 8, 0x400, '.data'],
      ['.rodata', expect.any(Number), 0x480, '.rodata'],
      ['.bss', 32, 0x400, '.bss'],
    ]);
    expect([...data.keys()]).toEqual(['.data', '.rodata']);
    expect(new DataView(data.get('.data')!.buffer, data.get('.data')!.byteOffset).getInt32(0, true)).toBe(40);
  });

  test('have offsets of variables that clang leaves open', () => {
    const { btf } = object('data.o');
    const bss = btf!.type(btf!.find('.bss', 'datasec')!);
    if (bss.kind !== 'datasec') throw new Error(bss.kind);
    expect(bss.size).toBe(32);
    expect(bss.variables.map(({ type, offset }) => [btf!.nameOf(type), offset])).toEqual([
      ['zeros', 0],
      ['static_zero', 24],
    ]);
  });

  test('of before libbpf 1.0', () => {
    expect(object('legacy-maps.o').maps).toEqual([
      { name: 'counts', type: 'hash', keySize: 4, valueSize: 8, maxEntries: 100, flags: 0 },
      { name: 'flags', type: 'array', keySize: 4, valueSize: 16, maxEntries: 2, flags: 0x80 },
    ]);
  });

  test('of operations have their programs and the rest of the structure', () => {
    const { maps, data } = object('struct-ops.o');
    expect(maps).toMatchObject([
      {
        name: 'sample',
        type: 'struct_ops',
        slots: [
          { index: 2, target: { kind: 'program', name: 'threshold' } },
          { index: 4, target: { kind: 'program', name: 'undo' } },
        ],
      },
    ]);
    expect(new TextDecoder().decode(data.get('sample')!.subarray(0, 6))).toBe('sample');
  });

  test('of literals are maps too', () => {
    const { maps, data, programs } = object('strings.o');
    expect(maps.map(({ name }) => name)).toEqual(['texts', '.rodata', '.rodata.str1.1']);
    expect(new TextDecoder().decode(data.get('.rodata.str1.1'))).toBe('a literal\0another literal\0');
    expect(references(programs[0]!)).toContain('.rodata.str1.1+10');
  });
});

describe('externs', () => {
  test('of the configuration are laid out as libbpf does', () => {
    const { externs, maps, programs } = object('kconfig.o');
    expect(
      externs!.map((one) => one.kind === 'kconfig' && [one.name, one.offset, one.size, one.weak]),
    ).toEqual([
      ['CONFIG_NR_CPUS', 0, 8, false],
      ['CONFIG_IPV6', 8, 4, false],
      ['CONFIG_NO_SUCH_MODULE', 12, 4, true],
      ['CONFIG_NO_SUCH_OPTION', 16, 4, true],
      ['LINUX_KERNEL_VERSION', 20, 4, false],
      ['CONFIG_HZ', 24, 2, false],
      ['CONFIG_BPF_JIT', 26, 1, false],
      ['CONFIG_BPF_SYSCALL', 27, 1, false],
      ['CONFIG_DEFAULT_HOSTNAME', 28, 32, false],
    ]);
    expect(maps.at(-1)).toMatchObject({ name: '.kconfig', valueSize: 60, flags: 0x480 });
    expect(references(programs[0]!)).toContain('.kconfig+24');
  });

  test('are functions of the kernel', () => {
    const { externs, programs } = object('kfuncs.o');
    expect(externs!.map(({ kind, name, weak }) => [kind, name, weak])).toEqual([
      ['kfunc', 'bpf_task_acquire', false],
      ['kfunc', 'bpf_task_release', false],
      ['kfunc', 'no_such_function', true],
    ]);
    expect(references(programs[0]!)).toEqual([
      'kfunc bpf_task_acquire',
      'kfunc bpf_task_release',
      'ksym no_such_function',
      'kfunc no_such_function',
    ]);
  });

  test('may be of another object, when that is asked for', () => {
    const { object: half } = read('link-main.o', true);
    expect(half.externs!.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'unlinked add',
      'unlinked shared_counter',
      'unlinked shared_map',
    ]);
    expect(references(half.programs[0]!)).toEqual([
      'function add',
      'ksym shared_map',
      '.data+0',
      'ksym shared_counter',
      'function local',
    ]);
    expect(() => read('link-main.o')).toThrow('symbol add is of another object: bpfkit link them first');
  });
});

describe('source lines and CO-RE', () => {
  test('each instruction knows its line and column', () => {
    const { programs, sources } = object('core-fields.o');
    expect(sources.map(({ name }) => name)).toEqual(['./tests/objects/core-fields.c']);
    const direct = programs.find(({ name }) => name === 'direct')!;
    const places = direct.instructions.map(({ span }) => new LineTable(sources[0]!).at(span!));
    expect(places.map(({ line, column }) => [line, column])).toEqual([
      [40, 38],
      [41, 28],
      [41, 16],
      [41, 36],
      [41, 20],
      [41, 3],
    ]);
    expect(places[0]!.text).toBe('  struct task_struct *task = (void *)ctx[1];');
  });

  test('instructions have their relocations', () => {
    const { programs, btf } = object('core-fields.o');
    const cores = programs[1]!.instructions.flatMap(({ op, core }) =>
      core === undefined ? [] : [[op, core.kind, btf!.nameOf(core.type), core.access]],
    );
    expect(cores).toEqual([
      ['ldx64', 'field_byte_offset', 'task_struct', '0:2'],
      ['ldx32', 'field_byte_offset', 'task_struct', '0:0'],
      ['ldx32', 'field_byte_offset', 'task_struct', '0:1'],
    ]);
  });
});

describe('what is no part of an object', () => {
  test('sections of others are kept', () => {
    const { sections, warnings } = read('foreign.o');
    expect([...sections.keys()]).toEqual(['my_notes']);
    expect(new TextDecoder().decode(sections.get('my_notes'))).toBe('kept as it is\0');
    expect(warnings).toEqual([]);
  });

  test('an address in data is told', () => {
    expect(read('addresses.o').warnings).toEqual([
      '.data+0: holds an address, which libbpf leaves as it stands in the file',
    ]);
  });
});

test('big-endian objects are the same', () => {
  const little = object('data.o');
  const big = object('data.big.o');
  expect(big.endian).toBe('big');
  expect(big.maps).toEqual(little.maps);
  expect(references(big.programs[0]!)).toEqual(references(little.programs[0]!));
  expect(big.programs[0]!.instructions.map(({ op }) => op)).toEqual(
    little.programs[0]!.instructions.map(({ op }) => op),
  );
});

test.each([
  ['prog', '.data', 'prog.data'],
  ['a_long_object_name', '.rodata', 'a_long_o.rodata'],
  ['a_long_object_name', '.bss', 'a_long_o.bss'],
  ['my-object', '.bss', 'my_objec.bss'],
  ['prog', '.data.mine', '.data.mine'],
  ['prog', '.rodata.str1.1', '.rodata.str1.1'],
  ['prog', '.data.a_very_long_section', '.data.a_very_lo'],
])('%s%s is %s to the kernel', (name, section, expected) => {
  expect(kernelMapName(name, section)).toBe(expected);
});
