/**
 * Our relocations beside libbpf's: objects clang builds now, relocated for the kernels whose BTF is at hand; libbpf's
 * debug log tells what it made of each relocation, and its instructions afterwards are ours byte for byte. Loading needs
 * no right here: libbpf relocates before it asks the kernel. `BPFKIT_BTF` names the folder of `<version>.btf.gz`.
 * `UPDATE_CORE=1` writes `tests/data/core` anew.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Btf } from '../../bpf/btf/btf.ts';
import { readBtf } from '../../bpf/btf/read.ts';
import type { AppliedRelocation } from '../../bpf/core/applied.ts';
import { type RelocateResult, relocateCore } from '../../bpf/core/relocate.ts';
import { CORE_RELOCATION_KINDS } from '../../bpf/core/relocation.ts';
import { openElf } from '../../bpf/elf/index.ts';
import { readObject } from '../../bpf/elf/object/index.ts';
import { encodeInstructions } from '../../bpf/encode.ts';
import { linkProgram } from '../../bpf/link.ts';
import type { BpfObject } from '../../bpf/object.ts';
import { byPlace, type CoreLog, type LoggedRelocation, readCoreLog } from './core-log.ts';
import { randomSource } from './core-random.ts';
import { kernelTypes } from './kernel-types.ts';

const SOURCES = resolve(import.meta.dirname, 'core');
const FIXTURES = resolve(import.meta.dirname, '../data/core');
const KERNELS = kernelTypes();
const names = [...KERNELS.keys()].sort();

/** Object and instruction set of it. */
const OBJECTS = [
  ['fields', 'v3'],
  ['fields', 'v1'],
  ['aspects', 'v3'],
  ['aspects', 'v1'],
  ['kinds', 'v3'],
  ['ids', 'v3'],
  ['matches', 'v3'],
] as const;

const missing = ['clang', 'cc', 'bpftool'].filter((tool) => spawnSync(tool, ['--version']).status !== 0);
if (!existsSync('/usr/include/bpf/libbpf.h')) missing.push('libbpf-dev');

const SEED = 2;

let folder = '';
const tables = new Map<string, Btf>();

describe.skipIf(missing.length > 0)(
  `beside libbpf${missing.length > 0 ? ` (missing: ${missing.join(', ')})` : ''}`,
  () => {
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'bpfkit-core-'));
      execFileSync('cc', ['-O2', '-o', join(folder, 'relocate'), join(SOURCES, 'relocate.c'), '-lbpf']);
      for (const [name, read] of KERNELS) {
        const bytes = read();
        writeFileSync(btfFile(name), bytes);
        tables.set(name, readBtf(bytes));
      }
      for (const [name, cpu] of OBJECTS) compile(name, cpu);
      if (process.env.UPDATE_CORE === '1') updateFixtures();
    }, 60_000);
    afterAll(() => {
      rmSync(folder, { recursive: true });
    });

    describe.each(names)('kernel %s', (kernel) => {
      test.each(OBJECTS.filter(([name]) => name !== 'ids'))('%s, -mcpu=%s', (name, cpu) => {
        const { log, result, object } = relocateTwice(name, cpu, kernel);
        expect(log.failures).toEqual([]);
        expect(result.problems.filter((problem) => problem.severity === 'error')).toEqual([]);
        expect(log.relocations.length).toBe(log.found);
        expect(ours(result)).toEqual(log.relocations);
        compareBytes(log, object);
      });

      test('ids of types: where two types of a name have two ids both refuse', () => {
        const { log, result } = relocateTwice('ids', 'v3', kernel);
        const failed = result.problems.filter((problem) => problem.severity === 'error');
        expect(failed.length > 0).toBe(log.failures.length > 0);
        for (const { message } of failed) expect(message).toContain('is ambiguous');
        // libbpf ends with the first failure.
        expect(ours(result).slice(0, log.relocations.length)).toEqual(log.relocations);
        if (failed.length === 0) expect(log.relocations.length).toBe(log.found);
      });
    });

    test.skipIf(process.getuid?.() !== 0)(
      'what is said of guards is what the running kernel makes of them',
      () => {
        for (const name of ['guards', 'unguarded']) {
          compile(name, 'v3');
          for (const kernel of names) {
            const { log, result } = relocateTwice(name, 'v3', kernel);
            const poisoned = result.relocations.filter((one) => one.outcome === 'poisoned');
            expect(poisoned.length).toBeGreaterThan(0);
            expect(log.loaded).toBe(name === 'guards');
            expect(poisoned.every((one) => one.guarded === true)).toBe(log.loaded);
            expect(result.problems.length === 0).toBe(log.loaded);
          }
        }
      },
    );

    test.skipIf(!KERNELS.has('6.18'))('an object of 6.18 in every other kernel', () => {
      writeFileSync(join(folder, 'vmlinux.h'), vmlinuxHeader('6.18'));
      compile('vmlinux', 'v3');
      for (const kernel of names) {
        const { log, result, object } = relocateTwice('vmlinux', 'v3', kernel);
        expect(log.failures).toEqual([]);
        expect(log.found).toBeGreaterThan(150);
        expect(ours(result), kernel).toEqual(log.relocations);
        compareBytes(log, object);
      }
      const moved = ours(relocateTwice('vmlinux', 'v3', '6.1').result).filter(
        (one) => one.operand === 'off' && one.oldValue !== one.newValue,
      );
      expect(moved.length).toBeGreaterThan(50);
    });

    // The same everywhere: of what is drawn, clang 14 cannot compile every bitfield.
    test('three thousand things of 6.1 in every other kernel', () => {
      writeFileSync(join(folder, 'vmlinux.h'), vmlinuxHeader('6.1'));
      const source = join(folder, 'random.bpf.c');
      writeFileSync(source, randomSource(tables.get('6.1')!, 3000, SEED));
      compile('random', 'v3', source);
      for (const kernel of names) {
        const { log, result, object } = relocateTwice('random', 'v3', kernel);
        expect(log.failures, kernel).toEqual([]);
        expect(log.found).toBeGreaterThan(3000);
        expect(ours(result), kernel).toEqual(log.relocations);
        compareBytes(log, object);
      }
    });

    test('enumerators past 31 bits, which libbpf refuses', () => {
      compile('unsigned', 'v3');
      const { log, result } = relocateTwice('unsigned', 'v3', '6.1');
      expect(log.failures[0]).toContain('got 2147483648, exp 18446744071562067968');
      expect(result.relocations).toMatchObject([{ outcome: 'patched', newValue: 0x8000_0000n }]);
    });
  },
);

/** What `tests/bpf/core/libbpf.test.ts` reads. */
function updateFixtures(): void {
  const kernels = ['5.4', '6.1'];
  const objects = ['fields', 'aspects', 'kinds', 'matches'];
  for (const name of objects) {
    execFileSync('llvm-strip', ['-g', objectFile(name, 'v3'), '-o', join(FIXTURES, `${name}.o`)]);
  }
  const files = objects.map((name) => join(FIXTURES, `${name}.o`));
  const lines: string[] = [];
  for (const kernel of kernels) {
    const btf = join(FIXTURES, `${kernel}.btf`);
    execFileSync('bpftool', ['gen', 'min_core_btf', btfFile(kernel), btf, ...files]);
    for (const [at, file] of files.entries()) {
      lines.push(`# ${objects[at]}.o in ${kernel}`);
      const log = execFileSync(join(folder, 'relocate'), [file, btf], {
        encoding: 'utf8',
        maxBuffer: 2 ** 26,
      });
      for (const [program, bytes] of readCoreLog(log).instructions) lines.push(`${program}: ${bytes}`);
    }
  }
  writeFileSync(join(FIXTURES, 'instructions.txt'), `${lines.join('\n')}\n`);
}

function btfFile(kernel: string): string {
  return join(folder, `${kernel}.btf`);
}

function objectFile(name: string, cpu: string): string {
  return join(folder, `${name}-${cpu}.o`);
}

function vmlinuxHeader(kernel: string): Buffer {
  return execFileSync('bpftool', ['btf', 'dump', 'file', btfFile(kernel), 'format', 'c'], {
    maxBuffer: 2 ** 26,
  });
}

/** From the folder of the sources, and as if that were elsewhere: fixtures must not tell where they were made. */
function compile(name: string, cpu: string, source = `${name}.bpf.c`): void {
  const file = objectFile(name, cpu);
  const flags = ['-target', 'bpf', '-g', '-O2', `-mcpu=${cpu}`, `-I${folder}`];
  const place = '-fdebug-compilation-dir=tests/linux/core';
  execFileSync('clang', [...flags, place, '-c', source, '-o', file], { cwd: SOURCES });
  if (name === 'matches') askForMatches(file);
}

/** Turns questions for existence into questions for a match, in `.BTF.ext`. */
function askForMatches(file: string): void {
  const bytes = readFileSync(file);
  const elf = openElf(bytes);
  const section = elf.section('.BTF.ext')!;
  const view = new DataView(bytes.buffer, bytes.byteOffset + section.offset, section.size);
  const exists = CORE_RELOCATION_KINDS.indexOf('type_exists');
  let at = view.getUint32(4, true) + view.getUint32(24, true) + 4;
  const count = view.getUint32(at + 4, true);
  for (at += 8; at < section.size; at += 16) {
    if (view.getUint32(at + 12, true) !== exists) throw new Error(`${file}: another kind of relocation`);
    view.setUint32(at + 12, CORE_RELOCATION_KINDS.indexOf('type_matches'), true);
  }
  if (count < 30) throw new Error(`${file}: ${count} relocations`);
  writeFileSync(file, bytes);
}

interface Both {
  readonly log: CoreLog;
  readonly result: RelocateResult;
  readonly object: BpfObject;
}

function relocateTwice(name: string, cpu: string, kernel: string): Both {
  const file = objectFile(name, cpu);
  const text = execFileSync(join(folder, 'relocate'), [file, btfFile(kernel)], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  const { object } = readObject(readFileSync(file), file);
  const result = relocateCore(object, { kernel: tables.get(kernel)!, name: kernel });
  return { log: readCoreLog(text), result, object: result.object };
}

function ours({ relocations }: RelocateResult): readonly LoggedRelocation[] {
  return relocations
    .filter((one) => one.outcome !== 'failed')
    .map(likeLogged)
    .sort(byPlace);
}

function likeLogged(one: AppliedRelocation): LoggedRelocation {
  const { function: name, slot, local, target, outcome, operand, oldValue, newValue, memory } = one;
  return {
    function: name,
    slot,
    local: local!,
    outcome: outcome === 'poisoned' ? 'poisoned' : 'patched',
    ...(target === undefined ? {} : { target }),
    ...(operand === undefined ? {} : { operand, oldValue: oldValue!, newValue: newValue! }),
    ...(memory === undefined ? {} : { memory }),
  };
}

function compareBytes({ instructions }: CoreLog, object: BpfObject): void {
  for (const program of object.programs) {
    const linked = linkProgram(program, object.functions);
    const bytes = Buffer.from(encodeInstructions(linked.instructions).bytes).toString('hex');
    expect(bytes, program.name).toBe(instructions.get(program.name));
  }
}
