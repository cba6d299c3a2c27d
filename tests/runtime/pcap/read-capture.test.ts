/** Captures of both formats, byte by byte: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng. */
import { describe, expect, test } from 'vitest';
import { FormatError } from '../../../bpf/format-error.ts';
import { readCapture } from '../../../runtime/pcap/read-capture.ts';
import { pcapHeader, pcapRecord } from '../../../runtime/pcap/write-pcap.ts';
import { bytesOf, pcapngBlock, pcapngInterface, pcapngPacket, pcapngSection, pcapOf } from './support.ts';

function problemOf(bytes: Uint8Array): FormatError {
  try {
    readCapture(bytes);
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error('it was read');
}

describe('pcap', () => {
  test.each([
    [true, 0xa1b2c3d4, 7000],
    [false, 0xa1b2c3d4, 7000],
    [true, 0xa1b23c4d, 7],
    [false, 0xa1b23c4d, 7],
  ])('little-endian %s, magic %i', (littleEndian, magic, nanoseconds) => {
    const file = pcapOf({ littleEndian, magic, linkType: 1 }, [
      { time: [5, 7], data: [1, 2, 3], original: 60 },
    ]);
    const { format, packets, linkType, warnings } = readCapture(file);
    expect({ format, linkType, warnings }).toEqual({ format: 'pcap', linkType: 1, warnings: [] });
    expect(packets).toEqual([
      { data: new Uint8Array([1, 2, 3]), originalLength: 60, seconds: 5, nanoseconds, linkType: 1 },
    ]);
  });

  test('what is written is read again', () => {
    const data = Uint8Array.from({ length: 70 }, (_, index) => index);
    const file = bytesOf(pcapHeader(101), pcapRecord(1, 999_999_999, data, 90), pcapRecord(2, 0, data, 70));
    const { packets, linkType } = readCapture(file);
    expect(linkType).toBe(101);
    expect(
      packets.map(({ seconds, nanoseconds, originalLength }) => [seconds, nanoseconds, originalLength]),
    ).toEqual([
      [1, 999_999_999, 90],
      [2, 0, 70],
    ]);
    expect(packets[1]!.data).toEqual(data);
  });

  test('a file that breaks off gives the packets before', () => {
    const whole = bytesOf(
      pcapHeader(1),
      pcapRecord(1, 2, new Uint8Array(20), 20),
      pcapRecord(3, 4, new Uint8Array(9), 9),
    );
    for (const length of [whole.length - 1, 24 + 36 + 16, 24 + 36 + 1]) {
      const { packets, warnings } = readCapture(whole.subarray(0, length));
      expect(packets.length).toBe(1);
      expect(warnings).toEqual([`the file breaks off at byte ${length}, within the packet at byte 60`]);
    }
  });

  test.each([
    [
      'no capture',
      new Uint8Array([0x7f, 0x45, 0x4c, 0x46]),
      'pcap: byte 0: no capture begins so: neither pcap nor pcapng',
    ],
    [
      'a short header',
      pcapHeader(1).subarray(0, 20),
      'pcap: byte 20: the link type takes 4 bytes, and 0 are left',
    ],
    [
      'another version',
      pcapOf({ version: [3, 1] }, []),
      'pcap: byte 4: version 3.1 is not known: only 2.x is',
    ],
    [
      'an endless packet',
      pcapOf({}, [{ time: [0, 0], data: [], length: 0x7fffffff }]),
      'pcap: byte 32: no packet has 2147483647 bytes',
    ],
    [
      'two million microseconds',
      pcapOf({ magic: 0xa1b2c3d4 }, [{ time: [0, 2_000_000], data: [] }]),
      'pcap: byte 28: a time has 2000000 parts of a second',
    ],
  ])('%s', (_, bytes, message) => {
    expect(problemOf(bytes).message).toBe(message);
  });
});

describe('pcapng', () => {
  test.each([true, false])('enhanced packets of two interfaces, little-endian %s', (little) => {
    const file = bytesOf(
      pcapngSection(little),
      pcapngInterface(little, 1),
      // Nanoseconds, ten seconds ahead.
      pcapngInterface(little, 101, 0, [
        [9, [9]],
        [14, little ? [10, 0, 0, 0, 0, 0, 0, 0] : [0, 0, 0, 0, 0, 0, 0, 10]],
      ]),
      pcapngPacket(little, 0, 3_000_007n, [1, 2, 3, 4, 5], 99),
      pcapngBlock(little, 5, [1, 2, 3, 4]),
      pcapngPacket(little, 1, 3_000_000_007n, [9], 1),
    );
    const { format, packets, linkType, warnings } = readCapture(file);
    expect({ format, linkType, warnings }).toEqual({ format: 'pcapng', linkType: 1, warnings: [] });
    expect(packets).toEqual([
      {
        data: new Uint8Array([1, 2, 3, 4, 5]),
        originalLength: 99,
        seconds: 3,
        nanoseconds: 7000,
        linkType: 1,
      },
      { data: new Uint8Array([9]), originalLength: 1, seconds: 13, nanoseconds: 7, linkType: 101 },
    ]);
  });

  test('simple packets are cut at the snap length and have no time', () => {
    const file = bytesOf(
      pcapngSection(true),
      pcapngInterface(true, 1, 4),
      pcapngBlock(true, 3, [6, 0, 0, 0, 1, 2, 3, 4]),
    );
    expect(readCapture(file).packets).toEqual([
      { data: new Uint8Array([1, 2, 3, 4]), originalLength: 6, seconds: 0, nanoseconds: 0, linkType: 1 },
    ]);
  });

  test('each section has interfaces of its own', () => {
    const file = bytesOf(
      pcapngSection(true),
      pcapngInterface(true, 1),
      pcapngSection(false),
      pcapngPacket(false, 0, 1n, [1], 1),
    );
    expect(problemOf(file).message).toBe('pcapng: byte 84: a packet is of interface 0, and there are 0');
  });

  test('a file that breaks off gives the packets before', () => {
    const file = bytesOf(pcapngSection(true), pcapngInterface(true, 1), pcapngPacket(true, 0, 1n, [1, 2], 2));
    const cut = bytesOf(file, pcapngPacket(true, 0, 1n, [1, 2, 3, 4, 5], 5).subarray(0, 30));
    const { packets, warnings } = readCapture(cut);
    expect(packets.length).toBe(1);
    expect(warnings).toEqual([
      `the file breaks off at byte ${cut.length}, within the block at byte ${file.length}`,
    ]);
  });

  test('lengths that disagree', () => {
    const file = pcapngSection(true);
    file[file.length - 4] = 32;
    expect(problemOf(file).message).toBe('pcapng: byte 24: a block of 28 bytes ends as one of 32');
  });
});
