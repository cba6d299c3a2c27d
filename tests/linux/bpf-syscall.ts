/**
 * bpf(2) on this machine's kernel for tests: create maps, load, test-run, dump. It compiles and drives `bpfrun.c` and
 * attaches nothing. `LinuxBpf.reason()` says why it cannot work here (no Linux, not root, no compiler), for `describe.skipIf`.
 *
 *     const bpf = await LinuxBpf.start();
 *     const { ok, log, program } = await bpf.loadObject(object, 'main');   // or createMap + load
 *     const { retval } = await bpf.testRun(program!, { data: new Uint8Array(64) });
 */
import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Btf, readBtf } from '../../bpf/btf/index.ts';
import { encodeInstructions } from '../../bpf/encode.ts';
import { linkProgram } from '../../bpf/link.ts';
import { type MapSpec, mapType } from '../../bpf/maps.ts';
import type { BpfObject } from '../../bpf/object.ts';
import { findProgramType, type ProgramTypeName } from '../../bpf/programs.ts';
import { missingType } from '../../bpf/sections.ts';
import { functionInfo } from './function-info.ts';

/** Number of a map, a program or BTF inside one LinuxBpf. */
export type Handle = number;

export interface LoadRequest {
  readonly type: ProgramTypeName;
  /** The linked program, eight bytes a slot. */
  readonly bytes: Uint8Array;
  readonly license?: string;
  /** Wide loads whose immediate becomes a map's file descriptor. */
  readonly maps?: readonly { readonly slot: number; readonly map: Handle }[];
  /** First slot and name of each function: needed for callbacks. */
  readonly functions?: readonly { readonly slot: number; readonly name: string }[];
  /** BPF_LOG bits: 1 (as is) the path, 2 every state, 4 figures alone. */
  readonly logLevel?: number;
}

export interface LoadAnswer {
  readonly ok: boolean;
  readonly program?: Handle;
  readonly errno?: number;
  /** The verifier's words. */
  readonly log: string;
}

export interface ObjectAnswer extends LoadAnswer {
  readonly maps: ReadonlyMap<string, Handle>;
}

export interface RunAnswer {
  readonly retval: number;
  readonly nanoseconds: number;
  readonly data: Uint8Array;
}

export class LinuxBpf {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #folder: string;
  readonly #waiting: ((line: string) => void)[] = [];

  private constructor(child: ChildProcessWithoutNullStreams, folder: string) {
    this.#child = child;
    this.#folder = folder;
    createInterface({ input: child.stdout }).on('line', (line) => this.#waiting.shift()?.(line));
    child.on('exit', () => {
      for (const done of this.#waiting.splice(0)) done('err 32');
    });
  }

  /** Why it cannot work here, or undefined. */
  static reason(): string | undefined {
    if (process.platform !== 'linux') return 'not Linux';
    if (process.getuid?.() !== 0) return 'not root';
    try {
      execFileSync('gcc', ['--version'], { stdio: 'ignore' });
      return undefined;
    } catch {
      return 'no gcc';
    }
  }

  static async start(): Promise<LinuxBpf> {
    const folder = mkdtempSync(join(tmpdir(), 'bpfrun-'));
    const binary = join(folder, 'bpfrun');
    execFileSync('gcc', ['-O1', '-o', binary, join(import.meta.dirname, 'bpfrun.c')]);
    return new LinuxBpf(spawn(binary, { stdio: 'pipe' }), folder);
  }

  close(): void {
    this.#child.stdin.end();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Rejects with the errno in the message. */
  async createMap(spec: MapSpec): Promise<Handle> {
    const { type, keySize, valueSize, flags } = spec;
    const entries = type === 'perf_event_array' && spec.maxEntries === 0 ? possibleCpus() : spec.maxEntries;
    return this.#number(`map ${mapType(type).id} ${keySize} ${valueSize} ${entries} ${flags}`);
  }

  async load(request: LoadRequest): Promise<LoadAnswer> {
    const functions = request.functions ?? [];
    let btf = '-';
    if (functions.length > 1) {
      btf = String(await this.#number(`btf ${hex(functionInfo(functions).btf)}`));
    }
    const answer = await this.#send(loadCommand(request, btf));
    const [status, number, log] = answer.split(' ');
    const text = new TextDecoder().decode(unhex(log ?? '-'));
    if (status === 'ok') return { ok: true, program: Number(number), log: text };
    return { ok: false, errno: Number(number), log: text };
  }

  /** BPF_BTF_LOAD of a `.BTF` section; what was loaded is let go at once. */
  async loadBtf(bytes: Uint8Array): Promise<Omit<LoadAnswer, 'program'>> {
    const [status, number, log] = (await this.#send(`btf ${hex(bytes)}`)).split(' ');
    const text = new TextDecoder().decode(unhex(log ?? '-'));
    if (status !== 'ok') return { ok: false, errno: Number(number), log: text };
    await this.unload(Number(number));
    return { ok: true, log: text };
  }

  /** Creates an object's maps with their data and loads one of its programs, as `type` when given. */
  async loadObject(object: BpfObject, name: string, type?: ProgramTypeName): Promise<ObjectAnswer> {
    const maps = await this.createMaps(object);
    return { ...(await this.loadProgram(object, name, maps, type)), maps };
  }

  /** An object's maps by name, data maps filled. */
  async createMaps(object: BpfObject): Promise<ReadonlyMap<string, Handle>> {
    const maps = new Map<string, Handle>();
    for (const definition of object.maps) {
      const map = await this.createMap(definition);
      maps.set(definition.name, map);
      const data = object.data.get(definition.name);
      if (data === undefined) continue;
      const value = new Uint8Array(definition.valueSize);
      value.set(data);
      await this.update(map, new Uint8Array(definition.keySize), value);
    }
    return maps;
  }

  async loadProgram(
    object: BpfObject,
    name: string,
    maps: ReadonlyMap<string, Handle>,
    type?: ProgramTypeName,
  ): Promise<LoadAnswer> {
    const request = loadRequest(object, name, maps, type);
    return 'log' in request ? request : this.load(request);
  }

  /** Socket filter, XDP and sched_cls want `data` of at least 14 bytes; raw_tracepoint wants `context` (u64 arguments) only. */
  async testRun(
    program: Handle,
    input: { readonly data?: Uint8Array; readonly context?: Uint8Array; readonly repeat?: number } = {},
  ): Promise<RunAnswer> {
    const { data, context, repeat = data === undefined ? 0 : 1 } = input;
    const answer = await this.#send(`run ${program} ${hex(data)} ${hex(context)} ${repeat}`);
    const [status, retval, nanoseconds, out] = answer.split(' ');
    if (status !== 'ok') throw new Error(`BPF_PROG_TEST_RUN: errno ${retval}`);
    return { retval: Number(retval), nanoseconds: Number(nanoseconds), data: unhex(out ?? '-') };
  }

  async update(map: Handle, key: Uint8Array, value: Uint8Array, flags = 0): Promise<void> {
    await this.#number(`update ${map} ${hex(key)} ${hex(value)} ${flags}`);
  }

  /** All entries, bytes in hexadecimal; per-CPU values have every possible CPU's copy, each padded to 8 bytes. */
  async dump(map: Handle): Promise<ReadonlyMap<string, string>> {
    const answer = await this.#send(`dump ${map}`);
    const entries = answer.split(' ').slice(1);
    return new Map(entries.map((entry) => entry.split('=') as [string, string]));
  }

  /** User space cannot write to it any more; with BPF_F_RDONLY_PROG its contents are constants to the verifier. */
  async freeze(map: Handle): Promise<void> {
    await this.#number(`freeze ${map}`);
  }

  async unload(program: Handle): Promise<void> {
    await this.#number(`unload ${program}`);
  }

  async #number(command: string): Promise<number> {
    const answer = await this.#send(command);
    const [status, number, log] = answer.split(' ');
    if (status === 'ok') return Number(number);
    const why = log === undefined ? '' : `: ${new TextDecoder().decode(unhex(log))}`;
    throw new Error(`bpf(2) ${command.slice(0, 60)}: errno ${number}${why}`);
  }

  #send(command: string): Promise<string> {
    return new Promise((done) => {
      this.#waiting.push(done);
      this.#child.stdin.write(`${command}\n`);
    });
  }
}

/** The line that loads; `btf` names what was loaded of the functions' types, or is `-`. */
export function loadCommand(request: LoadRequest, btf: string): string {
  const type = findProgramType(request.type)!.id;
  const license = hex(new TextEncoder().encode(request.license ?? 'GPL'));
  const maps = (request.maps ?? []).map(({ slot, map }) => `${slot}:${map}`).join(',') || '-';
  const functions = request.functions ?? [];
  const info = functions.length > 1 ? hex(functionInfo(functions).records) : '-';
  return `load ${type} ${license} ${hex(request.bytes)} ${maps} ${btf} ${info} ${request.logLevel ?? 1}`;
}

/** What `load` is to be told of one of an object's programs; why it cannot be loaded. */
export function loadRequest(
  object: BpfObject,
  name: string,
  maps: ReadonlyMap<string, Handle>,
  type?: ProgramTypeName,
): LoadRequest | LoadAnswer {
  const program = object.programs.find((one) => one.name === name);
  if (program === undefined) throw new Error(`no program ${name}`);
  const chosen = type ?? program.type;
  if (chosen === 'unspec') return { ok: false, log: missingType(program)! };
  const linked = linkProgram(program, object.functions);
  const { bytes, holes, problems } = encodeInstructions(linked.instructions);
  const wrong = [...linked.problems, ...problems].map((one) => `slot ${one.slot}: ${one.message}`);
  if (wrong.length > 0) return { ok: false, log: wrong.join('\n') };
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const relocations = holes.flatMap(({ slot, ref }) => {
    if (ref.kind === 'ksym') {
      bytes[slot * 8 + 1] = bytes[slot * 8 + 1]! & 15;
      const address = kernelSymbol(ref.name);
      view.setInt32(slot * 8 + 4, Number(BigInt.asIntN(32, address)), true);
      view.setInt32(slot * 8 + 12, Number(BigInt.asIntN(32, address >> 32n)), true);
      return [];
    }
    if (ref.kind === 'kfunc') {
      view.setInt32(slot * 8 + 4, kernelTypes().find(ref.name, 'func') ?? 0, true);
      return [];
    }
    if (ref.kind !== 'map' && ref.kind !== 'map-value')
      throw new Error(`${ref.kind} ${ref.name} in a test program`);
    bytes[slot * 8 + 1] = (bytes[slot * 8 + 1]! & 15) | ((ref.kind === 'map' ? 1 : 2) << 4);
    if (ref.kind === 'map-value') view.setInt32(slot * 8 + 12, ref.offset, true);
    return [{ slot, map: maps.get(ref.name)! }];
  });
  const { license } = object;
  return { type: chosen, bytes, license, maps: relocations, functions: linked.functions };
}

/** The running kernel's own. */
export function kernelTypes(): Btf {
  return readBtf(new Uint8Array(readFileSync('/sys/kernel/btf/vmlinux')));
}

/** The number that libbpf fills in for a perf event array of no size. */
/** As libbpf finds a symbol without a type. Kernels without KALLSYMS_ALL list no variables: to the verifier any number is one. */
function kernelSymbol(name: string): bigint {
  const found = new RegExp(`^([0-9a-f]+) \\S ${name}$`, 'm').exec(readFileSync('/proc/kallsyms', 'latin1'));
  return found === null ? 0xffff_ffff_8100_0000n : BigInt(`0x${found[1]}`);
}

function possibleCpus(): number {
  const ranges = readFileSync('/sys/devices/system/cpu/possible', 'latin1').trim().split(',');
  return Number(ranges.at(-1)!.split('-').at(-1)) + 1;
}

export function hex(bytes: Uint8Array | undefined): string {
  return bytes === undefined || bytes.length === 0 ? '-' : bytes.toHex();
}

function unhex(text: string): Uint8Array {
  return text === '-' ? new Uint8Array(0) : Uint8Array.fromHex(text);
}
