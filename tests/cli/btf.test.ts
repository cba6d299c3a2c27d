import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readBtf } from '../../bpf/btf/read.ts';
import { cli } from './support.ts';

describe('bpfkit btf', () => {
  let folder = '';
  const path = (name: string): string => join(folder, name);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bpfkit-btf-'));
    writeFileSync(path('t.btf'), sample());
    writeFileSync(path('t.btf.gz'), gzipSync(sample()));
    writeFileSync(path('module.btf'), module());
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test('the sample is what its reader takes', () => {
    expect(readBtf(sample()).find('task', 'struct')).toBe(3);
  });

  test.each(['t.btf', 't.btf.gz'])('prints %s as a header', async (name) => {
    const { code, stdout, stderr } = await cli(['btf', path(name)]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^#ifndef __VMLINUX_H__\n/);
    expect(stdout).toContain(
      'struct task {\n\tint pid;\n\tstruct task *parent;\n};\n\ntypedef struct task task_t;\n',
    );
    expect(stdout).toMatch(/#endif \/\* __VMLINUX_H__ \*\/\n$/);
  });

  test('prints from the snapshot that comes along', async () => {
    expect(await cli(['btf', 'linux-6.1', 'list_head', 'vfs_fsync'])).toMatchObject({
      code: 0,
      stdout:
        'struct list_head {\n\tstruct list_head *next;\n\tstruct list_head *prev;\n};\n\nstatic int vfs_fsync(struct file *file, int datasync);\n',
    });
  });

  test.each([
    [['task'], 'struct task {\n\tint pid;\n\tstruct task *parent;\n};\n'],
    [['struct', 'task'], 'struct task {\n\tint pid;\n\tstruct task *parent;\n};\n'],
    [['struct task'], 'struct task {\n\tint pid;\n\tstruct task *parent;\n};\n'],
    [['task_*'], 'typedef struct task task_t;\n'],
    [
      ['task_t', '--deps'],
      'struct task {\n\tint pid;\n\tstruct task *parent;\n};\n\ntypedef struct task task_t;\n',
    ],
    [['wake'], 'static int wake(struct task *who);\n'],
    [['wake', '--deps'], 'struct task;\n\nstatic int wake(struct task *who);\n'],
    [['5'], 'typedef struct task task_t;\n'],
  ])('prints %j', async (names, text) => {
    expect(await cli(['btf', path('t.btf'), ...names])).toEqual({ code: 0, stdout: text, stderr: '' });
  });

  test('prints the table as it is', async () => {
    const { stdout } = await cli(['btf', path('t.btf'), '--raw', '1', 'task', 'wake']);
    expect(stdout).toBe(
      [
        "[1] INT 'int' size=4 bits_offset=0 nr_bits=32 encoding=SIGNED",
        "[3] STRUCT 'task' size=16 vlen=2",
        "\t'pid' type_id=1 bits_offset=0",
        "\t'parent' type_id=4 bits_offset=64",
        "[7] FUNC 'wake' type_id=6 linkage=static",
        '',
      ].join('\n'),
    );
  });

  test('prints the table as data', async () => {
    const { stdout } = await cli(['btf', path('t.btf'), '--json']);
    const { types } = JSON.parse(stdout) as { types: { id: number; kind: string; name: string }[] };
    expect(types.map(({ id, kind, name }) => `${id} ${kind} ${name}`)).toEqual([
      '1 INT int',
      '2 CONST (anon)',
      '3 STRUCT task',
      '4 PTR (anon)',
      '5 TYPEDEF task_t',
      '6 FUNC_PROTO (anon)',
      '7 FUNC wake',
    ]);
  });

  test('prints the layout', async () => {
    const { stdout } = await cli(['btf', path('t.btf'), 'task_t', '--layout']);
    expect(stdout).toBe(`struct task {
	int                        pid;                  /*     0     4 */

	/* XXX 4 bytes hole, try to pack */

	struct task *              parent;               /*     8     8 */

	/* size: 16, cachelines: 1, members: 2 */
	/* sum members: 12, holes: 1, sum holes: 4 */
	/* last cacheline: 16 bytes */
};
`);
  });

  test('a module is read on its base, and gives its own types', async () => {
    const { code, stdout } = await cli(['btf', path('module.btf'), '--base', path('t.btf')]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^#ifndef __MODULE_H__\n/);
    expect(stdout).toContain('typedef struct task *task_ptr_t;');
    expect(stdout).not.toContain('struct task {');
    const alone = await cli(['btf', path('module.btf')]);
    expect(alone.code).toBe(1);
    expect(alone.stderr).toMatch(/^ERROR: '.*module\.btf': BTF: byte \d+: .*--base\n$/);
  });

  test.each([
    [['t.btf', 'taks'], /^ERROR: '.*' has no type, function or variable 'taks'; did you mean 'task'\?\n$/],
    [['t.btf', 'union task'], /^ERROR: '.*' has no union task\n$/],
    [['t.btf', 'class task'], /^ERROR: '.*' has no type, function or variable 'class task'\n$/],
    [['t.btf', '99'], /^ERROR: '.*' has no type 99: its types are 1 to 7\n$/],
    [['t.btf', '--raw', '--json'], /^ERROR: --raw and --json are two forms: choose one\n$/],
    [['t.btf', '--raw', '--deps'], /^ERROR: --deps is for C, and --raw is not C\n$/],
    [
      ['t.btf', 'task', '--variables'],
      /^ERROR: --variables adds to the dump of a whole file as C: leave out the names\n$/,
    ],
    [['t.btf', 'int', '--layout'], /^ERROR: 'int' is a int, and only structs and unions have a layout\n$/],
    [['none.btf'], /^ERROR: Failed to open file '.*none\.btf': No such file or directory\n$/],
  ])('refuses %j', async ([name, ...rest], message) => {
    const { code, stdout, stderr } = await cli(['btf', path(name!), ...rest]);
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });
});

/** `struct task { int pid; struct task *parent; }; typedef struct task task_t; static int wake(struct task *who);` */
function sample(): Uint8Array {
  const names = new Strings(1);
  const kind = (number: number, count = 0): number => (number << 24) | count;
  return btf(
    [
      [names.at('int'), kind(1), 4, (1 << 24) | 32],
      [0, kind(10), 1],
      [names.at('task'), kind(4, 2), 16, names.at('pid'), 1, 0, names.at('parent'), 4, 64],
      [0, kind(2), 3],
      [names.at('task_t'), kind(8), 3],
      [0, kind(13, 1), 1, names.at('who'), 4],
      [names.at('wake'), kind(12), 6],
    ].flat(),
    names.text,
  );
}

/** `typedef struct task *task_ptr_t;`, on the sample. */
function module(): Uint8Array {
  const names = new Strings(readBtf(sample()).stringsEnd);
  return btf([names.at('task_ptr_t'), 8 << 24, 4], names.text);
}

class Strings {
  text: string;
  readonly #start: number;

  constructor(start: number) {
    this.#start = start === 1 ? 0 : start;
    this.text = start === 1 ? '\0' : '';
  }

  at(name: string): number {
    const offset = this.#start + this.text.length;
    this.text += `${name}\0`;
    return offset;
  }
}

function btf(words: readonly number[], strings: string): Uint8Array {
  const types = new Uint8Array(new Uint32Array(words).buffer);
  const header = [types.length, types.length, strings.length];
  const bytes = new Uint8Array([0x9f, 0xeb, 1, 0, ...le([24, 0, ...header]), ...types]);
  return new Uint8Array([...bytes, ...new TextEncoder().encode(strings)]);
}

function le(words: readonly number[]): Uint8Array {
  return new Uint8Array(new Uint32Array(words).buffer);
}
