/** Programs on packets: verdict, bytes, maps and what helpers answer are those of BPF_PROG_TEST_RUN. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readObject } from '../../bpf/elf/object/index.ts';
import type { BpfObject } from '../../bpf/object.ts';
import type { EngineFactory, EngineName } from '../../vm/index.ts';
import { binaryenEngine } from '../../vm/jit/binaryen-engine.ts';
import { directEngine } from '../../vm/jit/engine.ts';
import { residentEngine } from '../../vm/resident/engine.ts';
import { corpusReason } from '../objects/corpus.ts';
import { type Handle, hex, LinuxBpf } from './bpf-syscall.ts';
import { frames } from './packets/frames.ts';
import { encodeOperations, operations, tcOperation, xdpOperation } from './packets/operations.ts';
import { OwnProgram } from './packets/own-run.ts';

const reason = LinuxBpf.reason() ?? corpusReason();
if (reason !== undefined) console.log(`skipped, ${reason}: programs on packets`);

const FOLDER = join(import.meta.dirname, 'packets');

function compile(name: string, folder: string): BpfObject {
  const file = join(folder, `${name}.o`);
  const include = `-I/usr/include/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;
  execFileSync('clang', [
    '-target',
    'bpf',
    '-g',
    '-O2',
    '-Wall',
    include,
    '-c',
    join(FOLDER, `${name}.c`),
    '-o',
    file,
  ]);
  return readObject(new Uint8Array(readFileSync(file)), name).object;
}

interface Way {
  readonly engine: EngineName;
  readonly factory?: EngineFactory;
  readonly trusted: boolean;
}

const WAYS: Readonly<Record<string, Way>> = {
  strict: { engine: 'reference', trusted: false },
  resident: { engine: 'resident', factory: residentEngine, trusted: true },
  direct: { engine: 'direct', factory: directEngine, trusted: true },
  'direct, checked': { engine: 'direct', factory: directEngine, trusted: false },
  binaryen: { engine: 'binaryen', factory: await binaryenEngine({ optimise: 0 }), trusted: true },
};

/** A program loaded into the kernel, and into a machine in each way it can run there. */
class Loaded {
  readonly object: BpfObject;
  readonly own: ReadonlyMap<string, OwnProgram>;
  readonly #kernel: LinuxBpf;
  readonly #maps: ReadonlyMap<string, Handle>;
  readonly #program: Handle;

  private constructor(
    object: BpfObject,
    own: ReadonlyMap<string, OwnProgram>,
    kernel: LinuxBpf,
    maps: ReadonlyMap<string, Handle>,
    program: Handle,
  ) {
    this.object = object;
    this.own = own;
    this.#kernel = kernel;
    this.#maps = maps;
    this.#program = program;
  }

  static async load(kernel: LinuxBpf, object: BpfObject, name: string): Promise<Loaded> {
    const { ok, log, program, maps } = await kernel.loadObject(object, name);
    if (!ok) throw new Error(`the kernel refused ${name}:\n${log}`);
    const own = Object.entries(WAYS).map(([way, { factory, trusted }]): [string, OwnProgram] => [
      way,
      new OwnProgram(object, name, factory, trusted),
    ]);
    return new Loaded(object, new Map(own), kernel, maps, program!);
  }

  /** Writes a variable of `.data` on both sides. */
  async setVariable(name: string, bytes: Uint8Array): Promise<void> {
    const { offset } = this.#variable(name);
    for (const { loaded } of this.own.values()) {
      const map = loaded.map('.data');
      const value = map.lookup(new Uint8Array(4))!.slice();
      value.set(bytes, offset);
      map.update(new Uint8Array(4), value, 0);
      await this.#kernel.update(this.#maps.get('.data')!, new Uint8Array(4), value);
    }
  }

  /** Puts an entry into a map on both sides. */
  async update(name: string, key: Uint8Array, value: Uint8Array): Promise<void> {
    for (const { loaded } of this.own.values()) expect(loaded.map(name).update(key, value, 0)).toBe(0);
    await this.#kernel.update(this.#maps.get(name)!, key, value);
  }

  #variable(name: string): { readonly offset: number; readonly size: number } {
    const { btf } = this.object;
    const section = btf!.type(this.object.maps.find((map) => map.name === '.data')!.btf!.value);
    if (section.kind !== 'datasec') throw new Error('no section');
    return section.variables.find(({ type }) => btf!.nameOf(type) === name)!;
  }

  /** What the kernel and each engine answer to a packet: result, bytes, maps. */
  async answers(
    packet: Uint8Array,
  ): Promise<{ readonly kernel: Answer; readonly own: Readonly<Record<string, Answer>> }> {
    const own: Record<string, Answer> = {};
    for (const [way, program] of this.own) {
      expect(program.engine).toBe(WAYS[way]!.engine);
      const { retval, data } = program.run(packet);
      own[way] = { retval, data: hex(data), maps: this.#ownMaps(program) };
    }
    const { retval, data } = await this.#kernel.testRun(this.#program, { data: packet });
    return { own, kernel: { retval, data: hex(data), maps: await this.#kernelMaps() } };
  }

  get #compared(): readonly string[] {
    return this.object.maps.filter(({ type }) => type === 'hash' || type === 'array').map(({ name }) => name);
  }

  #ownMaps({ loaded }: OwnProgram): Answer['maps'] {
    const entries = this.#compared.map((name): [string, readonly string[]] => [
      name,
      [...loaded.map(name).entries()].map(({ key, value }) => `${hex(key)}=${hex(value)}`).sort(),
    ]);
    return Object.fromEntries(entries);
  }

  async #kernelMaps(): Promise<Answer['maps']> {
    const maps: Record<string, readonly string[]> = {};
    for (const name of this.#compared) {
      const entries = await this.#kernel.dump(this.#maps.get(name)!);
      maps[name] = [...entries].map(([key, value]) => `${key}=${value}`).sort();
    }
    return maps;
  }
}

interface Answer {
  readonly retval: number;
  readonly data: string;
  readonly maps: Readonly<Record<string, readonly string[]>>;
}

const PROGRAMS = [
  'count_flows',
  'push_vlan',
  'pop_vlan',
  'encapsulate',
  'cut_trailer',
  'rewrite_address',
  'direct_write',
  'context_fields',
  'queue',
  'computed_queue',
  'sum_bytes',
  'filter',
  'relative',
  'filter_bytes',
  'own_group',
] as const;

describe.skipIf(reason !== undefined)('programs on packets: every engine = kernel', () => {
  let folder: string;
  let kernel: LinuxBpf;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'packets-'));
    kernel = await LinuxBpf.start();
  });
  afterAll(() => {
    kernel.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(PROGRAMS)('%s', async (name) => {
    const loaded = await Loaded.load(kernel, compile('programs', folder), name);
    const results = new Set<number>();
    for (const packet of frames(7, 300)) {
      const { own, kernel: linux } = await loaded.answers(packet);
      for (const way of Object.keys(WAYS))
        expect(own[way], `${name}, ${way}, on ${hex(packet)}`).toEqual(linux);
      results.add(linux.retval);
    }
    expect(results.size).toBeGreaterThan(
      ['direct_write', 'context_fields', 'queue', 'push_vlan'].includes(name) ? 0 : 1,
    );
  });

  test.each([
    ['tc', tcOperation, 1200],
    ['xdp', xdpOperation, 1000],
  ] as const)('operations of helpers: %s', async (kind, operation, rounds) => {
    const loaded = await Loaded.load(kernel, compile(`${kind}-ops`, folder), `${kind}_ops`);
    if (kind === 'xdp') await loaded.update('devices', new Uint8Array(4), new Uint8Array([1, 0, 0, 0]));
    const packets = frames(11, rounds);
    for (const [seed, packet] of packets.entries()) {
      const steps = operations(seed, operation);
      await loaded.setVariable('ops', encodeOperations(steps));
      const { own, kernel: linux } = await loaded.answers(packet);
      const text = JSON.stringify(steps, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
      for (const way of Object.keys(WAYS))
        expect(own[way], `${way}, seed ${seed}: ${text} on ${hex(packet)}`).toEqual(linux);
    }
  });
});
