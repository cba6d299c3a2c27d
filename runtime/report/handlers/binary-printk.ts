/**
 * `trace_printk` in binary form: the record holds the format's address and the arguments packed behind one another
 * (kernel `vbin_printf`): numbers aligned to four bytes, strings in place.
 */
import { type Conversion, PLAIN_LAYOUT, splitFormat } from '../../../bpf/print-format/conversions.ts';
import { type FilledLayout, formatNumber, formatText } from '../../../bpf/print-format/format-number.ts';
import { symbolText } from '../../../bpf/print-format/pointers.ts';
import { readBytesText, readNumber } from '../../../bpf/print-format/record.ts';
import type { EventCursor } from '../../recording/event-recording.ts';
import { printkPlace } from './ftrace.ts';
import { type EventText, fieldOf, type HandlerTools, numberReaders } from './handler.ts';

export function binaryPrintk(tools: HandlerTools): EventText {
  const numbers = numberReaders(tools.event, ['ip', 'fmt']);
  const buffer = fieldOf(tools.event, 'buf');
  if (numbers === undefined || buffer === undefined) return tools.pretty;
  return (record) => {
    const place = printkPlace(tools, numbers.ip(record));
    const address = numbers.fmt(record);
    const format = tools.environment.stringAt(address);
    if (format === undefined) return `${place}(NO FORMAT FOUND at ${address.toString(16)})\n`;
    return place + new PackedArguments(tools, record, buffer.offset).print(format);
  };
}

class PackedArguments {
  private readonly tools: HandlerTools;
  private readonly record: EventCursor;
  private at: number;

  constructor(tools: HandlerTools, record: EventCursor, at: number) {
    this.tools = tools;
    this.record = record;
    this.at = at;
  }

  print(format: string): string {
    let text = '';
    for (const piece of splitFormat(format, false)) {
      text += piece.kind === 'literal' ? piece.text : this.convert(piece);
    }
    return text;
  }

  private convert(piece: Conversion): string {
    const layout = this.fill(piece);
    switch (piece.kind) {
      case 'number':
        return formatNumber(piece, layout, this.number(numberSize(piece.bits)));
      case 'string':
        return formatText(this.text(), layout);
      case 'pointer':
        return this.pointer(piece.extension);
    }
  }

  /** Dereferenced pointers were printed when the record was made, and stand there as text. */
  private pointer(extension: string): string {
    const { longSize } = this.tools.environment;
    if (/^[sSfF]?$/.test(extension)) {
      const address = this.number(longSize);
      if (extension !== '') return symbolText(address, /^[SF]$/.test(extension), this.tools.environment);
      return address === 0n ? '(nil)' : `0x${address.toString(16)}`;
    }
    return this.text();
  }

  private fill(piece: Conversion): FilledLayout {
    const size = (value: number | 'argument' | undefined): number | undefined =>
      value === 'argument' ? Math.min(1024, Math.max(0, Number(BigInt.asIntN(32, this.number(4))))) : value;
    const layout = piece.layout ?? PLAIN_LAYOUT;
    const width = size(layout.width);
    return { ...layout, width, precision: size(layout.precision) };
  }

  private number(size: number): bigint {
    const start = (this.at + 3) & ~3;
    this.at = start + size;
    return readNumber(this.record, start, size);
  }

  private text(): string {
    const length = Math.max(0, this.record.length - this.at);
    const text = readBytesText(this.record, { start: this.at, length });
    this.at += Math.min(length, text.length + 1);
    return text;
  }
}

function numberSize(bits: 8 | 16 | 32 | 64): number {
  return bits === 64 ? 8 : 4;
}
