/**
 * The parts of a file that `perf record -o -` wrote: records before the first sample tell the events, their formats, the
 * machine. Nothing is read twice: the records are walked by their headers, and only those that tell something are looked into.
 */
import type { ByteSource } from '../../../bpf/byte-source.ts';
import { RecordingError, type WarningList } from '../recording-error.ts';
import { SectionReader, textBeforeNul } from '../section-reader.ts';
import { attrSize, readEventAttr } from './event-attr.ts';
import { emptyFeatures, type PerfFeatures, readFeature } from './features.ts';
import type { PerfFileHeader } from './file-header.ts';
import type { DescribedEvent, PerfFileParts } from './file-parts.ts';
import { RECORD, RECORD_HEADER_SIZE } from './record-types.ts';

const SECTION = 'pipe records';
const EVENT_UPDATE_NAME = 2;

interface PipeState {
  readonly source: ByteSource;
  readonly littleEndian: boolean;
  readonly warnings: WarningList;
  readonly events: DescribedEvent[];
  readonly names: Map<bigint, string>;
  readonly features: PerfFeatures;
}

/** @throws RecordingError when no events are described before the first sample */
export function readPipe(source: ByteSource, header: PerfFileHeader, warnings: WarningList): PerfFileParts {
  const { littleEndian } = header;
  const features = emptyFeatures();
  const state: PipeState = { source, littleEndian, warnings, events: [], names: new Map(), features };
  walk(state, header.data.offset);
  const { names } = state;
  if (state.events.length === 0)
    throw new RecordingError(SECTION, header.data.offset, 'the file describes no events');
  const events = state.events.map((event, index) => {
    const described = features.events?.find(({ ids }) => ids.length > 0 && ids[0] === event.ids[0]);
    const name = names.get(event.ids[0] ?? 0n) ?? described?.name ?? features.events?.[index]?.name ?? '';
    return { ...event, name };
  });
  return { events, features };
}

function walk(state: PipeState, start: number): void {
  const { source, littleEndian } = state;
  let position = start;
  while (position + RECORD_HEADER_SIZE <= source.size) {
    const reader = new SectionReader(source, SECTION, littleEndian, { start: position });
    const type = reader.u32('record type');
    reader.u16('record flags');
    const size = reader.u16('record size');
    // The cursor tells of damage here.
    if (size < RECORD_HEADER_SIZE || position + size > source.size) return;
    if (type === RECORD.sample || type === RECORD.compressed || type === RECORD.compressed2) return;
    const end = position + size;
    const body = new SectionReader(source, SECTION, littleEndian, {
      start: position + RECORD_HEADER_SIZE,
      end,
    });
    const payload = state.warnings.attempt(() => takeRecord(state, type, body), 0);
    position = end + payload;
  }
}

/** Bytes of data behind the record. */
function takeRecord(state: PipeState, type: number, body: SectionReader): number {
  switch (type) {
    case RECORD.headerAttr:
      takeAttr(state, body);
      return 0;
    case RECORD.eventUpdate:
      takeUpdate(state, body);
      return 0;
    case RECORD.headerFeature:
      takeFeature(state, body);
      return 0;
    case RECORD.tracingData: {
      const size = body.u32('size of tracing data');
      state.features.tracingData ??= { offset: body.end, size };
      return size;
    }
    case RECORD.auxtrace:
      return body.size('size of AUX data');
    default:
      return 0;
  }
}

/** The attribute, and its ids up to the record's end. */
function takeAttr(state: PipeState, body: SectionReader): void {
  const start = body.position;
  const size = attrSize(body.bytes(8, 'attribute'), state.littleEndian);
  body.position = start;
  const attr = readEventAttr(body.bytes(size, 'attribute'), state.littleEndian);
  const ids: bigint[] = [];
  while (body.remaining >= 8) ids.push(body.u64('event id'));
  state.events.push({ attr, ids, name: '' });
}

function takeUpdate(state: PipeState, body: SectionReader): void {
  const type = body.u64('update type');
  const id = body.u64('updated event');
  if (type === BigInt(EVENT_UPDATE_NAME))
    state.names.set(id, textBeforeNul(body.bytes(body.remaining, 'name')));
}

function takeFeature(state: PipeState, body: SectionReader): void {
  const id = Number(body.u64('feature') & 0xffffn);
  const range = { offset: body.position, size: body.remaining };
  readFeature(state.features, id, range, state.source, state.littleEndian, state.warnings);
}
