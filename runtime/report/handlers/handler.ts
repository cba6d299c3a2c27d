/** What a handler of an event is: it replaces or begins the text of the print format, as trace-cmd's plugins do. */
import type { EventField, EventFormat } from '../../../bpf/event-format.ts';
import type { PrintEnvironment } from '../../../bpf/print-format/environment.ts';
import { readNumber } from '../../../bpf/print-format/record.ts';
import type { EventCursor } from '../../recording/event-recording.ts';
import type { TaskNames } from '../task-names.ts';

export interface HandlerTools {
  readonly event: EventFormat;
  readonly environment: PrintEnvironment;
  readonly names: TaskNames;
  /** By the print format. */
  pretty(record: EventCursor): string;
}

export type EventText = (record: EventCursor) => string;
export type HandlerFactory = (tools: HandlerTools) => EventText;

export type NumberReader = (record: EventCursor) => bigint;

/** The field as an unsigned number; undefined when the event has no such field, or it is no number. */
export function numberReader(event: EventFormat, name: string): NumberReader | undefined {
  const field = fieldOf(event, name);
  if (field === undefined || ![1, 2, 4, 8].includes(field.size)) return undefined;
  return (record) => readNumber(record, field.offset, field.size);
}

export function fieldOf(event: EventFormat, name: string): EventField | undefined {
  return event.fields.find((field) => field.name === name);
}

/** All of these fields as numbers, or undefined: then the event is not what the handler knows. */
export function numberReaders<const Names extends readonly string[]>(
  event: EventFormat,
  names: Names,
): { readonly [Name in Names[number]]: NumberReader } | undefined {
  const readers = names.map((name) => [name, numberReader(event, name)] as const);
  if (readers.some(([, reader]) => reader === undefined)) return undefined;
  return Object.fromEntries(readers) as { [Name in Names[number]]: NumberReader };
}
