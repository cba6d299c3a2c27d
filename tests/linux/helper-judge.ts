/** A program with helpers on both sides: what it writes into the map `out` for an input in the map `in`. */
import type { Btf } from '../../bpf/btf/index.ts';
import { CallKind } from '../../bpf/fields.ts';
import type { Instruction } from '../../bpf/instruction.ts';
import type { BpfObject } from '../../bpf/object.ts';
import type { ProgramTypeName } from '../../bpf/programs.ts';
import { ExecutionContext } from '../../runtime/helpers/execution-context.ts';
import { runtimeHelpers } from '../../runtime/helpers/table.ts';
import { tracerTask } from '../../runtime/host/program-host.ts';
import { createMachine, type LoadedImage, type Machine } from '../../vm/index.ts';
import { assembled } from '../vm/assembly.ts';
import { type Handle, hex, LinuxBpf } from './bpf-syscall.ts';

export const IN_SIZE = 128;
export const OUT_SIZE = 512;
export const MAPS: string = `.map in array key=4 value=${IN_SIZE} entries=1\n.map out array key=4 value=${OUT_SIZE} entries=1\n`;

export class HelperJudge {
  readonly #linux: LinuxBpf;
  readonly types: Btf | undefined;

  private constructor(linux: LinuxBpf, types: Btf | undefined) {
    this.#linux = linux;
    this.types = types;
  }

  static async start(types?: Btf): Promise<HelperJudge> {
    return new HelperJudge(await LinuxBpf.start(), types);
  }

  close(): void {
    this.#linux.close();
  }

  /** `constants` becomes a frozen map of that name. */
  async load(source: string, constants = '', type?: ProgramTypeName): Promise<Pair> {
    const bytes = new TextEncoder().encode(`${constants}\0`);
    const constant = `.map constants array key=4 value=${bytes.length} entries=1 flags=0x80\n.data constants ${hex(bytes)}\n`;
    const object = assembled(`${MAPS}${constant}${source}`);
    const maps = await this.#linux.createMaps(object);
    await this.#linux.freeze(maps.get('constants')!);
    const answer = await this.#linux.loadProgram(this.#numbered(object), 'main', maps, type);
    if (!answer.ok) throw new Error(`errno ${answer.errno}:\n${answer.log}`);
    return new Pair(this.#linux, answer.program!, maps, object, this.types);
  }

  /** Kernel functions by their number: looking each up in types that are read anew would take most of the time. */
  #numbered(object: BpfObject): BpfObject {
    const number = (one: Instruction): Instruction => {
      const { ref, ...rest } = one;
      if (ref?.kind !== 'kfunc') return one;
      return { ...rest, src: CallKind.kfunc, imm: this.types?.find(ref.name, 'func') ?? 0 };
    };
    const programs = object.programs.map((one) => ({ ...one, instructions: one.instructions.map(number) }));
    return { ...object, programs };
  }
}

/** One program, loaded on both. */
export class Pair {
  readonly #linux: LinuxBpf;
  readonly #program: Handle;
  readonly #maps: ReadonlyMap<string, Handle>;
  readonly #machine: Machine = createMachine({ memoryLimit: 4 << 20 });
  readonly #image: LoadedImage;

  constructor(
    linux: LinuxBpf,
    program: Handle,
    maps: ReadonlyMap<string, Handle>,
    object: BpfObject,
    types: Btf | undefined,
  ) {
    this.#linux = linux;
    this.#program = program;
    this.#maps = maps;
    this.#machine.kernelTypes = () => types;
    const context = new ExecutionContext(this.#machine.memory, tracerTask('judge', 1, 0), () => {});
    this.#machine.installHelpers(runtimeHelpers(context, this.#machine));
    this.#image = this.#machine.load(object);
  }

  /** What `out` holds afterwards on the kernel and on the machine. */
  async run(input: Uint8Array = new Uint8Array(0)): Promise<readonly [kernel: string, machine: string]> {
    const key = new Uint8Array(4);
    const value = new Uint8Array(IN_SIZE);
    value.set(input);
    const empty = new Uint8Array(OUT_SIZE).fill(0xee);
    await this.#linux.update(this.#maps.get('in')!, key, value);
    await this.#linux.update(this.#maps.get('out')!, key, empty);
    await this.#linux.testRun(this.#program, { context: new Uint8Array(16) });
    const dumped = await this.#linux.dump(this.#maps.get('out')!);
    const map = (name: string) => this.#image.maps.get(name)!;
    map('in').update(key, value);
    map('out').update(key, empty);
    this.#machine.run(this.#image.programs.get('main')!, 0, 0);
    return [[...dumped.values()][0]!, hex(map('out').lookup(key))];
  }

  /** With bytes in another map: `out`'s first number and what the map `result` holds, on the kernel and on the machine. */
  async runWith(
    name: string,
    bytes: Uint8Array,
    result: string,
  ): Promise<readonly [kernel: string, machine: string]> {
    const key = new Uint8Array(4);
    const own = this.#image.maps.get(result)!;
    const empty = new Uint8Array(own.valueSize);
    await this.#linux.update(this.#maps.get(name)!, key, bytes);
    await this.#linux.update(this.#maps.get(result)!, key, empty);
    this.#image.maps.get(name)!.update(key, bytes);
    own.update(key, empty);
    const [kernel, machine] = await this.run();
    const dumped = await this.#linux.dump(this.#maps.get(result)!);
    return [kernel.slice(0, 16) + [...dumped.values()][0]!, machine.slice(0, 16) + hex(own.lookup(key))];
  }

  unload(): Promise<void> {
    return this.#linux.unload(this.#program);
  }
}

/** Numbers, eight bytes each, then a text at byte 64. */
export function input(numbers: readonly bigint[], text: string | Uint8Array = ''): Uint8Array {
  const bytes = new Uint8Array(IN_SIZE);
  const view = new DataView(bytes.buffer);
  numbers.forEach((number, index) => {
    view.setBigInt64(index * 8, BigInt.asIntN(64, number), true);
  });
  bytes.set(typeof text === 'string' ? Buffer.from(text, 'latin1') : text, 64);
  return bytes;
}
