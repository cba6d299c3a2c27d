/** Programs of an object on the machine, one packet at a time, as the kernel's test runs have them. */
import type { BpfObject } from '../../../bpf/object.ts';
import type { LoadedObject } from '../../../runtime/kernel.ts';
import { judgePacketPrograms } from '../../../runtime/packet/context-accesses.ts';
import { rewriteContext } from '../../../runtime/packet/context-rewrite.ts';
import { PacketHost, packetContext } from '../../../runtime/packet/packet-host.ts';
import { packetKernelInfo } from '../../../runtime/packet/packet-info.ts';
import { isPacketType } from '../../../runtime/packet/verdict.ts';
import type { EngineFactory, Program } from '../../../vm/index.ts';

export interface OwnRun {
  readonly retval: number;
  readonly data: Uint8Array;
}

export class OwnProgram {
  readonly loaded: LoadedObject;
  readonly #host: PacketHost;
  readonly #program: Program;

  /** `trusted` counts with an engine: without one every access is checked. */
  constructor(object: BpfObject, name: string, engine: EngineFactory | undefined, trusted: boolean) {
    const program = object.programs.find((one) => one.name === name)!;
    const { type } = program;
    if (!isPacketType(type)) throw new Error(`${name} does not run on packets`);
    const alone = { ...object, programs: [program] };
    const [judged] = judgePacketPrograms(alone, packetKernelInfo());
    if (judged?.accepted !== true)
      throw new Error(`${name} is not accepted: ${judged?.refusal?.explanation.message}`);
    const rewritten = rewriteContext(alone, packetContext(type), [judged]);
    this.#host = new PacketHost({ type, largest: 4096, socketStart: 'network', engine });
    this.loaded = this.#host.host.load(rewritten, new Set(trusted ? [name] : []));
    this.#program = this.#host.program(rewritten.programs[0]!);
  }

  /** The engine that runs it: not every one takes every program. */
  get engine(): string {
    return this.#host.host.machine.runnable(this.#program).engine;
  }

  run(packet: Uint8Array): OwnRun {
    if (!this.#host.begin(packet, 1)) throw new Error('the packet has no header');
    const retval = this.#host.run([this.#program]) >>> 0;
    const { packet: left } = this.#host.state;
    if (left.kind === 'xdp') return { retval, data: left.testBytes().slice() };
    if (this.#host.type === 'sched_cls') return { retval, data: left.bytes().slice() };
    // The kernel puts an empty header before what such a program saw.
    const data = new Uint8Array(left.length + 14);
    data.set(left.bytes(), 14);
    return { retval, data };
  }
}
