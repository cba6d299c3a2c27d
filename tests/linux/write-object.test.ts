/**
 * What we write is what LLVM's tools, bpftool and libbpf read: compiled samples, objects of clang read and written again,
 * and linked ones beside those that bpftool links. Programs are loaded, never attached.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LinkError, linkObjects } from '../../bpf/elf/link/index.ts';
import { readObject } from '../../bpf/elf/object/read.ts';
import { writeObject } from '../../bpf/elf/write/index.ts';
import { profileFor } from '../../bpf/profiles/index.ts';
import type { ObjectDescription } from '../../cli/inspect/description.ts';
import { compile } from '../../compiler/compile.ts';
import { writeScriptFile } from '../../compiler/object/script-file.ts';
import { createCatalog } from '../../runtime/sim/catalog.ts';
import { simKernelInfo } from '../../runtime/sim/sim-info.ts';
import { plainObject } from '../bpf/elf/objects.ts';
import { cli } from '../cli/support.ts';
import { buildCorpus, corpus, corpusReason, LINKED } from '../objects/corpus.ts';
import { parseCommand } from '../recorded/command.ts';
import { readCaseFiles } from '../recorded/folder.ts';
import { sampleFiles, sampleText } from '../sample-tools.ts';
import { LinuxBpf } from './bpf-syscall.ts';
import { buildLibbpfView, type LibbpfObject, libbpfView } from './libbpf-view.ts';
import { readelf } from './llvm-elf.ts';

const reason = corpusReason() ?? LinuxBpf.reason();
if (reason !== undefined) console.warn(`skipped, ${reason}: written objects`);
const BPFFS = '/sys/fs/bpf';

const samples = sampleFiles();
/** This machine refuses fentry and fexit: they are judged in the guest. */
const loadable = samples.filter((name) => !/^f(entry|exit):/m.test(sampleText(name)));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'written-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function objectOf(sample: string): string {
  return join(folder, `${basename(sample, '.bt')}.o`);
}

/** Standard output of a tool that has nothing to complain of. */
function quietly(tool: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(tool, [...args], { encoding: 'utf8', maxBuffer: 1 << 26 });
  expect({ status, stderr }, `${tool} ${args.join(' ')}`).toEqual({ status: 0, stderr: '' });
  return stdout;
}

describe.skipIf(reason !== undefined)('compiled samples', () => {
  beforeAll(async () => {
    for (const sample of samples) {
      const flags = ['--unsafe', '--target', 'linux-6.1'];
      const { code, stderr } = await cli([
        'compile',
        ...flags,
        join('samples', sample),
        '-o',
        objectOf(sample),
      ]);
      expect({ code, stderr }, sample).toEqual({ code: 0, stderr: '' });
    }
  });

  test.each(samples)('%s is read by every tool as inspect shows it', async (sample) => {
    const path = objectOf(sample);
    quietly('llvm-readelf', ['-a', path]);
    quietly('readelf', ['-a', path]);
    quietly('llvm-objdump', ['-d', '-r', '-S', path]);
    const types = quietly('bpftool', ['btf', 'dump', 'file', path]);
    const shown = JSON.parse((await cli(['inspect', '--json', path])).stdout) as ObjectDescription;

    const elf = readelf(path);
    expect(shown.sections.map(({ name, size }) => [name, size])).toEqual(
      elf.sections.map(({ name, size }) => [name, size]),
    );
    expect(shown.symbols).toBe(elf.symbols.length);
    const functions = elf.symbols.filter(({ type }) => type === 'FUNC');
    expect(
      [...shown.programs, ...shown.functions].map(({ name, slots }) => [name, slots * 8]).sort(),
    ).toEqual(functions.map(({ name, size }) => [name, size]).sort());
    const relocations = [...shown.programs, ...shown.functions].flatMap((one) => one.relocations);
    expect(relocations.map(({ type }) => type).sort()).toEqual(
      elf.relocations.map(({ type }) => type).sort(),
    );
    expect(shown.btf!.types).toBe(types.split('\n').filter((line) => line.startsWith('[')).length);
    for (const { name } of [...shown.programs, ...shown.maps]) expect(types).toContain(`'${name}'`);
  });

  test.skipIf(!existsSync(BPFFS))('bpftool loads their programs', () => {
    // Nobody else's mount is taken away.
    const mounted = readFileSync('/proc/mounts', 'utf8').includes(` ${BPFFS} `);
    if (!mounted) execFileSync('mount', ['-t', 'bpf', 'bpf', BPFFS]);
    const pins = join(BPFFS, `bpfkit-test-${process.pid}`);
    try {
      for (const sample of loadable) {
        quietly('bpftool', ['prog', 'loadall', objectOf(sample), pins]);
        const { object } = readObject(new Uint8Array(readFileSync(objectOf(sample))), sample);
        expect(readdirSync(pins).sort(), sample).toEqual(object.programs.map(({ name }) => name).sort());
        rmSync(pins, { recursive: true });
      }
    } finally {
      rmSync(pins, { recursive: true, force: true });
    }
  });

  test.each([
    ['llvm-strip', '-g'],
    ['llvm-objcopy', '--strip-debug'],
  ])('%s %s leaves the script in', async (tool, flag) => {
    const [before, after] = [objectOf('runqlat.bt'), join(folder, 'stripped.o')];
    quietly(tool, tool === 'llvm-strip' ? [flag, '-o', after, before] : [flag, before, after]);
    const args = ['-q', '--duration', '20ms'];
    expect(await cli([...args, after])).toEqual(await cli([...args, before]));
  });

  test('a plain libbpf program loads them', () => {
    const text = quietly(buildLoader(), loadable.map(objectOf));
    expect(text.match(/^file /gm)?.length).toBe(loadable.length);
    expect(text).toContain('map AT_usecs 16 8 4096');
    expect(text).toContain('program tracepoint_sched_sched_switch_1 tracepoint/sched/sched_switch');
  });
});

describe.skipIf(reason !== undefined)('compiled golden scripts', () => {
  const kernel = simKernelInfo(createCatalog(), 4);

  test.each(['5.4', '6.18'] as const)('for Linux %s are loaded by libbpf without a word', (release) => {
    const made = mkdtempSync(join(folder, 'golden-'));
    const written: string[] = [];
    for (const { file, cases } of readCaseFiles()) {
      for (const { name, command, script } of cases) {
        const params = parseCommand(command, script).args.slice(1);
        const source = { name, text: script };
        const result = compile({ source, params, kernel, target: profileFor(release), unsafe: true });
        const { ok, object, info, origin } = result;
        if (!ok || object === undefined || info === undefined || origin === undefined) continue;
        const path = join(made, `${file}-${written.length}.o`);
        writeFileSync(path, writeScriptFile(object, info, origin));
        written.push(path);
      }
    }
    const text = quietly(buildLoader(), written);
    expect(text.match(/^file /gm)?.length).toBe(written.length);
    expect(written.length).toBeGreaterThan(200);
  });
});

/** Builds `loader.c`. */
function buildLoader(): string {
  const loader = join(folder, 'loader');
  execFileSync('gcc', ['-O1', '-Wall', '-o', loader, join(import.meta.dirname, 'loader.c'), '-lbpf']);
  return loader;
}

describe.skipIf(reason !== undefined)('objects of clang', () => {
  let paths: ReadonlyMap<string, string>;
  let before: ReadonlyMap<string, LibbpfObject>;
  let after: ReadonlyMap<string, LibbpfObject>;
  const written = (name: string): string => join(folder, 'again', name);
  const readable = corpus().filter(({ refused }) => refused !== 'no types' && refused !== 'other file');

  beforeAll(async () => {
    paths = await buildCorpus(join(folder, 'corpus'));
    mkdirSync(join(folder, 'again'));
    for (const { name } of readable) {
      const { object, sections } = readObject(new Uint8Array(readFileSync(paths.get(name)!)), name);
      writeFileSync(written(name), writeObject(object, { sections }));
    }
    const program = buildLibbpfView(folder);
    before = libbpfView(
      program,
      readable.map(({ name }) => paths.get(name)!),
    );
    after = libbpfView(
      program,
      readable.map(({ name }) => written(name)),
    );
  }, 300_000);

  test('read and written again are the same to us', () => {
    const different = readable.filter(({ name, refused }) => {
      const first = readObject(new Uint8Array(readFileSync(paths.get(name)!)), name);
      const second = readObject(new Uint8Array(readFileSync(written(name))), name);
      return (
        refused !== 'legacy maps' && !isDeepStrictEqual(plainObject(first.object), plainObject(second.object))
      );
    });
    expect(different.map(({ name }) => name)).toEqual([]);
    expect(readable.length).toBeGreaterThan(80);
  });

  test('read and written again are the same to libbpf', () => {
    let count = 0;
    for (const { name, refused } of readable) {
      if (refused !== undefined) continue;
      expect(visible(after.get(name)!), name).toEqual(visible(before.get(name)!));
      count++;
    }
    expect(count).toBeGreaterThan(60);
  });

  /** A hidden function is static when it is read, as libbpf makes it when it loads. */
  function visible({ functions, ...view }: LibbpfObject): object {
    return { ...view, functions: functions.filter(({ name }) => name !== 'hidden') };
  }

  test('with maps of the old form are new ones that libbpf opens', () => {
    const old = readable.filter(({ refused }) => refused === 'legacy maps');
    for (const { name } of old) {
      expect(before.get(name)!.refused, name).toBe(true);
      expect(after.get(name)!.refused, name).toBe(false);
    }
    expect(old.length).toBeGreaterThan(0);
  });

  test('linked are to libbpf what bpftool links', () => {
    const inputs = LINKED.parts.map((name) => ({
      name,
      bytes: new Uint8Array(readFileSync(paths.get(name)!)),
    }));
    const { bytes, warnings } = linkObjects(inputs);
    expect(warnings).toEqual([]);
    const path = join(folder, 'again', LINKED.name);
    writeFileSync(path, bytes);
    quietly('llvm-readelf', ['-a', path]);
    const views = libbpfView(join(folder, 'libbpf-view'), [paths.get(LINKED.name)!]);
    const ours = libbpfView(join(folder, 'libbpf-view'), [path]).get(LINKED.name)!;
    const theirs = views.get(LINKED.name)!;
    expect(untyped(ours)).toEqual(untyped(theirs));
    const sameCode = [
      readObject(bytes, 'x'),
      readObject(new Uint8Array(readFileSync(paths.get(LINKED.name)!)), 'x'),
    ];
    const [mine, bpftools] = sameCode.map(({ object }) => [...object.programs, ...object.functions]);
    expect(mine!.map(({ instructions }) => instructions)).toEqual(
      bpftools!.map(({ instructions }) => instructions.map(({ core, ...one }) => one)),
    );
  });

  test('pairs are linked as bpftool links them, or refused', () => {
    const names = corpus()
      .filter(({ refused }) => refused === undefined || refused === 'other file')
      .map(({ name }) => name);
    const pairs = names.flatMap((a, i) =>
      names.slice(i + 1).flatMap((b, j) => ((i * 7 + j * 3) % 11 === 0 ? [[a, b] as const] : [])),
    );
    const [theirs, ours] = [join(folder, 'bpftool'), join(folder, 'ours')];
    mkdirSync(theirs);
    mkdirSync(ours);
    const linked: string[] = [];
    let refused = 0;
    for (const [a, b] of pairs) {
      const name = `${a}+${b}`;
      const tool = spawnSync('bpftool', ['gen', 'object', join(theirs, name), paths.get(a)!, paths.get(b)!], {
        encoding: 'utf8',
      });
      const mine = linkPair(a, b);
      // It cannot join objects without types, nor those with addresses in their data.
      if (/failed to find BTF|STT_SECTION in non-exec/.test(tool.stderr)) continue;
      expect({ name, refused: mine === undefined }, tool.stderr).toEqual({
        name,
        refused: tool.status !== 0,
      });
      if (mine === undefined) {
        refused++;
        continue;
      }
      writeFileSync(join(ours, name), mine);
      linked.push(name);
    }
    const program = join(folder, 'libbpf-view');
    const wanted = libbpfView(
      program,
      linked.map((name) => join(theirs, name)),
    );
    const found = libbpfView(
      program,
      linked.map((name) => join(ours, name)),
    );
    for (const name of linked) expect(untyped(found.get(name)!), name).toEqual(untyped(wanted.get(name)!));
    expect(linked.length).toBeGreaterThan(80);
    expect(refused).toBeGreaterThan(50);
  });

  function linkPair(...names: readonly string[]): Uint8Array | undefined {
    try {
      const files = names.map((name) => ({ name, bytes: new Uint8Array(readFileSync(paths.get(name)!)) }));
      return linkObjects(files).bytes;
    } catch (error) {
      if (error instanceof LinkError) return undefined;
      throw error;
    }
  }

  /** Types have other numbers when they come in another order. */
  function untyped({ maps, functions, sections, ...view }: LibbpfObject): object {
    return {
      ...view,
      maps: maps.map(({ key: _, value: __, ...map }) => map),
      functions: functions.map(({ name, linkage }) => `${name} ${linkage}`).sort(),
      sections: [...sections].sort(),
    };
  }
});
