/**
 * The recording's event formats by id and by name. A file holds hundreds to thousands and a script asks for a few,
 * so only name and id are read at once; a format is parsed when it is first asked for.
 */
import { type EventFormat, EventFormatError, parseEventFormat } from '../../bpf/event-format.ts';
import type { FormatText } from './file-parts.ts';
import type { WarningList } from './recording-error.ts';
import { textOf } from './section-reader.ts';

/** One event without its fields. */
export interface EventName {
  readonly id: number;
  readonly system: string;
  readonly name: string;
}

export interface EventTable {
  /** All events of the file whose name and id could be read. */
  readonly names: readonly EventName[];
  /** Undefined when the file has no such event, or its format is damaged (then there is a warning). */
  byId(id: number): EventFormat | undefined;
  byName(system: string, name: string): EventFormat | undefined;
  /** The id alone, which needs no parsing. */
  idOf(system: string, name: string): number | undefined;
  /**
   * The formats of {@link names}, each parsed when it is asked for more than name and id. A damaged one has no fields then,
   * and there is a warning.
   */
  lazy(): readonly EventFormat[];
}

interface Entry extends EventName {
  readonly text: Uint8Array;
  format: EventFormat | undefined;
  damaged: boolean;
}

/** `name:` and `ID:` are in the first lines. */
const HEAD_SIZE = 256;

export function readEventTable(
  texts: readonly FormatText[],
  longSize: 4 | 8,
  warnings: WarningList,
): EventTable {
  const byId = new Map<number, Entry>();
  const byName = new Map<string, Entry>();
  for (const { system, text } of texts) {
    const head = /^name: *(\S+)\nID: *(\d{1,9})\n/.exec(textOf(text.subarray(0, HEAD_SIZE)));
    if (!head) {
      warnings.add(`formats of ${system}`, 0, 'an event format without name and ID');
      continue;
    }
    const entry: Entry = {
      id: Number(head[2]),
      system,
      name: head[1]!,
      text,
      format: undefined,
      damaged: false,
    };
    if (!byId.has(entry.id)) byId.set(entry.id, entry);
    const key = `${system}:${entry.name}`;
    if (!byName.has(key)) byName.set(key, entry);
  }
  const parsed = (entry: Entry | undefined): EventFormat | undefined => {
    if (entry === undefined || entry.damaged) return undefined;
    entry.format ??= parse(entry, longSize, warnings);
    entry.damaged = entry.format === undefined;
    return entry.format;
  };
  return {
    names: [...byName.values()],
    idOf: (system, name) => byName.get(`${system}:${name}`)?.id,
    lazy: () => [...byName.values()].map((entry) => lazyFormat(entry, parsed)),
    byId: (id) => parsed(byId.get(id)),
    byName: (system, name) => parsed(byName.get(`${system}:${name}`)),
  };
}

function lazyFormat(entry: Entry, parsed: (entry: Entry) => EventFormat | undefined): EventFormat {
  const { id, system, name } = entry;
  return {
    id,
    system,
    name,
    get fields() {
      return parsed(entry)?.fields ?? [];
    },
    get size() {
      return parsed(entry)?.size ?? 0;
    },
    get printFormat() {
      return parsed(entry)?.printFormat ?? '';
    },
  };
}

function parse(entry: Entry, longSize: 4 | 8, warnings: WarningList): EventFormat | undefined {
  try {
    return parseEventFormat(textOf(entry.text), { system: entry.system, longSize });
  } catch (error) {
    if (!(error instanceof EventFormatError)) throw error;
    warnings.add(`format of ${entry.system}:${entry.name}`, 0, error.message);
    return undefined;
  }
}
