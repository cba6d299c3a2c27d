/**
 * The events of a file with their names: the EVENT_DESC section, and the same told by records where the file was written to
 * a pipe (HEADER_ATTR, EVENT_UPDATE).
 */
import type { SectionReader } from '../section-reader.ts';
import { type EventAttr, readEventAttr } from './event-attr.ts';
import { readString } from './feature-values.ts';

export interface EventDescription {
  readonly attr: EventAttr;
  readonly ids: readonly bigint[];
  readonly name: string;
}

const MAX_ATTR_SIZE = 4096;

/** `count:4 attrSize:4`, then for each `attr ids:4 name id:8...`. @throws RecordingError */
export function readEventDescriptions(reader: SectionReader): EventDescription[] {
  const count = reader.u32('count of events');
  const size = reader.u32('attribute size');
  if (size < 64 || size > MAX_ATTR_SIZE) reader.fail(`attribute size ${size}`);
  if (count * (size + 8) > reader.remaining) reader.fail(`${count} events in ${reader.remaining} bytes`);
  return Array.from({ length: count }, () => {
    const attr = readEventAttr(reader.bytes(size, 'attribute'), reader.littleEndian);
    const ids = reader.u32('count of ids');
    const name = readString(reader, 'event name');
    if (ids * 8 > reader.remaining) reader.fail(`${ids} ids in ${reader.remaining} bytes`);
    return { attr, name, ids: Array.from({ length: ids }, () => reader.u64('id')) };
  });
}
