/** Goes over a capture with a program: once for what becomes of the packets, and again for the time it takes. */
import type { BpfProgram } from '../../bpf/object.ts';
import { type Program, VmFault } from '../../vm/index.ts';
import type { Capture, CapturedPacket } from '../pcap/capture.ts';
import type { PacketHost } from './packet-host.ts';
import type { PacketReport } from './packet-report.ts';
import { PacketTally } from './packet-tally.ts';

export interface PassOptions {
  readonly capture: Capture;
  /** Runs of each packet, for the time. Default 1. */
  readonly repeat?: number;
  readonly signal?: AbortSignal;
  /** Takes what leaves, in order: packets that pass or are redirected, and copies. The bytes are valid during the call. */
  readonly leaving: (bytes: Uint8Array, packet: CapturedPacket) => void;
  /** Takes what the user should know. */
  readonly note: (message: string) => void;
}

/** The clock of the machine when the first packet comes: one second after it began. */
const START_NS = 1e9;

/** Packets that are timed together. */
const SAMPLE = 1000;

export class PacketPasses {
  readonly #host: PacketHost;
  readonly #programs: readonly Program[];
  readonly #linkType: number;
  readonly #options: PassOptions;

  constructor(host: PacketHost, program: Program, linkType: number, options: PassOptions) {
    this.#host = host;
    this.#programs = [program];
    this.#linkType = linkType;
    this.#options = options;
  }

  /** Throws a VmFault where a packet makes the program do wrong. */
  run({ name, section }: BpfProgram): PacketReport {
    const { repeat = 1 } = this.#options;
    const { type } = this.#host;
    const tally = new PacketTally(type);
    const { times, tooShort } = this.#first(tally);
    const runs = times.length;
    return {
      program: name,
      section,
      type,
      packets: runs + tooShort,
      verdicts: tally.verdicts,
      redirects: tally.redirects,
      tooShort,
      repeat,
      nsPerPacket: repeat > 1 && runs > 0 ? this.#timed(repeat - 1) / runs : median(times),
    };
  }

  /** Nanoseconds of each run, and packets that were too short for one. */
  #first(tally: PacketTally): { readonly times: Float64Array; readonly tooShort: number } {
    const { capture, leaving, signal } = this.#options;
    const host = this.#host;
    const clock = new CaptureClock(capture.packets);
    const times = new Float64Array(capture.packets.length);
    let runs = 0;
    let tooShort = 0;
    for (const [index, packet] of capture.packets.entries()) {
      if (signal?.aborted === true) break;
      host.advance(clock.at(packet));
      if (!host.begin(packet.data, this.#linkType)) {
        tooShort++;
        continue;
      }
      const start = performance.now();
      const result = this.#runAt(index);
      times[runs++] = (performance.now() - start) * 1e6;
      for (const bytes of tally.add(result, packet.data.length, host.state)) leaving(bytes, packet);
    }
    return { times: times.subarray(0, runs), tooShort };
  }

  #runAt(index: number): number {
    try {
      return this.#host.run(this.#programs);
    } catch (error) {
      if (error instanceof VmFault)
        this.#options.note(`packet ${index + 1} of the capture stopped the program`);
      throw error;
    }
  }

  /** Nanoseconds of a pass, the median of so many, without what putting the packets in place takes. */
  #timed(passes: number): number {
    const { packets } = this.#options.capture;
    // A few packets are over before a clock has moved.
    const together = Math.max(1, Math.ceil(SAMPLE / Math.max(1, packets.length)));
    const samples: number[] = [];
    for (let left = passes; left > 0 && this.#options.signal?.aborted !== true; left -= together) {
      const rounds = Math.min(left, together);
      const milliseconds = this.#passes(rounds, this.#programs) - this.#passes(rounds, []);
      samples.push(Math.max(0, milliseconds * 1e6) / rounds);
    }
    return median(Float64Array.from(samples));
  }

  /** Milliseconds. */
  #passes(rounds: number, programs: readonly Program[]): number {
    const { packets } = this.#options.capture;
    const start = performance.now();
    for (let round = 0; round < rounds; round++) {
      for (const { data } of packets) if (this.#host.begin(data, this.#linkType)) this.#host.run(programs);
    }
    return performance.now() - start;
  }
}

/** 0 of none. */
function median(values: Float64Array): number {
  return values.sort()[values.length >> 1] ?? 0;
}

/** Time of the machine at each packet: that of the capture, and never back. */
class CaptureClock {
  readonly #seconds: number;
  readonly #nanoseconds: number;
  #last = START_NS;

  constructor(packets: readonly CapturedPacket[]) {
    this.#seconds = packets[0]?.seconds ?? 0;
    this.#nanoseconds = packets[0]?.nanoseconds ?? 0;
  }

  at({ seconds, nanoseconds }: CapturedPacket): number {
    const now = START_NS + (seconds - this.#seconds) * 1e9 + (nanoseconds - this.#nanoseconds);
    this.#last = Math.max(this.#last, now);
    return this.#last;
  }
}
