/**
 * A machine for programs of one packet type: the packet's memory, the context over it, the helpers. It takes objects whose
 * accesses to the context are rewritten, and one packet at a time.
 */
import type { ContextName } from '../../bpf/contexts.ts';
import type { BpfProgram } from '../../bpf/object.ts';
import { contextOf, programType } from '../../bpf/programs.ts';
import type { EngineFactory, Program } from '../../vm/index.ts';
import { ProgramHost, tracerTask } from '../host/program-host.ts';
import { LINKTYPE } from '../pcap/capture.ts';
import { ETH_HLEN } from './ethernet.ts';
import { packetKfuncs, SkbDynptrs, XdpDynptrs } from './helpers/dynptrs.ts';
import { skbHelpers, xdpProgramHelpers } from './helpers/table.ts';
import { SkbLoads } from './packet-loads.ts';
import { PacketRoom } from './packet-room.ts';
import { PacketState } from './packet-state.ts';
import { SkBuff, type SkbStart, skbRoomSize } from './sk-buff.ts';
import type { PacketType } from './verdict.ts';
import { XdpBuffer, xdpRoomSize } from './xdp-buffer.ts';

export interface PacketHostOptions {
  readonly type: PacketType;
  /** Bytes of the largest packet to come. */
  readonly largest: number;
  readonly seed?: number;
  /** Runs programs; without it the reference interpreter does, and checks each access by what it is to. */
  readonly engine?: EngineFactory | undefined;
  /**
   * Where packets begin for socket filters: at the link layer, as packet sockets have them (the default), or after it, as the
   * kernel's test runs have them. Programs of cgroups never see the link layer, the others always do.
   */
  readonly socketStart?: SkbStart;
}

/** Of the machine: softirqs run in whatever task there is. */
const TASK = tracerTask('swapper/0', 0, 0);

export class PacketHost {
  readonly type: PacketType;
  readonly host: ProgramHost;
  readonly state: PacketState;
  readonly #start: SkbStart;

  constructor(options: PacketHostOptions) {
    const { type, largest, seed = 1, engine } = options;
    this.type = type;
    this.host = new ProgramHost({ cpus: 1, seed, tracer: TASK, engine });
    const { machine } = this.host;
    if (type === 'xdp') {
      const state = new PacketState(
        machine,
        new XdpBuffer(new PacketRoom(machine.memory, xdpRoomSize(largest))),
      );
      machine.installHelpers(xdpProgramHelpers(state));
      machine.packetDynptrs = new XdpDynptrs(state);
      this.state = state;
    } else {
      const state = new PacketState(
        machine,
        new SkBuff(new PacketRoom(machine.memory, skbRoomSize(largest))),
      );
      machine.installHelpers(skbHelpers(state));
      machine.packet = new SkbLoads(state.packet);
      machine.packetDynptrs = new SkbDynptrs(state);
      this.state = state;
    }
    const readOnly = type === 'socket_filter' || type === 'cgroup_skb';
    machine.installKfuncs(packetKfuncs(this.state, readOnly));
    this.#start = startOf(options);
  }

  /** Puts a packet in place; false when programs of this type never see such a one (a frame without a whole header). */
  begin(bytes: Uint8Array, linkType: number): boolean {
    const { packet } = this.state;
    this.state.reset();
    if (packet.kind === 'xdp') packet.begin(bytes);
    else if (linkType !== LINKTYPE.ETHERNET) packet.beginRaw(bytes);
    else if (bytes.length < ETH_HLEN) return false;
    else packet.beginFrame(bytes, this.#start);
    return true;
  }

  /** Time comes so far, and timers that programs started fire on the way. Nanoseconds of the clock programs see. */
  advance(time: number): void {
    const { host } = this;
    while (host.nextTimer <= time && !host.stopped) host.fireTimers(() => TASK);
    host.context.setTime(time);
  }

  /** The loaded form of a program of an object that was loaded into `host`. */
  program(program: BpfProgram): Program {
    return this.host.program(program);
  }

  /** Runs a program at the packet; r0's low half, signed. Throws VmFault. */
  run(programs: readonly Program[]): number {
    this.host.run(programs, 0, this.state.packet.context.address);
    return this.host.machine.registers[0]!;
  }
}

function startOf({ type, socketStart = 'link' }: PacketHostOptions): SkbStart {
  if (type === 'cgroup_skb') return 'network';
  return type === 'socket_filter' ? socketStart : 'link';
}

/** Of r1 of a packet type. */
export function packetContext(type: PacketType): ContextName {
  return contextOf(programType(type))!.name;
}
