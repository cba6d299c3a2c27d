/**
 * The commands of `tests/linux/maprun.c` on a machine: the same lines in, the same answers out. A test writes a script of
 * lines once, and holds the answers of a machine, of a model and of Linux to each other.
 */
import type { Btf } from '../../../bpf/btf/btf.ts';
import { readBtf } from '../../../bpf/btf/index.ts';
import { decodeInstructions } from '../../../bpf/decode.ts';
import { type MapSpec, type MapTypeName, mapTypeById } from '../../../bpf/maps.ts';
import type { BpfObject } from '../../../bpf/object.ts';
import { programTypeById } from '../../../bpf/programs.ts';
import {
  createMachine,
  KERNEL_TAG,
  LoadError,
  type Machine,
  type MachineOptions,
  type Program,
  type UserMap,
} from '../../../vm/index.ts';
import type { LookupBatch } from '../../../vm/maps/map-batch.ts';
import { RingBufferMap } from '../../../vm/maps/ring-buffer-map.ts';
import { UserRingBufferMap } from '../../../vm/maps/user-ring-buffer-map.ts';

type MakeMachine = (options: MachineOptions) => Machine;

export class MachineRunner {
  readonly #options: MachineOptions;
  readonly #make: MakeMachine;
  #machine: Machine;
  #maps: (UserMap | undefined)[] = [];
  #specs: MapSpec[] = [];
  #programs: (Program | undefined)[] = [];
  readonly #btfs: Btf[] = [];
  #context = 0;
  #cursor: Uint8Array | undefined;

  /** `make` chooses the engine that runs programs; the default is the strict reference interpreter. */
  constructor(cpus: number, memoryLimit: number = 16 << 20, make: MakeMachine = createMachine) {
    this.#options = { cpus, memoryLimit };
    this.#make = make;
    this.#machine = this.#newMachine();
  }

  run(script: readonly string[]): readonly string[] {
    return script.map((line) => this.answer(line));
  }

  answer(line: string): string {
    const [command, ...a] = line.split(' ');
    switch (command) {
      case 'map':
        return this.#create(a);
      case 'btf':
        this.#btfs.push(readBtf(bytesOf(a[0]!)));
        return 'ok';
      case 'socket':
        return 'ok';
      case 'program':
        return this.#load(a);
      case 'run':
        return this.#run(a);
      case 'reset':
        // One machine serves many scripts: making one takes longer than most of them.
        if (this.#machine.memory.used > this.#machine.memory.limit / 2) this.#machine = this.#newMachine();
        this.#maps = [];
        this.#specs = [];
        this.#programs = [];
        this.#cursor = undefined;
        return 'ok';
      default: {
        const map = this.#maps[Number(a[0])];
        if (map === undefined) return 'err 9';
        return this.#command(command!, map, a.slice(1));
      }
    }
  }

  #command(command: string, map: UserMap, a: readonly string[]): string {
    const { syscalls } = map;
    const flags = (text: string | undefined): number => Number(text ?? 0);
    const key = (): Uint8Array => this.#operand(a[0]!, map.keySize);
    switch (command) {
      case 'update':
        return status(syscalls.update(key(), this.#operand(a[1]!, syscalls.valueSize), flags(a[2])));
      case 'lookup':
        return this.#value(map, syscalls.lookup(key(), flags(a[1]), this.#asked(map, a[2])));
      case 'take':
        return this.#value(map, syscalls.lookupAndDelete(key(), flags(a[1])));
      case 'delete':
        return status(syscalls.delete(key()));
      case 'next': {
        const next = syscalls.nextKey(a[0] === '-' ? undefined : key());
        return typeof next === 'number' ? status(next) : `ok ${hexOf(next)}`;
      }
      case 'freeze':
        return status(syscalls.freeze());
      case 'get-batch': {
        const from = a[1] === '^' ? this.#cursor : a[1] === '-' ? undefined : bytesOf(a[1]!);
        const read = syscalls.lookupBatch(Number(a[0]), from, flags(a[2]), a[3] === '1');
        if (read.count > 0) this.#cursor = read.cursor;
        return batch(read);
      }
      case 'put-batch': {
        const { errno, count } = syscalls.updateBatch(bytesOf(a[0]!), bytesOf(a[1]!), flags(a[2]));
        return `${status(errno)} ${count}`;
      }
      case 'delete-batch': {
        const { errno, count } = syscalls.deleteBatch(bytesOf(a[0]!), flags(a[1]));
        return `${status(errno)} ${count}`;
      }
      case 'ring':
        return this.#drain(map, Number(a[1]));
      case 'push':
        if (!(map.map instanceof UserRingBufferMap)) return 'err 22';
        return status(map.map.submit(bytesOf(a[1]!)));
      default:
        throw new Error(`no command ${command}`);
    }
  }

  #newMachine(): Machine {
    const machine = this.#make({
      ...this.#options,
      // The loopback device is number 1, and nobody has a thousand of anything else.
      objects: (kind, number) => number <= (kind === 'device' ? 1 : 1000),
    });
    this.#context = machine.memory.allocateRegion(512, { kind: 'context', label: 'context' });
    return machine;
  }

  #create(a: readonly string[]): string {
    const [type, keySize, valueSize, maxEntries, flags, extra, node, btf, keyType, valueType, inner] = a;
    const types = { key: Number(keyType), value: Number(valueType) };
    const row = mapTypeById(Number(type));
    if (row === undefined) throw new Error(`no map type ${type}`);
    const spec: MapSpec = {
      type: row.name,
      keySize: Number(keySize),
      valueSize: Number(valueSize),
      maxEntries: Number(maxEntries),
      flags: Number(flags),
      mapExtra: BigInt(extra!),
      numaNode: Number(node),
      ...(types.key + types.value > 0 && { btf: types }),
      ...(inner !== '-' && { inner: this.#specs[Number(inner)]! }),
    };
    this.#specs.push(spec);
    try {
      const name = `m${this.#maps.length}`;
      this.#maps.push(
        this.#machine.createMap({ ...spec, name }, btf === '-' ? undefined : this.#btfs[Number(btf)]),
      );
      return 'ok';
    } catch (error) {
      if (!(error instanceof LoadError)) throw error;
      this.#maps.push(undefined);
      return status(error.errno ?? 0);
    }
  }

  #load(a: readonly string[]): string {
    const maps = new Map<number, UserMap>();
    for (const relocation of a[2] === '-' ? [] : a[2]!.split(',')) {
      const [slot, map] = relocation.split(':').map(Number);
      maps.set(slot!, this.#maps[map!]!);
    }
    const { instructions, slots } = decodeInstructions(bytesOf(a[1]!));
    const main = instructions.map((one, i) => {
      const map = maps.get(slots[i]!);
      if (map === undefined) return one;
      return { ...one, src: 0 as const, imm: map.map.layout.base, immHigh: KERNEL_TAG };
    });
    const type = programTypeById(Number(a[0]))!.name;
    const object: BpfObject = {
      name: 'script',
      endian: 'little',
      license: 'GPL',
      programs: [{ name: 'main', type, section: type, attach: [], instructions: main }],
      functions: [],
      maps: [],
      data: new Map(),
      sources: [],
    };
    this.#programs.push(this.#machine.load(object).programs.get('main'));
    return 'ok';
  }

  #run(a: readonly string[]): string {
    this.#machine.memory.write(this.#context, bytesOf(a[1]!));
    const registers = this.#machine.run(this.#programs[Number(a[0])]!, Number(a[2]), this.#context);
    return `ok ${registers[0]}`;
  }

  #drain(map: UserMap, shown: number): string {
    if (!(map.map instanceof RingBufferMap)) return 'err 22';
    const records: string[] = [];
    map.map.ring.drain((address, length) => {
      const bytes = this.#machine.memory.bytes(address, Math.min(length, shown));
      records.push(`${length}:${hexOf(bytes)}`);
    });
    return ['ok', ...records].join(' ');
  }

  /** Bytes, or the number of something. */
  #operand(text: string, size: number): Uint8Array {
    if (!text.startsWith('@')) return bytesOf(text);
    const index = Number(text.slice(2));
    const id =
      text[1] === 'm'
        ? (this.#maps[index]?.id ?? 0)
        : text[1] === 'p'
          ? this.#programs[index]!.slot + 1
          : index + 1;
    const bytes = new Uint8Array(size);
    new DataView(bytes.buffer).setUint32(0, id, true);
    return bytes;
  }

  #asked(map: UserMap, text: string | undefined): Uint8Array | undefined {
    return map.map.definition.type === 'bloom_filter' ? bytesOf(text ?? '-') : undefined;
  }

  #value(map: UserMap, value: Uint8Array | number): string {
    if (typeof value === 'number') return status(value);
    const { type } = map.map.definition;
    if (SOCKETS.includes(type)) return `ok s${new DataView(value.buffer).getUint32(0, true) - 1}`;
    if (type !== 'prog_array' && type !== 'array_of_maps' && type !== 'hash_of_maps') {
      return `ok ${hexOf(value)}`;
    }
    const id = new DataView(value.buffer, value.byteOffset).getUint32(0, true);
    if (type === 'prog_array') return `ok p${this.#programs.findIndex((one) => one?.slot === id - 1)}`;
    return `ok m${this.#maps.findIndex((one) => one?.id === id)}`;
  }
}

const SOCKETS: readonly MapTypeName[] = ['sockmap', 'sockhash', 'reuseport_sockarray'];

function status(errno: number): string {
  return errno < 0 ? `err ${-errno}` : 'ok';
}

function batch({ errno, count, keys, values, cursor }: LookupBatch): string {
  const last = count === 0 || cursor === undefined ? '-' : hexOf(cursor);
  return [status(errno), count, hexOf(keys), hexOf(values), last].join(' ');
}

/** `-` stands for none. */
export function hexOf(bytes: Uint8Array): string {
  return bytes.length === 0 ? '-' : bytes.toHex();
}

export function bytesOf(text: string): Uint8Array {
  return text === '-' ? new Uint8Array(0) : Uint8Array.fromHex(text);
}
