/** The reader of perf.data recordings. */
export type { Mapping } from './address-map.ts';
export type { EventAttr, PerfEvent } from './event-attr.ts';
export type { IndexedEvent } from './event-index.ts';
export type { PerfFeatures } from './features.ts';
export { isPerfData, type PerfFileHeader } from './file-header.ts';
export type { PerfCursor } from './perf-cursor.ts';
export { openPerfData, type PerfDataPorts, type PerfRecording } from './perf-data.ts';
export type { PerfSample } from './sample.ts';
export {
  type FrameSymbol,
  type StackFrame,
  type SymbolisedChain,
  type SymbolPorts,
  symbolise,
} from './stack-frames.ts';
