/** Formats and records for tests of print formats. */
import { type EventFormat, parseEventFormat } from '../../../bpf/event-format.ts';
import { compilePrintFormat } from '../../../bpf/print-format/compile.ts';
import { BARE_ENVIRONMENT, type PrintEnvironment } from '../../../bpf/print-format/environment.ts';
import type { PrintRecord } from '../../../bpf/print-format/record.ts';

/** Fields by declaration and place: `['int a', 8, 4]`; a fourth `true` makes it signed. */
export type Place = readonly [declaration: string, offset: number, size: number, signed?: boolean];

export function formatOf(fields: readonly Place[], printFormat: string, name = 'probe'): EventFormat {
  const lines = fields.map(
    ([declaration, offset, size, signed]) =>
      `\tfield:${declaration};\toffset:${offset};\tsize:${size};\tsigned:${signed === true ? 1 : 0};`,
  );
  return parseEventFormat(
    `name: ${name}\nID: 7\nformat:\n${lines.join('\n')}\n\nprint fmt: ${printFormat}\n`,
  );
}

export function recordOf(bytes: readonly number[], littleEndian = true): PrintRecord {
  const array = Uint8Array.from(bytes);
  return { bytes: array, view: new DataView(array.buffer), offset: 0, length: array.length, littleEndian };
}

/** `count` bytes of the value. */
export function little(value: bigint | number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => Number((BigInt(value) >> BigInt(index * 8)) & 0xffn));
}

export const EIGHT_ZEROS: readonly number[] = [0, 0, 0, 0, 0, 0, 0, 0];

/** What the expression prints, of one 8-byte field `a` at 8 and one 4-byte field `b` at 16. */
export function printed(
  format: string,
  values: { readonly a?: bigint | number; readonly b?: bigint | number } = {},
  environment: PrintEnvironment = BARE_ENVIRONMENT,
): string {
  const event = formatOf(
    [
      ['unsigned long a', 8, 8],
      ['int b', 16, 4, true],
    ],
    format,
  );
  const record = recordOf([...EIGHT_ZEROS, ...little(values.a ?? 0, 8), ...little(values.b ?? 0, 4)]);
  return compilePrintFormat(event, environment).text(record);
}
