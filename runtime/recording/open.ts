/** Opens a recording of whatever format its first bytes tell: one table of the formats this reads. */
import type { ByteSource } from '../../bpf/byte-source.ts';
import type { EventRecording } from './event-recording.ts';
import { isTraceDat } from './file-header.ts';
import { isPerfData } from './perf-data/file-header.ts';
import type { PerfDataPorts } from './perf-data/perf-data.ts';
import { RecordingError } from './recording-error.ts';
import { isTextRecording } from './text/text-form.ts';
import type { TextPorts } from './text/text-recording.ts';

export type AnyRecordingPorts = PerfDataPorts & TextPorts;

export interface RecordingFormat {
  /** For messages: `trace.dat`. */
  readonly name: string;
  /** Does a file that begins with these bytes claim to be of this format? */
  accepts(start: Uint8Array): boolean;
  /** Its reader, loaded when a file wants it: each is as large as the rest of a replay. */
  load(): Promise<RecordingReader>;
}

/** @throws RecordingError */
export type RecordingReader = (source: ByteSource, ports: AnyRecordingPorts) => EventRecording;

/** In the order they are tried. */
export const RECORDING_FORMATS: readonly RecordingFormat[] = [
  {
    name: 'trace.dat',
    accepts: isTraceDat,
    load: async () => (await import('./recording.ts')).openRecording,
  },
  {
    name: 'perf.data',
    accepts: isPerfData,
    load: async () => (await import('./perf-data/perf-data.ts')).openPerfData,
  },
  // Last: a text is what nothing else is.
  {
    name: 'trace text',
    accepts: isTextRecording,
    load: async () => (await import('./text/text-recording.ts')).openTextRecording,
  },
];

/** Bytes that {@link isRecording} wants to see. */
const START_SIZE = 4096;

/** Does a file that begins with these bytes claim to be a recording? */
export function isRecording(start: Uint8Array): boolean {
  return RECORDING_FORMATS.some((format) => format.accepts(start));
}

/** Rejects with a RecordingError when it is of no known format, or cannot be read */
export async function openAnyRecording(
  source: ByteSource,
  ports: AnyRecordingPorts,
): Promise<EventRecording> {
  const start = source.read(0, START_SIZE);
  const format = RECORDING_FORMATS.find((one) => one.accepts(start));
  if (format !== undefined) return (await format.load())(source, ports);
  if (start.length === 0) throw new RecordingError('file header', 0, 'the file is empty');
  throw new RecordingError('file header', 0, 'neither trace.dat, perf.data nor the text of a trace');
}
