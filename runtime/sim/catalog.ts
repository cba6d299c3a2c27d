/**
 * The tracepoints of the simulated kernel: Linux 6.1's formats by name. The tables hold what differs between events;
 * the text of a `format` file is put together from them and read by the same parser as a recording's.
 */
import { type EventFormat, parseEventFormat } from '../../bpf/event-format.ts';
import type {
  RawTracepointArgument,
  RawTracepointCatalog,
  TracepointCatalog,
} from '../../bpf/kernel-info.ts';
import { EVENT_ROWS } from './tables/events.gen.ts';
import { RAW_TRACEPOINTS } from './tables/raw-tracepoints.ts';
import { SYSCALL_ROWS } from './tables/syscalls.gen.ts';

const COMMON_FIELDS: readonly string[] = [
  'unsigned short common_type|0|2|0',
  'unsigned char common_flags|2|1|0',
  'unsigned char common_preempt_count|3|1|0',
  'int common_pid|4|4|1',
];
const SYSCALL_NUMBER = 'int __syscall_nr|8|4|1';

interface EventText {
  readonly system: string;
  readonly name: string;
  readonly id: number;
  readonly fields: readonly string[];
  readonly printFormat: string;
}

/** As `events/<system>/<event>/format` shows it. */
function formatText(event: EventText): string {
  const line = (field: string): string => {
    const [declaration, offset, size, signed] = field.split('|');
    return `\tfield:${declaration};\toffset:${offset};\tsize:${size};\tsigned:${signed};\n`;
  };
  const common = COMMON_FIELDS.map(line).join('');
  const own = event.fields.map(line).join('');
  return `name: ${event.name}\nID: ${event.id}\nformat:\n${common}\n${own}\nprint fmt: ${event.printFormat}\n`;
}

/** Every system call argument takes eight bytes (kernel `syscall_enter_define_fields`). */
function enterText(name: string, id: number, args: readonly string[]): EventText {
  const fields = args.map((declaration, index) => `${declaration}|${16 + index * 8}|8|0`);
  const names = args.map((declaration) => /(\w+)$/.exec(declaration)![1]!);
  const template = names.map((arg) => `${arg}: 0x%08lx`).join(', ');
  const values = names.map((arg) => `, ((unsigned long)(REC->${arg}))`).join('');
  return {
    system: 'syscalls',
    name: `sys_enter_${name}`,
    id,
    fields: [SYSCALL_NUMBER, ...fields],
    printFormat: `"${template}"${values}`,
  };
}

function exitText(name: string, id: number): EventText {
  const fields = [SYSCALL_NUMBER, 'long ret|16|8|1'];
  return { system: 'syscalls', name: `sys_exit_${name}`, id, fields, printFormat: '"0x%lx", REC->ret' };
}

/** Visits every event with what makes its text: a script needs a few of the 700. */
function eachEvent(visit: (name: string, id: number, text: () => EventText) => void): void {
  for (const [system, name, id, fields, printFormat] of EVENT_ROWS) {
    visit(`${system}:${name}`, id, () => ({ system, name, id, fields, printFormat }));
  }
  for (const [name, , enterId, exitId, args] of SYSCALL_ROWS) {
    visit(`syscalls:sys_enter_${name}`, enterId, () => enterText(name, enterId, args));
    visit(`syscalls:sys_exit_${name}`, exitId, () => exitText(name, exitId));
  }
}

export interface SimCatalog {
  readonly tracepoints: TracepointCatalog;
  readonly rawTracepoints: RawTracepointCatalog;
  /** By event id. Every event has one. */
  nameOf(id: number): string | undefined;
}

/** Formats are put together and parsed when first asked for. */
export function createCatalog(): SimCatalog {
  const texts = new Map<string, () => EventText>();
  const ids = new Map<number, string>();
  eachEvent((name, id, text) => {
    texts.set(name, text);
    ids.set(id, name);
  });
  const parsed = new Map<string, EventFormat>();
  const find = (key: string): EventFormat | undefined => {
    const make = texts.get(key);
    if (make === undefined) return undefined;
    let format = parsed.get(key);
    if (format === undefined) {
      const text = make();
      format = parseEventFormat(formatText(text), { system: text.system });
      parsed.set(key, format);
    }
    return format;
  };
  const raw = new Map<string, readonly RawTracepointArgument[]>(Object.entries(RAW_TRACEPOINTS));
  return {
    tracepoints: {
      find: (system, event) => find(`${system}:${event}`),
      list: () => [...texts.keys()].sort().map((key) => find(key)!),
    },
    rawTracepoints: { find: (event) => raw.get(event), list: () => [...raw.keys()].sort() },
    nameOf: (id) => ids.get(id),
  };
}
