/** C text: what it defines, where members lie (tests/linux/c-definitions.test.ts asks clang), and what is said of mistakes. */
import { describe, expect, test } from 'vitest';
import type { Btf } from '../../../bpf/btf/btf.ts';
import { typeName } from '../../../bpf/btf/type-name.ts';
import { DiagnosticList } from '../../../bpf/diagnostic.ts';
import { type CConstant, type CDefinitions, readDefinitions } from '../../../compiler/c/definitions.ts';
import { LineIndex } from '../../../compiler/diagnostics/line-index.ts';
import { SourceList } from '../../../compiler/sources.ts';
import { bundledSnapshot, openSnapshotFile } from '../../../runtime/node/snapshot-file.ts';
import { goldenTests } from '../../golden.ts';
import { memoryFiles } from '../memory-files.ts';

interface Read extends CDefinitions {
  readonly said: readonly string[];
}

interface Options {
  readonly files?: Readonly<Record<string, string>>;
  readonly folders?: readonly string[];
  readonly before?: readonly string[];
  readonly btf?: Btf | undefined;
}

function read(text: string, { files = {}, folders = [], before = [], btf }: Options = {}): Read {
  const sink = new DiagnosticList();
  const sources = new SourceList({ name: 'script.bt', text });
  const definition = { kind: 'c-type', text, span: { source: 0, start: 0, end: text.length } } as const;
  const definitions = readDefinitions([{ kind: 'text', definition }], {
    sources,
    files: memoryFiles(files),
    includeFolders: folders,
    includeFiles: before,
    kernel: { name: 'the test kernel', ...(btf && { btf }) },
    sink,
  });
  const said = sink.items.map(({ severity, code, message, span }) => {
    const source = span && sources.list[span.source];
    const at = source && new LineIndex(source).position(span.start);
    const place = at ? `${source.name}:${at.line}:${at.column}` : '-';
    return `${severity} ${code} ${place} [${source?.text.slice(span?.start, span?.end)}] ${message}`;
  });
  return { ...definitions, said };
}

goldenTests('c/definitions.txt', ({ input, options }) =>
  describeDefinitions(read(input, options as Options)),
);

function describeDefinitions({ btf, macros, said }: Read): string {
  const types: string[] = [];
  for (let id = btf?.firstId ?? 1; btf !== undefined && id < btf.end; id++) {
    const line = describeType(btf, id);
    if (line !== undefined) types.push(line);
  }
  const values = [...macros].map(([name, value]) => `${name} = ${describeConstant(value)}`);
  return [...types, ...values, ...said].join('\n');
}

function describeType(btf: Btf, id: number): string | undefined {
  const type = btf.type(id);
  switch (type.kind) {
    case 'struct':
    case 'union': {
      const members = type.members.map(
        ({ name, type: of, bitOffset, bitSize }) =>
          `${name || '-'} ${bitOffset}${bitSize > 0 ? `:${bitSize}` : ''} ${typeName(btf, of)}`,
      );
      return `${type.kind} ${type.name || id} ${type.size} { ${members.join('; ')} }`;
    }
    case 'enum':
    case 'enum64': {
      const values = type.values.map(({ name, value }) => `${name} ${value}`);
      return `${type.kind} ${type.name || id} ${type.size}${type.signed ? ' signed' : ''} { ${values.join('; ')} }`;
    }
    case 'typedef':
      return `typedef ${type.name} ${typeName(btf, type.type)}`;
    default:
      return undefined;
  }
}

function describeConstant(value: CConstant): string {
  switch (value.kind) {
    case 'integer':
      return String(value.value);
    case 'string':
      return JSON.stringify(new TextDecoder().decode(value.bytes));
    case 'text':
      return `text ${value.text}`;
  }
}

describe('bounds', () => {
  test('macros that double at every step end with a complaint', () => {
    const lines = ['#define a0 x x'];
    for (let at = 1; at < 64; at++) lines.push(`#define a${at} a${at - 1} a${at - 1}`);
    const { said } = read(`${lines.join('\n')}\nint a[a63];`);
    expect(said.join()).toContain('expand to more than');
  });

  test('text as large as a kernel header is read in time linear in it', () => {
    const one = (index: number): string =>
      `struct s${index} { int a; char b[${index}]; struct s${index} *next; };\n`;
    const text = Array.from({ length: 5000 }, (_, index) => one(index)).join('');
    const { btf, said } = read(text);
    expect(said).toEqual([]);
    expect(btf?.find('s4999', 'struct')).toBeDefined();
  });

  test('deep nesting is refused, and no stack runs out', () => {
    const deep = 'struct { '.repeat(5000);
    expect(read(`struct a { ${deep}`).said[0]).toContain('less nesting');
    expect(read(`#if ${'('.repeat(50_000)}1\n#endif`).said[0]).toContain('less nesting');
    expect(read(`int a[${'~'.repeat(50_000)}1];`).said[0]).toContain('less nesting');
  });
});

describe('2.2 headers of the kernel', () => {
  const { btf } = openSnapshotFile(bundledSnapshot('linux-6.1')!);
  const text = `#include <linux/sched.h>
    #include <net/sock.h>
    #ifdef BPFTRACE_HAVE_BTF
    struct mine { struct list_head list; struct task_struct *task; pid_t pid; enum pid_type type; char name[TASK_COMM_LEN]; };
    #endif
    struct task_struct { int own; };`;

  test('are answered by its types, which is said once', () => {
    const { btf: own, macros, said } = read(text, { btf });
    expect(said).toEqual([
      "note BT0632 script.bt:1:10 [<linux/sched.h>] headers such as 'linux/sched.h' are not read: the types of the test kernel answer in their place",
    ]);
    const mine = own?.type(own.find('mine', 'struct')!);
    expect(mine).toMatchObject({ size: 48, members: [{}, {}, { bitOffset: 192 }, { bitOffset: 224 }, {}] });
    expect(macros.get('AF_INET6')).toMatchObject({ kind: 'integer', value: 10n });
  });

  test('a definition of the script is its own, and refers to the kernel’s types by their ids', () => {
    const { btf: own } = read(text, { btf });
    const tasks = own!.findAll('task_struct').filter((id) => id >= own!.firstId);
    expect(tasks.map((id) => own!.type(id))).toMatchObject([{ kind: 'struct', size: 4 }]);
    const mine = own!.type(own!.find('mine', 'struct')!);
    const [list] = 'members' in mine ? mine.members : [];
    expect(list && 'type' in list && list.type).toBe(btf!.find('list_head', 'struct'));
  });
});
