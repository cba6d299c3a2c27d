/** Truncated and lying files: a clear error or a partial read with warnings. */
import { zstdCompressSync as nodeZstd } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { nodeDecompressor } from '../../../runtime/node/decompressor.ts';
import { type Decompressor, memorySource, RecordingError } from '../../../runtime/recording/index.ts';
import { openRecording } from '../../../runtime/recording/recording.ts';
import { writeFile } from './files.ts';
import { linesOf, open, readData } from './recordings.ts';
import { ByteWriter, type Page, record, type Shape, USUAL_SHAPE } from './writer.ts';

const real = readData('trace.dat');
const VERSION_6: Shape = { ...USUAL_SHAPE, version: 6, compression: 'none' };

function messages(recording: ReturnType<typeof open>): string {
  return recording.warnings.map((warning) => warning.message).join('\n');
}

function pages(count: number): Page[] {
  return Array.from({ length: count }, (_, index) => ({
    time: BigInt(index),
    events: [{ delta: 0, record: record(USUAL_SHAPE, 10, index) }],
  }));
}

describe('file header', () => {
  it.each([
    ['nothing', new Uint8Array(0), 'file header at byte 0: not a trace.dat file'],
    ['another file', new TextEncoder().encode('PERFILE2 and more'), 'not a trace.dat file'],
    ['a cut version', real.subarray(0, 11), 'file header at byte 10: version without its end'],
    [
      'a cut header',
      real.subarray(0, 15),
      'file header at byte 14: page size of 4 bytes, but only 1 are left',
    ],
    ['version 8', withByte(10, 0x38), 'version 8 is not supported'],
    ['a byte order', withByte(12, 2), 'byte order 2'],
    ['a long', withByte(13, 5), 'size of long 5'],
    ['a page size', withByte(15, 0x11), 'page size 4352'],
    ['a compression', withByte(18, 0x78), 'compression xstd is not supported'],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => open(bytes)).toThrow(RecordingError);
    expect(() => open(bytes)).toThrow(message);
  });

  function withByte(offset: number, value: number): Uint8Array {
    const copy = real.slice();
    copy[offset] = value;
    return copy;
  }
});

describe('a file cut off', () => {
  it('loses its last chunks when the last options are gone, and says so', () => {
    const recording = open(real.subarray(0, 1_100_000));
    const lines = linesOf(recording);
    expect(lines.length).toBeGreaterThan(43_000);
    expect(messages(recording)).toMatch(/found data of 2 CPUs by looking for it/);
    expect(messages(recording)).toMatch(
      /CPU 1 data \(decompressed\) at byte \d+: the data ends; the last 8 of 30 chunks/,
    );
    expect(recording.events.names).toHaveLength(756);
    expect(recording.machine.release).toBe('6.1.0-56-cloud-amd64');
  });

  it('finds everything when only the last options are gone', () => {
    expect(linesOf(open(real.subarray(0, 1_136_786)))).toHaveLength(51_706);
  });

  it.each([
    [800_000, 850_526, 'before'],
    [850_527, 850_526, 'within'],
    [851_000, 850_526, 'within'],
    [851_140, 1_136_786, 'before'],
  ])('is refused when no event data is left: %i bytes', (size, options, place) => {
    expect(() => open(real.subarray(0, size))).toThrow(
      `options at byte ${options}: the file was cut: it ends at byte ${size}, ${place} the options that say where its event data is`,
    );
  });

  it('loses the pages beyond its end in version 6', () => {
    const file = writeFile({ buffers: [{ name: '', cpus: [pages(3), pages(3)] }] }, VERSION_6);
    const recording = open(file.subarray(0, file.length - 4096 - 2000));
    expect(linesOf(recording)).toHaveLength(5);
    expect(messages(recording)).toMatch(
      /CPU 1 data at byte \d+: the file ends; the last 6096 bytes are lost/,
    );
  });

  it('keeps the records before the end of a page cut off', () => {
    const events = Array.from({ length: 100 }, (_, index) => ({
      delta: 1,
      record: record(VERSION_6, 10, index),
    }));
    const file = writeFile({ buffers: [{ name: '', cpus: [[{ time: 1n, events }]] }] }, VERSION_6);
    const recording = open(file.subarray(0, file.length - 4096 + 16 + 160));
    expect(linesOf(recording)).toHaveLength(10);
    expect(messages(recording)).toContain('a page is cut off after 160 of 1600 bytes');
  });
});

describe('a file that lies', () => {
  it('leaves out data that overlaps other data', () => {
    const file = writeFile({ buffers: [{ name: '', cpus: [pages(1), pages(1)] }] }, VERSION_6);
    const at = Buffer.from(file).indexOf('flyrecord\0') + 10;
    file.copyWithin(at + 16, at, at + 8);
    const recording = open(file);
    expect(linesOf(recording)).toHaveLength(1);
    expect(messages(recording)).toContain('overlaps the data of another CPU');
  });

  it('loses one damaged chunk and reads the others', () => {
    const file = writeFile({ buffers: [{ name: '', cpus: [pages(6)] }] }, USUAL_SHAPE);
    const magic = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd);
    const chunks = occurrences(file, magic).slice(6, 9);
    file[chunks[1]!] = 0;
    const recording = open(file);
    expect(linesOf(recording)).toEqual([
      'ten-10 [000] 0.000000000 tick',
      'ten-10 [000] 0.000000001 tick',
      'CPU:0 [EVENTS DROPPED]',
      'ten-10 [000] 0.000000004 tick',
      'ten-10 [000] 0.000000005 tick',
    ]);
    expect(messages(recording)).toContain('chunk 2 of 3 (8192 bytes decompressed) is lost');
  });

  it('does not follow options in a circle', () => {
    const file = writeFile(
      { buffers: [{ name: '', cpus: [pages(1)] }] },
      { ...USUAL_SHAPE, compression: 'none' },
    );
    const options = new DataView(file.buffer).getBigUint64(24, true);
    new DataView(file.buffer).setBigUint64(file.length - 8, options, true);
    const recording = open(file);
    expect(linesOf(recording)).toHaveLength(1);
    expect(messages(recording)).toContain('run in a circle');
  });

  it('does not decompress beyond its budget', () => {
    const bomb = new ByteWriter(true).u32(100_000_000).u32(0).done();
    const file = real.slice();
    // The decompressed size of the kernel symbols.
    file.set(bomb.subarray(0, 4), 24_910 + 20);
    const recording = open(file);
    expect(() => recording.kernelSymbols()).toThrow(
      '100000000 decompressed bytes are too many for this file',
    );
    expect(linesOf(recording)).toHaveLength(51_706);
  });

  it('stops after many damaged chunks', () => {
    let calls = 0;
    const broken: Decompressor = {
      decompress: (algorithm, input, size) => {
        if (size !== 8192) return nodeDecompressor.decompress(algorithm, input, size);
        calls++;
        throw new Error('no');
      },
    };
    const file = writeFile({ buffers: [{ name: '', cpus: [pages(1000), pages(2)] }] }, USUAL_SHAPE);
    const recording = openRecording(file, { decompressor: broken });
    expect(recording.cursor().next()).toBe(false);
    expect(calls).toBe(258);
    expect(recording.warnings).toHaveLength(64);
    expect(recording.omittedWarnings).toBe(258 + 2 - 64);
  });

  it('gives up when nothing can be decompressed', () => {
    const broken = {
      decompress: (): Uint8Array => {
        throw new Error('no');
      },
    };
    expect(() => openRecording(memorySource(real), { decompressor: broken }).cursor()).not.toThrow();
    const recording = openRecording(memorySource(real), { decompressor: broken });
    const cursor = recording.cursor();
    expect(cursor.next()).toBe(false);
    expect(cursor.lostUncounted).toBe(2);
    expect(() => recording.kernelSymbols()).toThrow('kallsyms at byte 24910: the compressed data is damaged');
    expect(recording.warnings).toHaveLength(60);
  });

  it('refuses output of another size than claimed', () => {
    const input = new Uint8Array(nodeZstd(new Uint8Array(100)));
    expect(nodeDecompressor.decompress('zstd', input, 100)).toHaveLength(100);
    expect(() => nodeDecompressor.decompress('zstd', input, 99)).toThrow();
    expect(() => nodeDecompressor.decompress('zstd', input, 101)).toThrow('100 bytes instead of 101');
  });
});

function occurrences(file: Uint8Array, bytes: Uint8Array): number[] {
  const buffer = Buffer.from(file.buffer, file.byteOffset, file.length);
  const found: number[] = [];
  for (let at = buffer.indexOf(bytes); at >= 0; at = buffer.indexOf(bytes, at + 1)) found.push(at);
  return found;
}
