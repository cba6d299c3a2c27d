/** bpftrace's `-f json`: one object a line, `{"type": …, "data": …}`, spaced as bpftrace spaces it. */
import type { Source } from '../../bpf/span.ts';
import type { Type } from '../../compiler/types/type.ts';
import type { PrintkLine } from '../kernel.ts';
import { type ByteString, encodeText } from './byte-string.ts';
import type { PrintContext } from './context.ts';
import type { Bucket } from './histogram.ts';
import type { MapRow, MapView, RowValue } from './map-view.ts';
import { type Cell, readBuffer, readInteger } from './read.ts';
import type { OutputSink, RuntimeMessage, Streams, TextKind } from './sink.ts';
import { fieldsOf } from './struct-fields.ts';
import { keyText } from './text-sink.ts';
import { textOf } from './text-value.ts';
import { intervalStart, type Series } from './time-series.ts';

export interface JsonSinkOptions {
  readonly streams: Streams;
  readonly context: PrintContext;
  readonly quiet: boolean;
  readonly sources: readonly Source[];
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** A JSON string of a byte string: control characters escaped, other bytes as they are. */
export function quote(text: ByteString): string {
  const escaped = text.replace(
    /["\\\u0000-\u001f]/g,
    (character) => ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${escaped}"`;
}

/** A JSON number, or a string where a double would lose digits. */
function number(value: bigint): string {
  return BigInt(Number(value)) === value ? value.toString() : `"${value}"`;
}

export function createJsonSink(options: JsonSinkOptions): OutputSink {
  const { streams, context } = options;
  const line = (type: string, data: string, before = ''): void => {
    streams.out(`{"type": "${type}", ${before}"data": ${data}}\n`);
  };
  return {
    attached(probes: number): void {
      if (!options.quiet) line('attached_probes', `{"probes": ${probes}}`, `"count": ${probes}, `);
    },
    text(kind: TextKind, text: ByteString): void {
      line(kind, quote(text));
    },
    printk({ comm, tid, cpu, time, text }: PrintkLine): void {
      line(
        'printk',
        `{"comm": ${quote(comm)}, "tid": ${tid}, "cpu": ${cpu}, "nsecs": ${time}, "text": ${quote(text)}}`,
      );
    },
    value(cell: Cell): void {
      line('value', jsonOf(cell, context));
    },
    map(view: MapView): void {
      const data = mapJson(view, context);
      if (data !== undefined) line(mapType(view.valueType), data);
    },
    lost(count: number | undefined): void {
      line('lost_events', `{"events": ${count ?? 'null'}}`, count === undefined ? '' : `"count": ${count}, `);
    },
    runtime(message: RuntimeMessage): void {
      streams.out(`${runtimeJson(message, options.sources)}\n`);
    },
    end(): void {},
  };
}

function mapType(type: Type): string {
  if (type.kind === 'hist' || type.kind === 'lhist') return 'hist';
  if (type.kind === 'tseries') return 'tseries';
  return type.kind === 'stats' || type.kind === 'avg' ? 'stats' : 'map';
}

function mapJson(view: MapView, context: PrintContext): string | undefined {
  if (!view.keyed) {
    const row = view.rows[0];
    return row === undefined ? undefined : `{${quote(view.name)}: ${rowJson(row.value, context)}}`;
  }
  if (view.rows.length === 0) return undefined;
  const rows = view.rows.map((row) => `${quote(keyJson(row, context))}: ${rowJson(row.value, context)}`);
  return `{${quote(view.name)}: {${rows.join(', ')}}}`;
}

function keyJson(row: MapRow, context: PrintContext): ByteString {
  if (row.key === undefined) return '';
  // All blanks go, those of strings too, as upstream does; stacks keep theirs.
  const text = keyText(row.key, context);
  return row.key.type.kind === 'kstack' || row.key.type.kind === 'ustack' ? text : text.replaceAll(' ', '');
}

function rowJson(value: RowValue, context: PrintContext): string {
  switch (value.kind) {
    case 'cell':
      return jsonOf(value.cell, context);
    case 'number':
      return number(value.value);
    case 'stats':
      return `{"count": ${number(value.count)}, "average": ${number(value.average)}, "total": ${number(value.total)}}`;
    case 'histogram':
      return `[${value.buckets.map(bucketJson).join(',')}]`;
    case 'series':
      return seriesJson(value.series, context);
  }
}

/** When each interval began, in nanoseconds since the Unix epoch. */
function seriesJson(series: Series, context: PrintContext): string {
  const points = series.points.map((point) => {
    const start = number(intervalStart(series, point, context));
    return `{"interval_start": ${start}, "value": ${number(point.value)}}`;
  });
  return `[${points.join(',')}]`;
}

/** JSON has closed upper bounds where the text form has half-open ones. */
function bucketJson(bucket: Bucket): string {
  const parts: string[] = [];
  if (bucket.low !== undefined) parts.push(`"min": ${bucket.low}`);
  if (bucket.high !== undefined) parts.push(`"max": ${bucket.high - 1n}`);
  parts.push(`"count": ${bucket.count}`);
  return `{${parts.join(', ')}}`;
}

/** The JSON form of one value. */
export function jsonOf(cell: Cell, context: PrintContext): string {
  const { type, bytes, offset } = cell;
  switch (type.kind) {
    case 'integer':
      return number(readInteger(type, bytes, offset));
    case 'pointer':
      return number(readInteger({ size: 8, signed: false }, bytes, offset));
    case 'boolean':
      return bytes[offset] === 0 ? 'false' : 'true';
    case 'none':
      return 'null';
    case 'buffer':
      return `[${[...readBuffer(cell)].map((byte) => (byte << 24) >> 24).join(',')}]`;
    case 'array': {
      const items: string[] = [];
      for (let index = 0; index < type.count; index++) {
        items.push(
          jsonOf({ type: type.element, bytes, offset: offset + index * type.element.size }, context),
        );
      }
      return `[${items.join(',')}]`;
    }
    case 'tuple': {
      const items = type.elements.map((element) => {
        const json = jsonOf({ type: element.type, bytes, offset: offset + element.offset }, context);
        return element.name === undefined ? json : `${quote(encodeText(element.name))}: ${json}`;
      });
      if (type.elements.some((element) => element.name !== undefined)) return `{${items.join(', ')}}`;
      return `[${items.join(',')}]`;
    }
    case 'struct': {
      const fields = fieldsOf(type, cell).map(
        ({ name, cell: own }) => `${quote(encodeText(name))}: ${jsonOf(own, context)}`,
      );
      return `{${fields.join(', ')}}`;
    }
    default:
      return quote(textOf(cell, context));
  }
}

function runtimeJson(message: RuntimeMessage, sources: readonly Source[]): string {
  const { diagnostic, helper } = message;
  const parts = [`"type": "${message.kind}"`, `"msg": ${quote(encodeText(diagnostic.message))}`];
  if (helper !== undefined) parts.push(`"helper": "${helper.name}"`, `"retcode": ${helper.retcode}`);
  const span = diagnostic.span;
  const source = span === undefined ? undefined : sources[span.source];
  if (span !== undefined && source !== undefined) {
    const before = source.text.slice(0, span.start);
    const line = before.split('\n').length;
    const column = span.start - before.lastIndexOf('\n');
    parts.push(`"filename": ${quote(encodeText(source.name))}`, `"line": ${line}`, `"col": ${column}`);
  }
  return `{${parts.join(', ')}}`;
}
