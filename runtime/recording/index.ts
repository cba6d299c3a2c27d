/** The readers of recordings (trace.dat, perf.data): open one, read its metadata, walk its records in time order. */
export { type ByteSource, memorySource } from '../../bpf/byte-source.ts';
export { LOST_UNKNOWN } from './cpu-stream.ts';
export type { CompressionName, Decompressor, StreamDecompressor } from './decompressor.ts';
export type { CallChain, EventCursor, EventRecording, ThreadNames } from './event-recording.ts';
export type { EventName, EventTable } from './event-table.ts';
export { type FileHeader, isTraceDat } from './file-header.ts';
export type { KernelSymbol, KernelSymbols } from './kernel-symbols.ts';
export {
  type AnyRecordingPorts,
  isRecording,
  openAnyRecording,
  RECORDING_FORMATS,
  type RecordingFormat,
  type RecordingReader,
} from './open.ts';
export type { PageLayout } from './page-layout.ts';
export * from './perf-data/index.ts';
export type { RecordCursor } from './record-cursor.ts';
export { type RecordBytes, readInteger, readText } from './record-field.ts';
export type { CpuStatistics, ProcessMaps, RecordedMachine } from './recorded-machine.ts';
export { openRecording, type Recording, type RecordingBuffer, type RecordingPorts } from './recording.ts';
export { RecordingError, type RecordingWarning } from './recording-error.ts';
export type { DescribedSection } from './sections.ts';
export type { ThreadRecord, ThreadTable } from './thread-table.ts';
