/** bpftrace's plain text: results on stdout; banner, losses and warnings on stderr. */
import type { PrintkLine } from '../kernel.ts';
import type { ByteString } from './byte-string.ts';
import type { PrintContext } from './context.ts';
import { drawHistogram } from './histogram.ts';
import type { MapRow, MapView, RowValue } from './map-view.ts';
import type { Cell } from './read.ts';
import { OUTPUT_BUFFER, type OutputSink, type RuntimeMessage, type Streams, type TextKind } from './sink.ts';
import { textOf } from './text-value.ts';
import { drawSeries } from './time-series.ts';
import { tracePipeLine } from './trace-pipe.ts';

export interface TextSinkOptions {
  readonly streams: Streams;
  readonly context: PrintContext;
  /** Leaves out the banner. */
  readonly quiet: boolean;
  /** Draws a runtime message with its excerpt. */
  readonly render: (message: RuntimeMessage) => string;
}

export function createTextSink(options: TextSinkOptions): OutputSink {
  const { streams, context } = options;
  return {
    attached(probes: number): void {
      if (!options.quiet) streams.err(`Attached ${probes} probe${probes === 1 ? '' : 's'}\n`);
    },
    text(_kind: TextKind, text: ByteString): void {
      streams.out(text);
    },
    printk(line: PrintkLine): void {
      streams.out(tracePipeLine(line));
    },
    value(cell: Cell): void {
      streams.out(`${textOf(cell, context)}\n`);
    },
    map(view: MapView): void {
      streams.out(mapText(view, context));
    },
    lost(count: number | undefined, source: string): void {
      // Of the output buffer as bpftrace says it; other sources of losses are ours to name.
      const where = source === OUTPUT_BUFFER ? '' : ` in ${source}`;
      streams.err(`Lost ${count ?? 'an unknown number of'} events${where}\n`);
    },
    runtime(message: RuntimeMessage): void {
      streams.err(options.render(message));
    },
    end(): void {
      streams.out('\n\n');
    },
  };
}

/** All rows of a map, each with its name. */
export function mapText(view: MapView, context: PrintContext): ByteString {
  return view.rows.map((row) => rowText(view, row, context)).join('');
}

function rowText(view: MapView, row: MapRow, context: PrintContext): ByteString {
  const name = row.key === undefined ? view.name : `${view.name}[${keyText(row.key, context)}]`;
  if (row.value.kind === 'histogram') return `${name}:\n${drawHistogram(row.value.buckets)}\n`;
  if (row.value.kind === 'series') return `${name}:\n${drawSeries(row.value.series, context)}\n`;
  return `${name}: ${valueText(row.value, context)}\n`;
}

/** A key's text; the outer parentheses of a tuple are dropped, and those of a string that looks like one (as upstream). */
export function keyText(key: Cell, context: PrintContext): ByteString {
  const text = textOf(key, context);
  return text.startsWith('(') && text.endsWith(')') ? text.slice(1, -1) : text;
}

function valueText(
  value: Exclude<RowValue, { readonly kind: 'histogram' | 'series' }>,
  context: PrintContext,
): ByteString {
  switch (value.kind) {
    case 'cell':
      return textOf(value.cell, context);
    case 'number':
      return value.value.toString();
    case 'stats':
      return `{ .count = ${value.count}, .average = ${value.average}, .total = ${value.total} }`;
  }
}
