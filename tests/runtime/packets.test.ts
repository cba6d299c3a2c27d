/** `skboutput()` (language.md §2.10): packets that programs hand over become a pcap file. */
import { expect, test } from 'vitest';
import type { Action, ScriptInfo } from '../../compiler/script-info.ts';
import type { LoadedObject } from '../../runtime/kernel.ts';
import { createTextSink } from '../../runtime/output/text-sink.ts';
import { createActionConsumer } from '../../runtime/session-actions.ts';
import { context } from './output/support.ts';

const span = { source: 0, start: 0, end: 1 };
const ACTIONS: readonly Action[] = [{ kind: 'skboutput', span, file: 'x.pcap', offset: 14 }];

function record(bootNs: bigint, packet: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(16 + packet.length);
  new DataView(bytes.buffer).setBigUint64(8, bootNs, true);
  bytes.set(packet, 16);
  return bytes;
}

function consume(records: readonly Uint8Array[], problem?: string) {
  const files = new Map<string, number[]>();
  let told = '';
  const sink = createTextSink({
    streams: { out: () => undefined, err: (text) => (told += text) },
    context,
    quiet: true,
    render: ({ diagnostic }) => `${diagnostic.message}\n`,
  });
  const consumer = createActionConsumer({
    info: { actions: ACTIONS, maps: [] } as unknown as ScriptInfo,
    loaded: {} as LoadedObject,
    sink,
    context,
    signal: undefined,
    host: {
      readFile: () => ({ problem: 'none' }),
      run: () => ({ problem: 'none' }),
      writeFile: (path, bytes, how) => {
        files.set(path, how === 'anew' ? [...bytes] : [...(files.get(path) ?? []), ...bytes]);
        return problem;
      },
    },
  });
  for (const one of records) consumer.record(one);
  return { files, told };
}

test('a header once, then each packet without what the offset leaves out', () => {
  const link = Array.from({ length: 14 }, () => 0xee);
  const { files } = consume([
    record(5_000_000_007n, [...link, 0x45, 1, 2]),
    record(6_000_000_000n, [...link, 0x60]),
  ]);
  const view = new DataView(new Uint8Array(files.get('x.pcap')!).buffer);
  // Format: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap, magic of nanoseconds, LINKTYPE_RAW.
  expect([view.getUint32(0, true), view.getUint16(4, true), view.getUint32(20, true)]).toEqual([
    0xa1b23c4d, 2, 101,
  ]);
  const words = [24, 28, 32, 36].map((at) => view.getUint32(at, true));
  expect(words).toEqual([5, 7, 3, 3]);
  expect([40, 41, 42].map((at) => view.getUint8(at))).toEqual([0x45, 1, 2]);
  expect([43, 47, 51, 55].map((at) => view.getUint32(at, true))).toEqual([6, 0, 1, 1]);
  expect(view.byteLength).toBe(60);
});

test('a file that cannot be written is told of', () => {
  const { told } = consume(
    [
      record(
        1n,
        Array.from({ length: 20 }, () => 1),
      ),
    ],
    'No space left on device',
  );
  expect(told).toBe("cannot write 'x.pcap': No space left on device\n");
});
