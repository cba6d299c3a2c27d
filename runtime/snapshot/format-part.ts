/**
 * Tracepoint formats in a snapshot: the texts of `events/SYSTEM/EVENT/format`, without what they all repeat. Restoring gives
 * the very same text; it is parsed when somebody asks for the event.
 *
 *     common fields · events · (system · name · text)*, ordered by system and name
 */
import { type EventFormat, EventFormatError, parseEventFormat } from '../../bpf/event-format.ts';
import type { TracepointCatalog } from '../../bpf/kernel-info.ts';
import { Bytes, BytesReader } from './bytes.ts';
import type { SnapshotPart } from './container.ts';

export interface EventText {
  readonly system: string;
  readonly name: string;
  /** As the kernel prints it. */
  readonly text: string;
}

/** A line that stands for {@link COMMON_FIELDS} lines all events share. */
const COMMON_MARK = '\t*';
const COMMON_FIELDS = 4;
const FIELD = /^\tfield:([^;|]*);\toffset:(\d+);\tsize:(\d+);\tsigned:([01]);$/gm;
const SHORT_FIELD = /^\t([^;|*][^;|]*)\|(\d+)\|(\d+)\|([01])$/gm;
/** Before a text that is kept as it is. */
const AS_IS = '=';

export function writeFormats(events: readonly EventText[]): Uint8Array {
  const sorted = [...events].sort((a, b) => compare(a.system, b.system) || compare(a.name, b.name));
  const common = commonOf(sorted[0]?.text ?? '');
  const out = new Bytes();
  out.text(common);
  out.number(sorted.length);
  for (const { system, name, text } of sorted) {
    out.text(system);
    out.text(name);
    const short = shorten(text, common);
    out.text(restore(short, common) === text ? short : `${AS_IS}${text}`);
  }
  return out.finish();
}

function commonOf(text: string): string {
  return text
    .replaceAll(FIELD, '\t$1|$2|$3|$4')
    .split('\n')
    .filter((line) => line.startsWith('\t'))
    .slice(0, COMMON_FIELDS)
    .join('\n');
}

function shorten(text: string, common: string): string {
  const short = text.replaceAll(FIELD, '\t$1|$2|$3|$4');
  return common === '' ? short : short.replace(`\n${common}\n`, () => `\n${COMMON_MARK}\n`);
}

function restore(short: string, common: string): string {
  if (short.startsWith(AS_IS)) return short.slice(AS_IS.length);
  return short
    .replace(`\n${COMMON_MARK}\n`, () => `\n${common}\n`)
    .replaceAll(SHORT_FIELD, '\tfield:$1;\toffset:$2;\tsize:$3;\tsigned:$4;');
}

/**
 * The events by name; texts are restored and parsed when asked for. An event whose text cannot be understood is told to
 * `warn`, once, and is not there. @throws FormatError when the part is damaged
 */
export function readFormats(part: SnapshotPart, warn: (problem: string) => void): TracepointCatalog {
  const reader = new BytesReader(part.bytes, 'snapshot', part.offset);
  const common = reader.sizedText('the common fields');
  const count = reader.number('the number of events');
  const texts = new Map<string, EventText>();
  for (let index = 0; index < count; index++) {
    const system = reader.sizedText('the system of an event');
    const name = reader.sizedText('the name of an event');
    texts.set(`${system}:${name}`, { system, name, text: reader.sizedText('the format of an event') });
  }
  const parsed = new Map<string, EventFormat | undefined>();
  const find = (key: string): EventFormat | undefined => {
    const event = texts.get(key);
    if (event === undefined || parsed.has(key)) return parsed.get(key);
    const format = parse(event, common, warn);
    parsed.set(key, format);
    return format;
  };
  return {
    find: (system, event) => find(`${system}:${event}`),
    list: () => [...texts.keys()].map(find).filter((format) => format !== undefined),
  };
}

function parse(
  { system, name, text }: EventText,
  common: string,
  warn: (problem: string) => void,
): EventFormat | undefined {
  try {
    return parseEventFormat(restore(text, common), { system });
  } catch (error) {
    if (!(error instanceof EventFormatError)) throw error;
    warn(`tracepoint ${system}:${name} is left out: ${error.message}`);
    return undefined;
  }
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
