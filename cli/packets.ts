/** `bpfkit run x.o --pcap in.pcap`: a network program over the packets of a capture. */
import { needsCore } from '../bpf/core/index.ts';
import { FormatError } from '../bpf/format-error.ts';
import type { BpfObject } from '../bpf/object.ts';
import type { KernelClock } from '../runtime/kernel.ts';
import { packetKernelInfo } from '../runtime/packet/packet-info.ts';
import { packetReportJson, packetReportText } from '../runtime/packet/packet-report.ts';
import { runPacketSession } from '../runtime/packet/packet-session.ts';
import { type Capture, LINKTYPE } from '../runtime/pcap/capture.ts';
import { readCapture } from '../runtime/pcap/read-capture.ts';
import { pcapHeader, pcapRecord } from '../runtime/pcap/write-pcap.ts';
import { VerificationError } from '../runtime/verification-error.ts';
import type { RunFlags } from './commands/run.ts';
import { createSink, printContext, refuse } from './execute.ts';
import { isSameFile, readBytes } from './files.ts';
import { showProblems } from './foreign.ts';
import { CliError, type CliIo, EXIT } from './io.ts';
import { kernelFacts } from './kernel-facts.ts';
import { engineFlag, parseCount } from './kernels.ts';
import { openResults, writeOutputFile } from './output.ts';

const MOST_RUNS = 1e9;
/** Types of the headers of packets are the same in all kernels: those that come along do. */
const USUAL_TYPES = 'linux-6.1';
const CLOCK: KernelClock = { bootNs: 0n, wallOffsetNs: 0n, taiOffsetNs: 0n };

export async function runPackets(
  object: BpfObject,
  pcap: string,
  flags: RunFlags,
  io: CliIo,
): Promise<number> {
  if (flags.out !== undefined && isSameFile(pcap, flags.out, io))
    throw new CliError(`'${flags.out}' is the capture itself: write the packets to another file`);
  const repeat = parseCount('--repeat', flags.repeat ?? '1', 1, MOST_RUNS);
  const note = (message: string): void => {
    if (flags.warnings !== false) io.stderr(`WARNING: ${message}\n`);
  };
  const capture = openCapture(pcap, io);
  for (const message of capture.warnings) note(`${pcap}: ${message}`);
  const target = flags.target ?? (needsCore(object) ? USUAL_TYPES : undefined);
  const known = { ...flags, ...(target === undefined ? {} : { target }) };
  const facts = await kernelFacts(packetKernelInfo(), known, () => undefined, io);
  const written: Uint8Array[] = [pcapHeader(capture.packets[0]?.linkType ?? LINKTYPE.ETHERNET)];
  const results = openResults(io, flags.o, flags.B);
  try {
    await runPacketSession({
      object,
      capture,
      repeat,
      facts,
      ...(await engineFlag(flags)),
      settings: flags.map ?? [],
      ...(flags.prog === undefined ? {} : { program: flags.prog }),
      ...(flags.verify === undefined ? {} : { verify: flags.verify }),
      ...(io.signal === undefined ? {} : { signal: io.signal }),
      seed: parseCount('--seed', flags.seed ?? '1', 0, 0xffff_ffff),
      sink: createSink(object.sources, printContext({ clock: () => CLOCK }, ''), results, flags, io),
      leaving(bytes, { seconds, nanoseconds, data, originalLength }): void {
        if (flags.out === undefined) return;
        // What the capture left out of a packet is still left out.
        const missing = Math.max(0, originalLength - data.length);
        written.push(pcapRecord(seconds, nanoseconds, bytes, bytes.length + missing));
      },
      note,
      relocationProblems: (problems) => showProblems(problems, object, flags, io),
      report: (report) =>
        results.write(flags.f === 'json' ? packetReportJson(report) : packetReportText(report)),
    });
    if (flags.out !== undefined) writeOutputFile(flags.out, joined(written), io);
    return EXIT.ok;
  } catch (error) {
    if (error instanceof VerificationError) return await refuse(error, io);
    throw error;
  } finally {
    results.close();
  }
}

function openCapture(path: string, io: CliIo): Capture {
  try {
    return readCapture(readBytes(path, io));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new CliError(`Cannot read the capture '${path}': ${error.message}`, EXIT.refused, { cause: error });
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
