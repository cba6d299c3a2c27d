import { deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { GunzipError, gunzip, gunzipStart, isGzip } from '../../../runtime/node/gunzip.ts';

const MIB: number = 1 << 20;
const noise = Uint8Array.from({ length: 3 * MIB }, (_, index) => Math.imul(index, 2654435761) >>> 11);

describe('gunzip', () => {
  test.each([
    ['nothing', new Uint8Array(0)],
    ['little', noise.subarray(0, 10)],
    ['much', noise],
    ['zeros', new Uint8Array(3 * MIB)],
  ])('unpacks %s', (_name, bytes) => {
    const packed = gzipSync(bytes);
    expect(isGzip(packed)).toBe(true);
    expect(gunzip(packed, 3 * MIB)).toEqual(bytes);
  });

  test('unpacks several members, of which only the last tells its size', () => {
    const packed = Buffer.concat([gzipSync(noise), gzipSync(noise.subarray(0, 5))]);
    expect(gunzip(packed, 4 * MIB)).toHaveLength(3 * MIB + 5);
    expect(() => gunzip(packed, 2 * MIB)).toThrow('more than 2 MiB');
  });

  test('refuses by the size the file tells, and by what comes out of one that lies', () => {
    const packed = gzipSync(new Uint8Array(3 * MIB));
    // Damaged in the middle: only the trailer can be what refuses it.
    const damaged = Uint8Array.from(packed).fill(0xff, 20, 200);
    expect(() => gunzip(damaged, 2 * MIB)).toThrow('more than 2 MiB');
    const lying = Uint8Array.from(packed);
    new DataView(lying.buffer, lying.byteOffset).setUint32(lying.length - 4, 7, true);
    expect(() => gunzip(lying, MIB)).toThrow('more than 1 MiB');
    expect(() => gunzip(lying, 4 * MIB)).toThrow('damaged gzip data');
  });

  test.each([
    ['cut', gzipSync(noise).subarray(0, 1000)],
    ['raw deflate', deflateRawSync(noise.subarray(0, 1000))],
    ['two bytes', Uint8Array.of(0x1f, 0x8b)],
  ])('says that %s is damaged', (_name, packed) => {
    expect(() => gunzip(packed, 8 * MIB)).toThrow(GunzipError);
  });

  test('shows the beginning of what is packed', () => {
    expect(gunzipStart(gzipSync(noise)).subarray(0, 500)).toEqual(noise.subarray(0, 500));
    expect(gunzipStart(gzipSync(new Uint8Array(64 * MIB))).length).toBeLessThan(2 * MIB);
  });
});
