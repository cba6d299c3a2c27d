/** Programs of the corpus that need no kernel: the interpreter's results are those of BPF_PROG_TEST_RUN. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readObject, resolveKconfig, withKconfig } from '../../bpf/elf/object/index.ts';
import type { MapDefinition } from '../../bpf/maps.ts';
import type { BpfObject, BpfProgram } from '../../bpf/object.ts';
import { createMachine } from '../../vm/index.ts';
import { buildCorpus, corpus, corpusReason, LINKED } from '../objects/corpus.ts';
import { hex, LinuxBpf } from './bpf-syscall.ts';
import { buildLibbpfView, libbpfView } from './libbpf-view.ts';

const reason = LinuxBpf.reason() ?? corpusReason();
if (reason !== undefined) console.log(`skipped, ${reason}: programs of objects on the interpreter`);

/** Sources whose programs ask nothing of the kernel: raw tracepoints, and others that do not look at their packet. */
const SELF_CONTAINED: readonly string[] = [
  'array',
  'atomics',
  'bytes',
  'callbacks',
  'checksum',
  'constants',
  'custom-data',
  'data',
  'global-callback',
  'global-functions',
  'hash',
  'legacy-long-maps',
  'legacy-maps',
  'link-library',
  'loops',
  'lru',
  'per-cpu',
  'pinning',
  'queues',
  'ring-buffer',
  'sizes',
  'sort',
  'stack',
  'strings',
  'subprograms',
  'switches',
];
const NAMES: readonly string[] = [
  ...corpus()
    .filter(({ refused }) => refused !== 'byte order' && refused !== 'no types')
    .map(({ name }) => name)
    .filter((name) => SELF_CONTAINED.includes(name.split('.')[0]!)),
  LINKED.name,
];
const TYPES: readonly BpfProgram['type'][] = ['raw_tracepoint', 'socket_filter', 'xdp'];
const ARGUMENTS: readonly (readonly [bigint, bigint])[] = [
  [3n, 5n],
  [0n, 0n],
  [1n, 2n ** 64n - 1n],
  [2n ** 40n + 1000n, 4n],
];
/** Maps whose contents the kernel shows and that do not depend on the CPU. */
const COMPARED: readonly string[] = ['hash', 'array', 'lru_hash'];

interface Outcome {
  readonly results: readonly number[];
  readonly maps: Readonly<Record<string, readonly string[]>>;
}

describe.skipIf(reason !== undefined)('programs of objects: interpreter = kernel', () => {
  let folder: string;
  let paths: ReadonlyMap<string, string>;
  let kernel: LinuxBpf;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'object-runs-'));
    paths = await buildCorpus(folder);
    kernel = await LinuxBpf.start();
  }, 300_000);
  afterAll(() => {
    kernel.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const read = (name: string): BpfObject =>
    readObject(new Uint8Array(readFileSync(paths.get(name)!)), name).object;

  const runnable = (object: BpfObject): readonly BpfProgram[] =>
    object.programs.filter(({ name, type }) => TYPES.includes(type) && name !== 'print');

  function onMachine(object: BpfObject): Outcome {
    const machine = createMachine({ memoryLimit: 16 << 20 });
    const wanted = { ...object, programs: runnable(object) };
    const image = machine.load(wanted);
    const context = machine.memory.allocateRegion(16, { kind: 'context', label: 'context' });
    const results = wanted.programs.flatMap(({ name }) =>
      ARGUMENTS.map((values) => {
        const bytes = new Uint8Array(new BigUint64Array(values).buffer);
        machine.memory.u8.set(bytes, context);
        return machine.run(image.programs.get(name)!, 0, context)[0]! >>> 0;
      }),
    );
    const maps: Record<string, readonly string[]> = {};
    for (const definition of object.maps) {
      if (!isCompared(definition)) continue;
      const entries = [...image.maps.get(definition.name)!.entries()];
      maps[definition.name] = entries.map(({ key, value }) => `${hex(key)}=${hex(value)}`).sort();
    }
    return { results, maps };
  }

  async function onKernel(object: BpfObject): Promise<Outcome> {
    const handles = await kernel.createMaps(object);
    const results: number[] = [];
    for (const { name, type } of runnable(object)) {
      const { ok, log, program } = await kernel.loadProgram(object, name, handles);
      if (!ok) throw new Error(`the kernel refused ${name}:\n${log}`);
      for (const values of ARGUMENTS) {
        const context = new Uint8Array(new BigUint64Array(values).buffer);
        const input = type === 'raw_tracepoint' ? { context } : { data: new Uint8Array(64) };
        results.push((await kernel.testRun(program!, input)).retval);
      }
      await kernel.unload(program!);
    }
    const maps: Record<string, readonly string[]> = {};
    for (const definition of object.maps) {
      if (!isCompared(definition)) continue;
      const entries = await kernel.dump(handles.get(definition.name)!);
      maps[definition.name] = [...entries].map(([key, value]) => `${key}=${value}`).sort();
    }
    return { results, maps };
  }

  test.each(NAMES)('%s', async (name) => {
    const object = read(name);
    const ours = onMachine(object);
    expect(ours).toEqual(await onKernel(object));
    expect(ours.results.length).toBeGreaterThanOrEqual(ARGUMENTS.length);
  });

  test('there are more than twenty sources', () => {
    expect(new Set(NAMES.map((name) => name.split('.')[0])).size).toBeGreaterThan(20);
  });

  test('configuration values are those libbpf fills in', async () => {
    const object = read('kconfig.o');
    const text = gunzipSync(readFileSync('/proc/config.gz')).toString();
    const [major, minor, patch] = release().split(/[.-]/).map(Number) as [number, number, number];
    const kernelVersion = (major << 16) | (minor << 8) | Math.min(patch, 255);
    const { data, problems } = resolveKconfig(object, text, { kernelVersion });
    expect(problems).toEqual([]);
    const view = libbpfView(buildLibbpfView(folder), ['load', paths.get('kconfig.o')!]).get('kconfig.o')!;
    expect(hex(data)).toBe(view.values.get('kconfig.kconfig'));
    const filled = withKconfig(object, data);
    expect(onMachine(filled)).toEqual(await onKernel(filled));
    expect(onMachine(filled).results[0]! & 7).toBe(7);
  });
});

function isCompared({ type }: MapDefinition): boolean {
  return COMPARED.includes(type);
}
