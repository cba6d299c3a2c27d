/** `bpfkit inspect` of programs and libraries; what their parts are read as is tested in `tests/bpf/elf/user`. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { cli } from '../support.ts';

const folder = mkdtempSync(join(tmpdir(), 'bpfkit-binary-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SAMPLE = 'tests/data/user/sample-gcc-v5.so';
const MANGLED = '_ZNK4shop4Item5priceEb';

function changed(name: string, change: (bytes: Buffer) => void): string {
  const bytes = readFileSync(SAMPLE);
  change(bytes);
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

test('a library shows its build, counts and probes, and no list of functions', async () => {
  const { code, stdout, stderr } = await cli(['inspect', SAMPLE]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toBe(`${SAMPLE}: ELF64, little-endian, x86-64, library

build id: ee97bcb746af6bf5a587d50c33f7e83c40536b93
functions: 4 (4 in .symtab, 3 in .dynsym)
debugging information: DWARF, 1 unit, in the file

USDT probes:
  sample:loop
  sample:move  -4@%edi -4@4(%rsi)
  sample:step  8@%rbx 8@%r15 -2@%r12w  (2 places)
`);
});

test('functions that are named show where a uprobe goes, their signature and where they are declared', async () => {
  const { stdout } = await cli(['inspect', SAMPLE, 'walk', 'lo*', 'loop']);
  expect(stdout).toBe(`walk
  int walk(struct node *head, word limit, int (*visit)(void *, int), ...);
  at 0x390 in the file, 117 bytes, global
  source: sample.c:36

loop
  void loop(void);
  at 0x440 in the file, 18 bytes, global
  source: sample.c:52
`);
});

test('both are data with --json', async () => {
  const whole = JSON.parse((await cli(['inspect', '--json', SAMPLE])).stdout);
  expect(whole).toMatchObject({
    file: SAMPLE,
    machine: 'x86-64',
    kind: 'library',
    functions: 4,
    dwarfUnits: 1,
  });
  expect(whole.usdt[0]).toEqual({ probe: 'sample:loop', places: 1, arguments: '' });
  const named = JSON.parse((await cli(['inspect', '--json', SAMPLE, 'loop'])).stdout);
  expect(named).toEqual({
    file: SAMPLE,
    functions: [
      {
        name: 'loop',
        kind: 'function',
        binding: 'global',
        address: '0x440',
        offset: 0x440,
        size: 18,
        prototype: 'void loop(void)',
        source: { file: 'sample.c', line: 52 },
      },
    ],
  });
});

test.each(['price', MANGLED])('a function of C++ is found as %s', async (name) => {
  const { stdout } = await cli(['inspect', 'tests/data/user/sample-cc-types-gz.so', name]);
  expect(stdout).toContain(`${MANGLED}\n`);
  expect(stdout).toContain('  source: ');
});

test('a program where debugging information is missing tells where it would be', async () => {
  const path = changed('program', (bytes) => {
    bytes.writeUInt16LE(2, 16);
    // No section has the name that is looked for any more.
    for (let at = bytes.indexOf('.debug_info'); at >= 0; at = bytes.indexOf('.debug_info')) bytes[at] = 0x78;
  });
  const { stdout } = await cli(['inspect', path]);
  expect(stdout).toMatch(/: ELF64, little-endian, x86-64, program\n/);
  expect(stdout).toMatch(
    /no debugging information in the file, nor as\n {2}\/usr\/lib\/debug\/\.build-id\/ee\//,
  );
  const { stdout: named } = await cli(['inspect', path, 'loop']);
  expect(named).toBe('loop\n  at 0x440 in the file, 18 bytes, global\n');
});

test.each([
  {
    argv: [SAMPLE, 'wlak'],
    stderr: `ERROR: '${SAMPLE}' has no function 'wlak'; did you mean 'walk'?\n`,
  },
  { argv: [SAMPLE, 'x*'], stderr: `ERROR: '${SAMPLE}' has no function like 'x*'\n` },
  { argv: ['-d', SAMPLE], stderr: `ERROR: -d shows BPF code, and '${SAMPLE}' has another machine's\n` },
])('inspect $argv is refused', async ({ argv, stderr }) => {
  expect(await cli(['inspect', ...argv])).toEqual({ code: 1, stdout: '', stderr });
});

test('names are for programs and libraries, and what is neither is no object', async () => {
  const path = changed('object.o', (bytes) => bytes.writeUInt16LE(1, 16));
  expect((await cli(['inspect', path, 'walk'])).stderr).toBe(
    `ERROR: names are for programs and libraries, and '${path}' is an object file\n`,
  );
  const { code, stderr } = await cli(['inspect', path]);
  expect(code).toBe(1);
  expect(stderr).toContain(`Cannot read the object '${path}': ELF: byte 18: `);
});
