/**
 * User binaries beside binutils, LLVM and gdb: programs built here in each way compilers have, and the system's own.
 * Skips where a tool is missing.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { debugPaths, openBinary, type UserBinary } from '../../bpf/elf/user/index.ts';
import { nodeBinaryPorts } from '../../runtime/node/binary-ports.ts';
import { openFileSource } from '../../runtime/node/file-source.ts';
import {
  dwarfdumpAddresses,
  gdbOffsets,
  gdbTypes,
  output,
  readelfBuildId,
  readelfFunctions,
  readelfProbes,
} from './user-binary/peers.ts';

const DATA = resolve(import.meta.dirname, '../data/user');
const TOOLS = ['gcc', 'clang', 'readelf', 'objcopy', 'llvm-dwarfdump', 'gdb', 'xz'];
const missing = TOOLS.filter((tool) => spawnSync(tool, ['--version']).status !== 0);

function open(path: string): UserBinary {
  const xz = (input: Uint8Array): Uint8Array => execFileSync('xz', ['-dc'], { input, maxBuffer: 1 << 28 });
  return openBinary(openFileSource(path), nodeBinaryPorts({ path, xz }));
}

function functionsOf(binary: UserBinary): readonly string[] {
  const all = binary.functions.all.map((one) => `${one.name} ${one.address} ${one.size}`);
  return [...new Set(all)].sort();
}

function probesOf(binary: UserBinary): readonly string[] {
  return binary.usdt
    .flatMap(({ provider, name, places }) =>
      places.map(
        (one) => `${provider}:${name} ${one.address} ${one.semaphore?.address ?? 0n} ${one.argumentText}`,
      ),
    )
    .sort();
}

/** As gdb writes them: qualifiers of pointers apart, `(void)` for no parameters. */
function gdbText(text: string): string {
  return text.replace(/([*&]) (const|volatile|restrict)/g, '$1$2').replaceAll('long int', 'long');
}

function typeOf(binary: UserBinary, name: string): string | undefined {
  const signature = binary.functionSignature(name);
  if (signature === undefined) return undefined;
  const parameters = signature.parameters.map((one) => one.text);
  if (signature.variadic) parameters.push('...');
  const space = signature.returnText.endsWith('*') ? '' : ' ';
  return `${signature.returnText}${space}(${parameters.length === 0 ? 'void' : parameters.join(', ')})`;
}

function debugPathOf(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  return debugPaths(openBinary(openFileSource(path)), path).find((one) => existsSync(one));
}

const BUILDS: readonly (readonly string[])[] = [
  ['gcc', '-O2', '-gdwarf-5', '-pie', '-fPIE'],
  ['gcc', '-O0', '-gdwarf-4', '-no-pie', '-fno-pie'],
  ['gcc', '-O2', '-gdwarf-5', '-gz', '-no-pie', '-fno-pie', '-freorder-blocks-and-partition'],
  ['gcc', '-O2', '-gdwarf-4', '-fdebug-types-section', '-static'],
  ['gcc', '-O2', '-gdwarf-3', '-gstrict-dwarf', '-shared', '-fPIC'],
  ['gcc', '-O2', '-gdwarf-2', '-gstrict-dwarf', '-shared', '-fPIC'],
  ['gcc', '-O1', '-gdwarf-5', '-gdwarf64', '-shared', '-fPIC'],
  ['clang', '-O2', '-gdwarf-5', '-pie', '-fPIE'],
  ['clang', '-O0', '-gdwarf-4', '-shared', '-fPIC'],
  ['clang', '-O2', '-gdwarf-5', '-gz', '-no-pie', '-fno-pie'],
  ['clang', '-O2', '-gdwarf-5', '-ffunction-sections', '-shared', '-fPIC'],
  [
    'gcc',
    '-m32',
    '-O1',
    '-gdwarf-5',
    '-shared',
    '-fPIC',
    '-nostdlib',
    '-isystem',
    '/usr/include/x86_64-linux-gnu',
  ],
];

describe.skipIf(missing.length > 0)(
  `user binaries${missing.length > 0 ? ` (missing: ${missing.join(', ')})` : ''}`,
  () => {
    let folder = '';
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'bpfkit-user-'));
      writeFileSync(join(folder, 'main.c'), 'void loop(void);\nint main(void) { loop(); return 0; }\n');
    });
    afterAll(() => {
      rmSync(folder, { recursive: true });
    });

    function build(
      name: string,
      [compiler = 'gcc', ...flags]: readonly string[],
      ...files: readonly string[]
    ): string {
      const path = join(folder, name);
      const sources = [...files.map((file) => join(DATA, file)), join(folder, 'main.c')];
      execFileSync(compiler, ['-g', ...flags, '-Wl,--build-id', ...sources, '-o', path]);
      return path;
    }

    describe.each(BUILDS.map((flags) => [flags.join(' '), flags] as const))('%s', (_, flags) => {
      let path = '';
      let binary: UserBinary;
      beforeAll(() => {
        path = build('sample', flags, 'sample.c');
        binary = open(path);
      });

      test('has the functions, probes and build id that readelf shows', () => {
        const functions = functionsOf(binary);
        expect(functions.length).toBeGreaterThan(3);
        expect(functions).toEqual(readelfFunctions(path));
        const probes = probesOf(binary);
        expect(probes.length).toBeGreaterThanOrEqual(4);
        expect(probes).toEqual(readelfProbes(path));
        expect(binary.buildId).toBe(readelfBuildId(path));
        const unknown = binary.usdt.flatMap(({ places }) =>
          places.flatMap((place) => place.arguments.filter((one) => one.kind === 'unknown')),
        );
        expect(unknown).toEqual([]);
      });

      test('has the code of functions at their offsets', () => {
        const source = openFileSource(path);
        for (const name of ['walk', 'move', 'loop']) {
          const [symbol] = binary.functions.named(name);
          const offset = binary.fileOffset(symbol?.address ?? 0n) ?? 0;
          const text = output('objdump', '-d', `--disassemble=${name}`, path);
          const bytes = /^\s+[0-9a-f]+:\t([0-9a-f ]+)/m.exec(text)?.[1]?.trim().replaceAll(' ', '') ?? '';
          const ours = Buffer.from(source.read(offset, bytes.length / 2)).toString('hex');
          expect(bytes.length).toBeGreaterThan(0);
          expect(ours).toBe(bytes);
        }
      });

      test('has the addresses that llvm-dwarfdump shows', () => {
        const wanted = dwarfdumpAddresses(path);
        expect(wanted.size).toBeGreaterThanOrEqual(3);
        for (const [name, address] of wanted) {
          expect(binary.functionSignature(name)?.address, name).toBe(address);
        }
        expect(binary.dwarf?.problems).toEqual([]);
      });

      test('has the types that gdb shows', () => {
        const names = ['walk', 'move', 'loop'];
        const wanted = gdbTypes(path, names).map((text) => (text === undefined ? text : gdbText(text)));
        expect(names.map((name) => gdbText(typeOf(binary, name) ?? ''))).toEqual(wanted);
        expect(wanted[0]).toBe('int (struct node *, word, int (*)(void *, int), ...)');
      });

      test('has the layout that gdb shows', () => {
        const [head] = binary.functionSignature('walk')?.parameters ?? [];
        const pointer = binary.dwarf?.type(head?.type ?? 0);
        const node = pointer?.kind === 'pointer' ? binary.dwarf?.type(pointer.type) : undefined;
        if (node?.kind !== 'struct') throw new Error(`a ${node?.kind}`);
        const ours = node.members
          .filter((one) => one.name !== '')
          .map((one) => `${one.bitOffset} ${one.name}`);
        expect(ours).toEqual(gdbOffsets(path, 'struct node'));
      });
    });

    test('finds the symbols of a stripped file in .gnu_debugdata', () => {
      const path = build('mini', ['gcc', '-O2'], 'sample.c');
      const wanted = functionsOf(open(path));
      const [full, only, stripped] = ['full', 'only', 'stripped'].map((name) => join(folder, name)) as [
        string,
        string,
        string,
      ];
      execFileSync('objcopy', ['--only-keep-debug', path, full]);
      execFileSync('objcopy', [
        '-S',
        '--remove-section=.gdb_index',
        '--remove-section=.comment',
        '--wildcard',
        '-K',
        '*',
        full,
        only,
      ]);
      execFileSync('xz', ['-k', '-f', only]);
      execFileSync('objcopy', ['-S', '--add-section', `.gnu_debugdata=${only}.xz`, path, stripped]);
      const binary = open(stripped);
      expect(functionsOf(binary)).toEqual(wanted);
      expect(
        binary.functions.named('hidden').length + binary.functions.matching('hidden*').length,
      ).toBeGreaterThan(0);
      const without = openBinary(openFileSource(stripped));
      expect(without.functions.named('main')).toEqual([]);
      expect(without.warnings).toEqual([expect.stringMatching(/\.gnu_debugdata: it is packed with xz/)]);
    });

    test('follows a debug link, and refuses what is not meant', () => {
      const path = build('linked', ['gcc', '-O2', '-Wl,--build-id=none'], 'sample.c');
      execFileSync('gcc', [
        '-g',
        '-O2',
        '-Wl,--build-id=none',
        join(DATA, 'sample.c'),
        join(folder, 'main.c'),
        '-o',
        path,
      ]);
      execFileSync('objcopy', ['--only-keep-debug', path, `${path}.debug`]);
      execFileSync('objcopy', ['-S', `--add-gnu-debuglink=${path}.debug`, path]);
      const binary = open(path);
      expect(binary.debugLink?.name).toBe('linked.debug');
      expect(typeOf(binary, 'walk')).toBe('int (struct node *, word, int (*)(void *, int), ...)');
      expect(binary.functions.named('walk')).toHaveLength(1);
      writeFileSync(
        `${path}.debug`,
        Buffer.concat([Buffer.from(openFileSource(`${path}.debug`).read(0, 1 << 24)), Buffer.from([0])]),
      );
      const other = open(path);
      expect(other.functionSignature('walk')).toBeUndefined();
      expect(other.warnings).toEqual([
        expect.stringMatching(/linked\.debug: its CRC-32 is 0x[0-9a-f]{8}, the binary wants 0x/),
      ]);
    });

    test.each(['zlib', 'zstd', 'zlib-gnu'])('reads sections that objcopy packs with %s', (method) => {
      const path = build(`packed-${method}`, ['clang', '-O2'], 'sample.c');
      const flag = `--compress-debug-sections=${method}`;
      if (spawnSync('objcopy', [flag, path]).status !== 0) throw new Error(`objcopy knows no ${method}`);
      expect(output('readelf', '-SW', path)).toMatch(/\.z?debug_info .* C|\.zdebug_info/);
      expect(open(path).functionSignature('walk')?.parameters).toHaveLength(3);
    });

    test('finds in another unit what a unit only declares', () => {
      const files = {
        'use.c': 'struct opaque; struct opaque *use(struct opaque *one) { return one; }\n',
        'define.c': 'struct opaque { long first; char name[8]; }; struct opaque it;\n',
      };
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      const path = join(folder, 'opaque.so');
      const sources = Object.keys(files).map((name) => join(folder, name));
      execFileSync('gcc', ['-g', '-shared', '-fPIC', ...sources, '-o', path]);
      const { dwarf } = open(path);
      const pointer = dwarf?.type(dwarf.functionSignature('use')?.returns ?? 0);
      const id = pointer?.kind === 'pointer' ? pointer.type : 0;
      expect(dwarf?.type(id)).toMatchObject({ kind: 'struct', name: 'opaque', size: undefined });
      const defined = dwarf?.type(dwarf.definitionOf(id));
      expect(defined).toMatchObject({
        kind: 'struct',
        size: 16,
        members: [{ name: 'first' }, { name: 'name' }],
      });
    });

    test('tells the files of split debugging information', () => {
      const path = build('split', ['gcc', '-O2', '-gsplit-dwarf'], 'sample.c');
      const binary = open(path);
      expect(binary.functionSignature('walk')).toBeUndefined();
      expect(binary.dwarf?.splitFiles).toHaveLength(2);
      expect(binary.dwarf?.splitFiles[0]).toMatch(/sample.*\.dwo$/);
    });

    const SYSTEM = [
      '/lib/x86_64-linux-gnu/libc.so.6',
      '/usr/lib/x86_64-linux-gnu/libstdc++.so.6',
      '/usr/bin/bash',
      '/usr/bin/python3',
      process.execPath,
    ];
    const present = SYSTEM.filter((path) => existsSync(path)).map((path) => realpathSync(path));
    test.each(present)('agrees with readelf on %s', (path) => {
      const binary = openBinary(openFileSource(path));
      expect(binary.functions.all.length).toBeGreaterThan(100);
      expect(functionsOf(binary)).toEqual(readelfFunctions(path));
      expect(probesOf(binary)).toEqual(readelfProbes(path));
      expect(binary.buildId).toBe(readelfBuildId(path));
      expect(binary.warnings).toEqual([]);
    });

    const LIBC = '/lib/x86_64-linux-gnu/libc.so.6';
    const hasDebug = debugPathOf(LIBC) !== undefined;
    test.skipIf(!hasDebug)(
      `reads libc's debugging information${hasDebug ? '' : ' (libc6-dbg is missing)'}`,
      () => {
        const binary = open(LIBC);
        const names = ['malloc', 'fopen', 'qsort', 'sigaction', 'div', 'strtod', 'free', 'exit'];
        const own = names.filter((name) => binary.functionSignature(name) !== undefined);
        expect(own.length).toBeGreaterThan(2);
        const wanted = gdbTypes(debugPathOf(LIBC) ?? '', own).map((text) => gdbText(text ?? ''));
        expect(own.map((name) => gdbText(typeOf(binary, name) ?? ''))).toEqual(wanted);
        expect(functionsOf(binary)).toEqual(
          [...new Set([...readelfFunctions(LIBC), ...readelfFunctions(debugPathOf(LIBC) ?? '')])].sort(),
        );
      },
    );

    test('reads little of a large file', () => {
      const source = openFileSource(process.execPath);
      let bytes = 0;
      const read = (offset: number, length: number): Uint8Array => {
        bytes += length;
        return source.read(offset, length);
      };
      const binary = openBinary({ size: source.size, read });
      expect(bytes).toBeLessThan(100_000);
      expect(binary.functions.named('uv_fs_open').length).toBeLessThan(2);
      expect(binary.dwarf?.functions('uv_fs_open') ?? []).toHaveLength(binary.dwarf === undefined ? 0 : 1);
      expect(bytes).toBeLessThan(Math.max(source.size / 2, 1 << 20));
    });

    test.skipIf(!existsSync(LIBC))('knows the versions of a symbol', () => {
      const { functions } = open(LIBC);
      const all = functions
        .named('pthread_cond_wait@GLIBC_2.2.5')
        .concat(functions.named('pthread_cond_wait'));
      const wanted = output('readelf', '--dyn-syms', '--wide', LIBC)
        .split('\n')
        .filter((line) => / pthread_cond_wait@@?GLIBC/.test(line))
        .map((line) => BigInt(`0x${line.trim().split(/\s+/)[1]}`))
        .sort();
      expect(all.map((one) => one.address).sort()).toEqual(wanted);
      expect(functions.named('pthread_cond_wait').map((one) => one.version?.isDefault)).toEqual([true]);
    });
  },
);
