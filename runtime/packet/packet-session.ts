/**
 * Runs a program of an object over the packets of a capture: verified, its accesses to the context rewritten, a packet after
 * the other, as a network card or a queueing discipline would hand them in.
 */
import type { CoreProblem } from '../../bpf/core/index.ts';
import type { BpfObject, BpfProgram } from '../../bpf/object.ts';
import { LoadError } from '../../vm/fault.ts';
import type { EngineFactory } from '../../vm/index.ts';
import { programId } from '../../vm/maps/handles.ts';
import { countingConsumer } from '../counting-consumer.ts';
import type { LoadedObject } from '../kernel.ts';
import { printMap } from '../object-maps.ts';
import type { OutputSink } from '../output/sink.ts';
import { type Capture, LINKTYPE } from '../pcap/capture.ts';
import { type KernelFacts, runnableObject } from '../runnable-object.ts';
import { VerificationError } from '../verification-error.ts';
import { type JudgedProgram, judgePacketPrograms } from './context-accesses.ts';
import { rewriteContext } from './context-rewrite.ts';
import { applySettings } from './map-settings.ts';
import { PacketHost, packetContext } from './packet-host.ts';
import { packetKernelInfo } from './packet-info.ts';
import { PacketPasses, type PassOptions } from './packet-passes.ts';
import type { PacketReport } from './packet-report.ts';
import { isPacketType, type PacketType } from './verdict.ts';

export interface PacketSessionOptions extends PassOptions {
  readonly object: BpfObject;
  /** Name of the program, or of its section; the first on packets where absent. */
  readonly program?: string;
  readonly seed?: number;
  /** Runs programs; the reference interpreter without it. */
  readonly engine?: EngineFactory;
  readonly facts?: KernelFacts;
  /** What is in maps before the first packet: see `map-settings.ts`. */
  readonly settings?: readonly string[];
  /** False: run what Linux would refuse, too. */
  readonly verify?: boolean;
  readonly sink: OutputSink;
  readonly relocationProblems: (problems: readonly CoreProblem[]) => void;
  /** Takes the result, before the maps are printed. */
  readonly report: (report: PacketReport) => void;
}

/** Rejects with a VerificationError when Linux would refuse the program, with a LoadError when it cannot be loaded. */
export async function runPacketSession(options: PacketSessionOptions): Promise<void> {
  const { capture, note, sink } = options;
  const linkType = linkTypeOf(capture);
  const { object, chosen, type } = chooseProgram(options);
  const judged = judgePacketPrograms(object, packetKernelInfo());
  const one = judged.find(({ program }) => program.name === chosen.name)!;
  if (options.verify !== false && one.refusal !== undefined) throw new VerificationError([one.refusal]);
  const kept = keepPrograms(judged, one, note);
  const runnable = { ...object, programs: kept.map(({ program }) => program) };
  const rewritten = rewriteContext(runnable, packetContext(type), kept);
  const host = new PacketHost({
    type,
    largest: capture.packets.reduce((most, { data }) => Math.max(most, data.length), 0),
    engine: options.engine,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
  });
  const trusted = kept.filter(({ accepted }) => accepted).map(({ program }) => program.name);
  const loaded = host.host.load(rewritten, new Set(trusted));
  const program = host.program(rewritten.programs.find(({ name }) => name === chosen.name)!);
  applySettings(options.settings ?? [], rewritten, loaded, (name) => {
    const named = rewritten.programs.find((each) => each.name === name);
    return named === undefined ? undefined : programId(host.program(named));
  });
  const consumer = countingConsumer(options);
  host.host.consumer = consumer;
  const passes = new PacketPasses(host, program, linkType, options);
  const report = passes.run(chosen);
  host.host.consumer = undefined;
  options.report(report);
  printMaps(rewritten, loaded, sink);
  if (consumer.records > 0) note(`${consumer.records} records of its output buffers were not read`);
}

function printMaps(object: BpfObject, loaded: LoadedObject, sink: OutputSink): void {
  for (const map of object.maps) printMap(map, loaded, object, sink);
}

/** One for all packets: a capture of what programs on a card would see. */
function linkTypeOf({ packets, linkType }: Capture): number {
  const types = [...new Set(packets.map((packet) => packet.linkType))];
  if (types.length > 1)
    throw new LoadError(`the capture has packets of several link types: ${types.join(', ')}`);
  const type = types[0] ?? linkType ?? LINKTYPE.ETHERNET;
  if (Object.values(LINKTYPE).some((known) => known === type)) return type;
  throw new LoadError(
    `the capture has packets of link type ${type}: only Ethernet (1) and raw IP (101, 228, 229) are run`,
  );
}

interface Choice {
  /** Relocated, with the programs of one type alone. */
  readonly object: BpfObject;
  readonly chosen: BpfProgram;
  readonly type: PacketType;
}

function chooseProgram(options: PacketSessionOptions): Choice {
  const { program: wanted, note, facts = {} } = options;
  const { programs } = options.object;
  const onPackets = programs.filter(({ type }) => isPacketType(type));
  const named = programs.filter(({ name, section }) => name === wanted || section === wanted);
  const chosen = wanted === undefined ? onPackets[0] : named[0];
  if (chosen === undefined) throw new LoadError(missingText(wanted, programs));
  const { type } = chosen;
  if (!isPacketType(type))
    throw new LoadError(`program ${chosen.name} (${chosen.section}) does not run on packets`);
  if (wanted === undefined && onPackets.length > 1) {
    const others = onPackets.slice(1).map(({ name, section }) => `${name} (${section})`);
    note(`${chosen.name} (${chosen.section}) is run; choose another with --prog: ${others.join(', ')}`);
  }
  const same = { ...options.object, programs: programs.filter((one) => one.type === type) };
  const { object, problems, notes } = runnableObject(same, packetKernelInfo(), facts, () => undefined);
  if (problems.length > 0) options.relocationProblems(problems);
  const left = object.programs.find(({ name }) => name === chosen.name);
  for (const message of notes) if (left !== undefined || message.startsWith(chosen.name)) note(message);
  if (left === undefined) throw new LoadError(`program ${chosen.name} (${chosen.section}) cannot be run`);
  return { object, chosen: left, type };
}

function missingText(wanted: string | undefined, programs: readonly BpfProgram[]): string {
  const all = programs.map(({ name, section }) => `${name} (${section})`).join(', ');
  if (wanted !== undefined) return `no program or section is called ${wanted}: there are ${all || 'none'}`;
  return `none of its programs runs on packets: ${all || 'it has none'}`;
}

/** The chosen program and those of its kind that Linux would load beside it, for tail calls. */
function keepPrograms(
  judged: readonly JudgedProgram[],
  chosen: JudgedProgram,
  note: (message: string) => void,
): readonly JudgedProgram[] {
  return judged.filter((one) => {
    if (one === chosen || one.refusal === undefined) return true;
    note(`${one.program.name} (${one.program.section}) is left out: Linux would refuse it`);
    return false;
  });
}
