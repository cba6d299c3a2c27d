/** Recordings with a few random records of every event of a format list: to be printed by trace-cmd and by this library. */
import type { EventField, EventFormat } from '../../../bpf/event-format.ts';
import { parseEventFormat } from '../../../bpf/event-format.ts';
import { writeFile } from '../recording/files.ts';
import { ByteWriter, type Event, type Page, type Shape } from '../recording/writer.ts';

/** Texts of `events/<system>/<event>/format` by system. */
export type FormatTexts = Readonly<Record<string, readonly string[]>>;

/** Splits a list in which each format follows a line `### events/<system>/<event>/format`. */
export function splitFormats(list: string): FormatTexts {
  const texts: Record<string, string[]> = {};
  for (const part of list.split(/^### events\//m).slice(1)) {
    const newline = part.indexOf('\n');
    const [system] = part.slice(0, newline).split('/');
    texts[system!] ??= [];
    texts[system!]!.push(part.slice(newline + 1));
  }
  return texts;
}

export function parseAll(texts: FormatTexts, longSize: 4 | 8 = 8): readonly EventFormat[] {
  return Object.entries(texts).flatMap(([system, formats]) =>
    formats.map((text) => parseEventFormat(text, { system, longSize })),
  );
}

/** A small generator, so that a seed gives the same records everywhere. */
export function random(seed: number): (limit: number) => number {
  let state = (seed * 2654435761) >>> 0;
  return (limit) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    const mixed = Math.imul(state ^ (state >>> 12), 0x297a2d39) >>> 0;
    return ((mixed ^ (mixed >>> 15)) >>> 0) % limit;
  };
}

export interface SyntheticOptions {
  readonly shape: Shape;
  readonly seed: number;
  /** Records of each event. */
  readonly each: number;
  readonly kallsyms?: string;
  readonly printk?: string;
}

const PAGE_DATA = 4096 - 16;

/** A recording of one CPU; each event's records come one after the other, a microsecond apart. */
export function syntheticRecording(texts: FormatTexts, options: SyntheticOptions): Uint8Array {
  const next = random(options.seed);
  const pages: Page[] = [];
  let events: Event[] = [];
  let size = 0;
  let time = 1_000_000_000n;
  let pageTime = time;
  const flush = (): void => {
    pages.push({ time: pageTime, events });
    events = [];
    size = 0;
    pageTime = time;
  };
  for (const format of parseAll(texts, options.shape.longSize)) {
    for (let count = 0; count < options.each; count++) {
      const record = randomRecord(format, options.shape, next);
      if (size + record.length + 12 > PAGE_DATA) flush();
      size += record.length + 12;
      events.push({ delta: events.length === 0 ? 0 : 1000, record });
      time += 1000n;
    }
  }
  flush();
  return writeFile(
    {
      formats: texts,
      kallsyms: options.kallsyms ?? '',
      printk: options.printk ?? '',
      buffers: [{ name: '', cpus: [pages] }],
    },
    options.shape,
  );
}

const WORDS = ['eth0', 'kworker/0:1', '/usr/bin/env', 'a', 'sda', 'two words', ''];

export function randomRecord(format: EventFormat, shape: Shape, next: (limit: number) => number): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(format.size / 4) * 4);
  for (let at = 0; at < bytes.length; at++) bytes[at] = next(4) === 0 ? next(256) : 0;
  // Lengths of arrays must be true: trace-cmd reads on behind the record.
  const counted = /__print_hex|__print_array/.test(format.printFormat);
  if (counted) bytes.fill(0);
  const view = new DataView(bytes.buffer);
  const tails: Uint8Array[] = [];
  let end = bytes.length;
  const append = (tail: Uint8Array): number => {
    const start = end;
    const padded = new Uint8Array(Math.ceil(tail.length / 4) * 4);
    padded.set(tail);
    tails.push(padded);
    end += padded.length;
    return start;
  };
  for (const field of format.fields) {
    if (field.common) continue;
    if (field.kind.startsWith('dynamic-') || field.kind.startsWith('relative-')) {
      const tail = dynamicData(field, next);
      const start = append(tail);
      const origin = field.kind.startsWith('relative-') ? field.offset + field.size : 0;
      view.setUint32(field.offset, ((tail.length << 16) | (start - origin)) >>> 0, shape.littleEndian);
    } else if (field.kind === 'string' && field.size > 0) {
      bytes.fill(0, field.offset, field.offset + field.size);
      bytes.set(text(next).subarray(0, field.size - 1), field.offset);
    } else if (field.kind === 'integer' && (field.name === 'depth' || next(2) === 0)) {
      bytes.fill(0, field.offset, field.offset + field.size);
      bytes[shape.littleEndian ? field.offset : field.offset + field.size - 1] = next(counted ? 4 : 24);
    }
  }
  if (format.fields.some((field) => field.size === 0)) append(text(next));
  view.setUint16(0, format.id, shape.littleEndian);
  bytes[2] = next(32);
  bytes[3] = next(8);
  view.setInt32(4, [10, 20, 0, 1234][next(4)]!, shape.littleEndian);
  const writer = new ByteWriter(shape.littleEndian).bytes(bytes);
  for (const tail of tails) writer.bytes(tail);
  return writer.done();
}

function text(next: (limit: number) => number): Uint8Array {
  return new TextEncoder().encode(`${WORDS[next(WORDS.length)]}\0`);
}

function dynamicData(field: EventField, next: (limit: number) => number): Uint8Array {
  if (field.kind.endsWith('string')) return text(next);
  const count = 4 + next(4);
  return Uint8Array.from({ length: count * (field.elementSize || 4) }, () => next(256));
}
