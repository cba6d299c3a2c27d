/** Public face of `bpfkit/runtime`: the worlds programs run in, and the session that drives them. */
export { AttachError } from './attach-error.ts';
export type {
  Kernel,
  Link,
  LoadedObject,
  MapHandle,
  OutputConsumer,
  PrintkLine,
  PumpState,
} from './kernel.ts';
export { type ByteString, byteString, bytesOf } from './output/byte-string.ts';
export type { PrintContext } from './output/context.ts';
export { createJsonSink, type JsonSinkOptions } from './output/json-sink.ts';
export { type MapRow, type MapView, type MapViewOptions, type RowValue, viewMap } from './output/map-view.ts';
export type { OutputSink, RuntimeMessage, Streams, TextKind } from './output/sink.ts';
export { createTextSink, type TextSinkOptions } from './output/text-sink.ts';
export { type PacketReport, packetReportJson, packetReportText } from './packet/packet-report.ts';
export { type PacketSessionOptions, runPacketSession } from './packet/packet-session.ts';
export { type Capture, type CapturedPacket, LINKTYPE } from './pcap/capture.ts';
export { readCapture } from './pcap/read-capture.ts';
export { pcapHeader, pcapRecord } from './pcap/write-pcap.ts';
export * from './recording/index.ts';
export { createRecordingKernel } from './recording-kernel.ts';
export { type ReportOptions, reportRecording, type WriteLines } from './report/report.ts';
export { runSession, type SessionOptions, type SessionResult } from './session.ts';
export { createSimKernel } from './sim/sim-kernel.ts';
export * from './snapshot/index.ts';
