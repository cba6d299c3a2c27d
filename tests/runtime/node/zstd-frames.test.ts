import { zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { zstdFrames } from '../../../runtime/node/zstd-frames.ts';

const texts = ['first', 'a second, longer one '.repeat(3000), '', 'third'].map((text) => Buffer.from(text));

describe('zstd frames', () => {
  it('fill their places, one after the other', () => {
    const frames = zstdFrames();
    for (const text of texts) {
      const place = new Uint8Array(text.length);
      if (text.length > 0) expect(frames.into(zstdCompressSync(text), place)).toBe(true);
      expect(Buffer.from(place)).toEqual(text);
    }
  });

  it('are refused where they are damaged, cut or of another size, and the next are read all the same', () => {
    const frames = zstdFrames();
    const text = texts[1]!;
    const frame = zstdCompressSync(text);
    const damaged = Uint8Array.from(frame);
    damaged[1] = 0;
    for (const bad of [damaged, frame.subarray(0, frame.length - 3), Buffer.concat([frame, frame])]) {
      expect(frames.into(bad, new Uint8Array(text.length))).toBe(false);
      expect(frames.into(frame, new Uint8Array(text.length))).toBe(true);
    }
    expect(frames.into(frame, new Uint8Array(text.length - 1))).toBe(false);
    expect(frames.into(frame, new Uint8Array(text.length + 1))).toBe(false);
    expect(frames.into(frame, new Uint8Array(text.length))).toBe(true);
  });
});
