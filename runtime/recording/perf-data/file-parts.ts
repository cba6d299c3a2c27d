/** What a perf.data file holds besides its records, wherever it is: in sections, or in the records of a pipe. */
import type { ByteSource } from '../../../bpf/byte-source.ts';
import { RecordingError, type WarningList } from '../recording-error.ts';
import { SectionReader } from '../section-reader.ts';
import { type EventAttr, readEventAttr } from './event-attr.ts';
import { emptyFeatures, type PerfFeatures, readFeature } from './features.ts';
import { type FileRange, type PerfFileHeader, readRange } from './file-header.ts';

export interface DescribedEvent {
  readonly attr: EventAttr;
  readonly ids: readonly bigint[];
  readonly name: string;
}

export interface PerfFileParts {
  readonly events: readonly DescribedEvent[];
  readonly features: PerfFeatures;
}

const SECTION = 'event attributes';

/** The parts of a file with sections. @throws RecordingError when its events are not described */
export function readSections(
  source: ByteSource,
  header: PerfFileHeader,
  warnings: WarningList,
): PerfFileParts {
  const features = emptyFeatures();
  warnings.attempt(() => readFeatureSections(source, header, features, warnings), undefined);
  const { attrs } = header;
  // Entries are as large as the header says, and so are as many as fit.
  const count = Math.floor(attrs.size / header.attrSize);
  if (count === 0) throw new RecordingError(SECTION, attrs.offset, 'the file describes no events');
  const end = attrs.offset + attrs.size;
  const reader = new SectionReader(source, SECTION, header.littleEndian, { start: attrs.offset, end });
  const events: DescribedEvent[] = [];
  for (let index = 0; index < count; index++) {
    const attr = readEventAttr(reader.bytes(header.attrSize - 16, 'attribute'), header.littleEndian);
    const ids = warnings.attempt(() => readIds(source, readRange(reader), header.littleEndian), []);
    events.push({ attr, ids, name: nameFor(features, ids, index) });
  }
  return { events, features };
}

function readFeatureSections(
  source: ByteSource,
  header: PerfFileHeader,
  features: PerfFeatures,
  warnings: WarningList,
): void {
  const start = header.data.offset + header.data.size;
  const reader = new SectionReader(source, 'feature sections', header.littleEndian, { start });
  const ranges = header.features.map((id) => ({ id, range: readRange(reader) }));
  for (const { id, range } of ranges) {
    readFeature(features, id, range, source, header.littleEndian, warnings);
  }
}

function readIds(source: ByteSource, range: FileRange, littleEndian: boolean): bigint[] {
  const end = range.offset + range.size;
  const reader = new SectionReader(source, 'event ids', littleEndian, { start: range.offset, end });
  const count = Math.floor(range.size / 8);
  if (count * 8 > reader.remaining) reader.fail(`${count} ids in ${reader.remaining} bytes`);
  return Array.from({ length: count }, () => reader.u64('event id'));
}

/** The description with the same ids; files of one event may have none. */
function nameFor({ events }: PerfFeatures, ids: readonly bigint[], index: number): string {
  const described = ids.length > 0 ? events?.find((event) => event.ids[0] === ids[0]) : events?.[index];
  return described?.name ?? '';
}
