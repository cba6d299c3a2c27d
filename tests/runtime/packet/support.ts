/** Programs on packets from assembly text, run one packet at a time. */
import { assemble } from '../../../bpf/asm/index.ts';
import type { BpfObject } from '../../../bpf/object.ts';
import { type JudgedProgram, judgePacketPrograms } from '../../../runtime/packet/context-accesses.ts';
import { rewriteContext } from '../../../runtime/packet/context-rewrite.ts';
import { PacketHost, type PacketHostOptions, packetContext } from '../../../runtime/packet/packet-host.ts';
import { packetKernelInfo } from '../../../runtime/packet/packet-info.ts';
import { isPacketType, type PacketType } from '../../../runtime/packet/verdict.ts';

/** An object of one program, `main`; `text` may go on with functions, `declared` are its maps and kernel functions. */
export function packetObject(section: string, text: string, declared = ''): BpfObject {
  const source = `.license GPL\n${declared}.program main ${section}\n${text}`;
  const { object, diagnostics } = assemble(source, 'test.s');
  if (object === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return object;
}

export function judge(object: BpfObject): JudgedProgram {
  return judgePacketPrograms(object, packetKernelInfo())[0]!;
}

export function typeOf(object: BpfObject): PacketType {
  const { type } = object.programs[0]!;
  if (!isPacketType(type)) throw new Error(`${type} does not run on packets`);
  return type;
}

export interface Ran {
  readonly result: number;
  readonly bytes: Uint8Array;
  readonly host: PacketHost;
  /** What the program wrote to its output buffers. */
  readonly records: readonly Uint8Array[];
}

/** Runs the program over one frame, strictly. */
export function runOnPacket(
  object: BpfObject,
  frame: readonly number[],
  options: Partial<PacketHostOptions> = {},
): Ran {
  const type = typeOf(object);
  const rewritten = rewriteContext(object, packetContext(type), [judge(object)]);
  const host = new PacketHost({ type, largest: 2048, ...options });
  host.host.load(rewritten);
  if (!host.begin(new Uint8Array(frame), 1)) throw new Error('the frame is too short');
  const records: Uint8Array[] = [];
  host.host.consumer = {
    record: (bytes) => records.push(bytes.slice()),
    lost: () => {},
    warning: () => {},
    stopped: false,
  };
  const result = host.run([host.program(rewritten.programs[0]!)]);
  const { packet } = host.state;
  const bytes = packet.kind === 'xdp' ? packet.bytes() : packet.wireBytes();
  return { result, bytes: bytes.slice(), host, records };
}

/** An Ethernet frame to `lo`, whose payload counts from 1. */
export function frameOf(payload: number, type = 0x0800): readonly number[] {
  const addresses = [0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1];
  return [
    ...addresses,
    type >> 8,
    type & 0xff,
    ...Array.from({ length: payload }, (_, index) => (index + 1) & 0xff),
  ];
}
