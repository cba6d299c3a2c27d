/** Structs and pointers on the interpreter, over kernel and user memory made for the test. */
import { describe, expect, test } from 'vitest';
import { helperById } from '../../../bpf/helpers/lookup.ts';
import { profileFor } from '../../../bpf/profiles/index.ts';
import { type CompileResult, compile } from '../../../compiler/compile.ts';
import { jsonOf } from '../../../runtime/output/json-sink.ts';
import { textOf } from '../../../runtime/output/text-value.ts';
import { createMachine, KERNEL_TAG, type Machine, USER_TAG } from '../../../vm/index.ts';
import { context } from '../../runtime/output/support.ts';
import { describeDiagnostics, testKernel } from '../support.ts';

const DEFINITIONS = `
struct inner { unsigned short a; unsigned short b[2]; };
struct node {
  struct node *next;
  char name[8];
  int values[4];
  unsigned low : 3;
  int high : 5;
  union { unsigned number; unsigned char bytes[4]; };
  struct inner inner;
  float weight;
};
`;

/** Bytes of a node: next 0, name 8, values 16, bits 32, number 36, inner 40, weight 48, all 56. */
function writeNode(machine: Machine, at: number, next: bigint, name: string): void {
  const { view, u8 } = machine.memory;
  view.setBigUint64(at, next, true);
  u8.set(new TextEncoder().encode(name), at + 8);
  [10, -20, 30, 40].forEach((value, index) => {
    view.setInt32(at + 16 + 4 * index, value, true);
  });
  view.setUint32(at + 32, 0b11101_101, true);
  view.setUint32(at + 36, 0x04030201, true);
  [7, 8, 9].forEach((value, index) => {
    view.setUint16(at + 40 + 2 * index, value, true);
  });
}

function tagged(tag: number, address: number): bigint {
  return (BigInt(tag >>> 0) << 32n) | BigInt(address);
}

interface Outcome {
  readonly text: Readonly<Record<string, string>>;
  readonly json: Readonly<Record<string, string>>;
  readonly errors: string;
}

function build(text: string, release: '6.1' | '5.4' = '6.1'): CompileResult {
  return compile({
    source: { name: 'stdin', text },
    target: profileFor(release),
    kernel: testKernel(),
    env: {},
  });
}

/** Runs a begin probe where KERNEL and USER stand for the addresses of two nodes, each pointing to a second one. */
function run(body: string, release: '6.1' | '5.4' = '6.1'): Outcome {
  const machine = createMachine({ memoryLimit: 64 << 20 });
  const place = (kind: 'context' | 'user', tag: number): bigint => {
    const start = machine.memory.allocateRegion(128, { kind, label: kind });
    writeNode(machine, start, tagged(tag, start + 56), kind === 'user' ? 'user' : 'first');
    writeNode(machine, start + 56, 0n, 'second');
    return tagged(tag, start);
  };
  const [kernel, user] = [place('context', KERNEL_TAG), place('user', USER_TAG)];
  const script = `${DEFINITIONS} ${body.replaceAll('KERNEL', String(kernel)).replaceAll('USER', String(user))}`;
  const result = build(script, release);
  if (result.object === undefined) throw new Error(describeDiagnostics(script, result));
  const image = machine.load(result.object);
  const stage = machine.memory.allocateRegion(64, { kind: 'context', label: 'context' });
  for (const { name } of result.object.programs) machine.run(image.programs.get(name)!, 0, stage);
  const cells = result.info!.maps.flatMap(({ name, value }) => {
    const [entry] = [...image.maps.get(name)!.entries()];
    return entry === undefined ? [] : [{ name, cell: { type: value, bytes: entry.value, offset: 0 } }];
  });
  return {
    text: Object.fromEntries(cells.map(({ name, cell }) => [name, textOf(cell, context)])),
    json: Object.fromEntries(cells.map(({ name, cell }) => [name, jsonOf(cell, context)])),
    errors: describeDiagnostics(script, result),
  };
}

describe('fields behind pointers (language.md 2.5)', () => {
  test('numbers with their sign, text, elements, bitfields, members of unions without a name', () => {
    const { text } = run(`BEGIN { $n = (struct node *)KERNEL;
      @first = $n->values[0]; @second = $n.values[1]; @name = $n->name; @low = $n->low; @high = $n->high;
      @number = $n->number; @byte = $n->bytes[2]; @inner = $n->inner.b[1]; @letter = $n->name[1];
      $i = 1; @at = $n->values[$i]; @of = $n->inner.b[$i]; @next = $n->next->name; @nothing = $n->next->next->name; }`);
    expect(text).toEqual({
      '@first': '10',
      '@second': '-20',
      '@name': 'first',
      '@low': '5',
      '@high': '-3',
      '@number': String(0x04030201),
      '@byte': '3',
      '@inner': '9',
      '@letter': String('i'.charCodeAt(0)),
      '@at': '-20',
      '@of': '9',
      '@next': 'second',
      '@nothing': '',
    });
  });

  test('an index beyond the end is read all the same, with a warning at run time', () => {
    const { text } = run(`BEGIN { $n = (struct node *)KERNEL; $i = 5; @x = $n->values[$i]; }`);
    expect(text).toEqual({ '@x': String(0x04030201) });
  });

  test('pointers step by what they lead to, and are compared', () => {
    const { text } = run(`BEGIN { $n = (struct node *)KERNEL; $v = (int32 *)((uint64)$n + 16);
      @deref = *$v; @plus = *($v + 2); @swapped = *(1 + $v); @minus = *(($v + 3) - 2); @index = $v[3];
      @node = ($n + 1)->name; @one = $n[1].name; @same = $n + 1 == $n->next; @whole = (*$n).values[2];
      $s = $v; $s++; @after = *$s; @old = *($s--); @p = $v; @p++; ++@p; @kept = *@p; $s += 3; @far = *$s; }`);
    expect(text).toMatchObject({
      '@deref': '10',
      '@plus': '30',
      '@swapped': '-20',
      '@minus': '-20',
      '@index': '40',
      '@node': 'second',
      '@one': 'second',
      '@same': 'true',
      '@whole': '30',
      '@after': '-20',
      '@old': '-20',
      '@kept': '30',
      '@far': '40',
    });
  });
});

describe('structs as values (language.md 2.12, 2.14)', () => {
  const NODE =
    '{ .next = 0x0, .name = second, .values = [10,-20,30,40], .low = 5, .high = -3, .number = 67305985, .bytes = [1,2,3,4], .inner = { .a = 7, .b = [8,9] }, .weight = null }';

  test('are kept in variables, maps and tuples, and printed', () => {
    const { text, json } = run(`BEGIN { $n = *((struct node *)KERNEL)->next; @whole = $n; @copy = @whole;
      @inner = $n.inner; @field = @whole.values[1]; @bit = $n.high; @tuple = (1, $n.inner, $n.low);
      $i = 2; @dynamic = $n.values[$i]; @part = @whole.inner.b; }`);
    expect(text).toEqual({
      '@whole': NODE,
      '@copy': NODE,
      '@inner': '{ .a = 7, .b = [8,9] }',
      '@field': '-20',
      '@bit': '-3',
      '@tuple': '(1, { .a = 7, .b = [8,9] }, 5)',
      '@dynamic': '30',
      '@part': '[8,9]',
    });
    expect(json['@inner']).toBe('{"a": 7, "b": [8,9]}');
    expect(JSON.parse(json['@whole']!)).toMatchObject({ name: 'second', weight: null, high: -3 });
  });

  test('a part of what a map holds is read where it is', () => {
    const { text } =
      run(`BEGIN { $n = (struct node *)KERNEL; @m[1] = *$n; @t[2] = (1, $n->inner, (a = 5, b = $n->name));
      @whole = *$n; @bit = @m[1].high; @element = @whole.values[1]; @nested = @m[1].inner.b[1];
      @tuple = @t[2].1.a; @record = @t[2].2.a; @text = @m[1].name; @absent = @m[9].high; @letter = @m[1].name[1]; }`);
    expect(text).toMatchObject({
      '@bit': '-3',
      '@element': '-20',
      '@nested': '9',
      '@tuple': '7',
      '@record': '5',
      '@text': 'first',
      '@absent': '0',
      '@letter': String('i'.charCodeAt(0)),
    });
  });

  test('are keys of maps', () => {
    const { text } = run(`BEGIN { $n = (struct node *)KERNEL; @seen[$n->inner] = 1;
      @found = @seen[$n->next->inner]; @pair[$n->inner, $n->name] = 2; @again = @pair[$n->inner, $n->name]; }`);
    expect(text).toMatchObject({ '@found': '1', '@again': '2' });
  });
});

describe('address spaces travel with pointers (language.md 2.6, 7.21)', () => {
  test('the helper follows the pointer, also through a map, not the probe that reads', () => {
    const { text } =
      run(`tracepoint:syscalls:sys_enter_openat { $u = (struct node *)USER; @kept = $u; @direct = $u->name; }
      BEGIN { @through = @kept->name; @further = @kept->next->name; @number = @kept->values[1];
        @k = ((struct node *)KERNEL)->name; $cast = (struct inner *)((int8 *)@kept + 40); @cast = $cast->b[0]; }`);
    expect(text).toMatchObject({
      '@direct': 'user',
      '@through': 'user',
      '@further': 'second',
      '@number': '-20',
      '@k': 'first',
      '@cast': '8',
    });
  });

  test('user memory is not read as the kernel’s', () => {
    expect(run(`BEGIN { @x = ((struct node *)USER)->values[0]; }`).text).toEqual({ '@x': '0' });
  });

  test('pointers to the two are not one variable', () => {
    expect(() =>
      run(
        `tracepoint:syscalls:sys_enter_openat { @u = (struct node *)USER; } BEGIN { $p = (struct node *)KERNEL; $p = @u; }`,
      ),
    ).toThrow(
      /'struct node \* \(user memory\)' when variable already has a type 'struct node \* \(kernel memory\)'/,
    );
  });

  test.each([
    ['6.1', ['probe_read_kernel']],
    ['5.4', ['probe_read']],
  ] as const)('Linux %s reads by %s', (release, helpers) => {
    const script = `${DEFINITIONS} BEGIN { @x = ((struct node *)5)->next->values[1]; }`;
    const calls = build(script, release).object!.programs[0]!.instructions.flatMap(({ op, src, imm }) =>
      op === 'call' && src === 0 ? [helperById(imm)!.name] : [],
    );
    expect([...new Set(calls.filter((name) => name.startsWith('probe_read')))]).toEqual(helpers);
  });
});

describe('addresses of the script’s own values (language.md 2.5)', () => {
  test('& of variables and map values', () => {
    const { text } = run(`BEGIN { $x = 1; $p = &$x; $x = 77; @through = *$p; @m = 42; @value = *(&@m);
      $k = @k; @absent = (uint64)&@k; if ($k == 1) { @k = 2; } $n = *((struct node *)KERNEL); $q = &$n; @field = $q->values[2]; }`);
    expect(text).toMatchObject({ '@through': '77', '@value': '42', '@absent': '0', '@field': '30' });
  });
});

describe('casts (language.md 2.6, 7.22)', () => {
  test('integers and arrays keep their bytes in the machine’s order', () => {
    const { text } =
      run(`BEGIN { $n = (struct node *)KERNEL; @bytes = (uint8[])$n->number; @halves = (uint16[2])$n->number;
      @number = (uint32)$n->bytes; @again = (uint32)(uint8[])(uint32)513; @text = (int8[4])"ab"; @all = (int8[])"ab";
      @other = (uint16[2])$n->bytes; @pointer = (uint64)$n == KERNEL; @long = (uint8[8])300; }`);
    expect(text).toEqual({
      '@bytes': '[1,2,3,4]',
      '@halves': '[513,1027]',
      '@number': '67305985',
      '@again': '513',
      '@text': '[97,98,0,0]',
      '@all': '[97,98,0]',
      '@other': '[513,1027]',
      '@pointer': 'true',
      '@long': '[44,1,0,0,0,0,0,0]',
    });
  });
});

test('sizeof and offsetof, with nested members (language.md 2.5)', () => {
  const { text } =
    run(`BEGIN { $n = (struct node *)KERNEL; @size = sizeof(struct node); @pointer = sizeof($n);
    @target = sizeof(*$n); @member = sizeof($n->values); @offset = offsetof(struct node, inner.b);
    @union = offsetof(struct node, bytes); @expression = offsetof(*$n, values); }`);
  expect(text).toEqual({
    '@size': '56',
    '@pointer': '8',
    '@target': '56',
    '@member': '16',
    '@offset': '42',
    '@union': '36',
    '@expression': '16',
  });
});

test('container_of gives the struct around a member (language.md 2.10)', () => {
  const { text } =
    run(`tracepoint:syscalls:sys_enter_openat { $b = (uint16 *)(USER + 42); $n = container_of($b, struct node, inner.b);
      @user = $n->name; }
    BEGIN { $n = (struct node *)KERNEL; $i = (struct inner *)((uint64)$n + 40); @first = container_of($i, struct node, inner)->name;
      @next = container_of($i, struct node, inner)->next->name; }`);
  expect(text).toEqual({ '@user': 'user', '@first': 'first', '@next': 'second' });
});

test('kptr and uptr say which memory an address is of (language.md 2.10)', () => {
  const { text } =
    run(`BEGIN { $u = uptr((struct node *)USER); @user = $u->name; @next = $u->next->name; @text = str(uptr(USER + 8)); }
    tracepoint:syscalls:sys_enter_openat { $k = kptr((struct node *)KERNEL); @kernel = $k->name; }`);
  expect(text).toEqual({ '@user': 'user', '@next': 'second', '@text': 'user', '@kernel': 'first' });
});
