import { expect, test } from 'vitest';
import { memorySource } from '../../../../bpf/byte-source.ts';
import { readTracingData } from '../../../../runtime/recording/perf-data/tracing-data.ts';
import { WarningList } from '../../../../runtime/recording/recording-error.ts';

/** Tracing data with empty headers and that many empty formats of ftrace. */
function withFormats(count: number): Uint8Array {
  const head = [0x17, 0x08, 0x44, ...Buffer.from('tracing0.6\0', 'latin1'), 0, 8, 0, 16, 0, 0];
  const headers = ['header_page\0', 'header_event\0'].flatMap((name) => [
    ...Buffer.from(name, 'latin1'),
    ...new Array<number>(8).fill(0),
  ]);
  const start = Uint8Array.from([...head, ...headers]);
  const bytes = new Uint8Array(start.length + 4 + count * 8 + 4);
  bytes.set(start);
  new DataView(bytes.buffer).setUint32(start.length, count, true);
  return bytes;
}

test('formats of ftrace may be very many', () => {
  const bytes = withFormats(300_000);
  const warnings = new WarningList();
  const { formats } = readTracingData(memorySource(bytes), { offset: 0, size: bytes.length }, warnings);
  expect(warnings.items).toEqual([]);
  expect(formats).toHaveLength(300_000);
});
