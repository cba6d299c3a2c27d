/** How the text of each event becomes a record: backwards through its print format, or by its keys. */
import type { EventField, EventFormat } from '../../../bpf/event-format.ts';
import { ALL_BITS, bytesOfText } from '../../../bpf/print-format/scan/field-values.ts';
import type { RecordBuilder } from '../../../bpf/print-format/scan/record-builder.ts';
import { compileScanner, type RecordScanner } from '../../../bpf/print-format/scan/scanner.ts';
import { keyValues } from './synthetic-format.ts';

export type ScanEvent = RecordScanner['scan'];

export interface EventScanner {
  readonly lost: readonly EventField[];
  /** False when the text does not fit: the record stays as it was. */
  scan(text: string, record: RecordBuilder): boolean;
}

/** Numbers of system calls by the names their events have: `openat`. */
export type SyscallNumbers = ReadonlyMap<string, number>;

/** Of an event whose format was made of its texts. */
export function keyScanner(format: EventFormat): EventScanner {
  return { lost: [], scan: keyScan(format) };
}

/** Of an event whose format is the kernel's own. */
export function eventScanner(format: EventFormat, syscalls: SyscallNumbers): EventScanner {
  const syscall = /^sys_(?:enter|exit)_(.+)/.exec(format.name)?.[1];
  if (syscall !== undefined) return syscallScanner(format, syscalls.get(syscall));
  const scanners = [format, ...otherTexts(format)].flatMap((one) => compileScanner(one) ?? []);
  const own = format.fields.filter(({ common }) => !common);
  return {
    lost: scanners[0]?.lost ?? own,
    scan: (text, record) => scanners.some((scanner) => scanner.scan(text, record)),
  };
}

const STATES = '"|", {1, "S"}, {2, "D"}, {4, "T"}, {8, "t"}, {16, "X"}, {32, "Z"}, {64, "P"}, {128, "I"}';
const REPORT_STATES =
  '"|", {1, "S"}, {2, "D"}, {4, "T"}, {8, "t"}, {16, "Z"}, {32, "X"}, {64, "x"}, {128, "W"}';

/** Forms that tools give an event besides the kernel's: `trace-cmd report` and `perf script` of older versions. */
const OTHER_TEXTS: Readonly<Record<string, readonly string[]>> = {
  'sched:sched_switch': [
    `"%s:%d [%d] %s ==> %s:%d [%d]", REC->prev_comm, REC->prev_pid, REC->prev_prio, REC->prev_state & 255 ? __print_flags(REC->prev_state & 255, ${REPORT_STATES}) : "R", REC->next_comm, REC->next_pid, REC->next_prio`,
    `"prev_comm=%s prev_pid=%d prev_prio=%d prev_state=%s%s ==> next_comm=%s next_pid=%d next_prio=%d", REC->prev_comm, REC->prev_pid, REC->prev_prio, REC->prev_state & 255 ? __print_flags(REC->prev_state & 255, ${STATES}) : "R", REC->prev_state & 0x100 ? "+" : "", REC->next_comm, REC->next_pid, REC->next_prio`,
  ],
  'sched:sched_wakeup': ['"%s:%d [%d] CPU:%03d", REC->comm, REC->pid, REC->prio, REC->target_cpu'],
  'sched:sched_wakeup_new': ['"%s:%d [%d] CPU:%03d", REC->comm, REC->pid, REC->prio, REC->target_cpu'],
};

function otherTexts(format: EventFormat): readonly EventFormat[] {
  const texts = OTHER_TEXTS[`${format.system}:${format.name}`] ?? [];
  return texts.map((printFormat) => ({ ...format, printFormat }));
}

/** Both forms of a system call's text: by the print format, and the `trace` file's `name: value` list in hexadecimal. */
function syscallScanner(format: EventFormat, number: number | undefined): EventScanner {
  const printed = compileScanner(format);
  const args = format.fields.filter(({ common, name }) => !common && name !== '__syscall_nr');
  const numbers = format.fields.filter(({ name }) => name === '__syscall_nr');
  const scan: EventScanner['scan'] = (text, record) =>
    printed?.scan(text, record) === true || listScan(args, text, record);
  // No text has the number of the call: it is the event's own.
  if (number === undefined) return { lost: numbers, scan };
  return {
    lost: [],
    scan: (text, record) => {
      if (!scan(text, record)) return false;
      for (const field of numbers) record.number(field, 0, BigInt(number), ALL_BITS);
      return true;
    },
  };
}

function listScan(args: readonly EventField[], text: string, record: RecordBuilder): boolean {
  const parts = text.split(', ').map((part) => /^(?:(\w+): )?(?:0x)?([0-9a-f]{1,16})$/.exec(part));
  if (parts.length !== args.length || parts.some((part) => part === null))
    return args.length === 0 && text === '';
  args.forEach((field, index) => {
    record.number(field, 0, BigInt(`0x${parts[index]![2]}`), ALL_BITS);
  });
  return true;
}

function keyScan(format: EventFormat): ScanEvent {
  const fields = new Map(format.fields.map((field) => [field.name, field]));
  return (text, record) => {
    for (const { key, value } of keyValues(text)) {
      const field = fields.get(key);
      if (field === undefined || field.common) continue;
      if (field.kind === 'integer') record.number(field, 0, BigInt.asUintN(64, numberOf(value)), ALL_BITS);
      else record.data(field, bytesOfText(value));
    }
    return true;
  };
}

function numberOf(text: string): bigint {
  return /^(-?\d{1,20}|0x[0-9a-fA-F]{1,16})$/.test(text) ? BigInt(text) : 0n;
}
