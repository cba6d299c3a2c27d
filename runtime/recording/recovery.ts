/**
 * Finds the per-CPU data of a version 7 buffer whose table is lost, as in a file that was cut off. Each CPU's
 * compressed data begins at a page boundary with its chunk count, so its chunks can be counted through to the next.
 */
import type { ByteSource } from '../../bpf/byte-source.ts';
import type { FileHeader } from './file-header.ts';
import type { CpuData } from './options.ts';
import type { Section } from './sections.ts';

/** Empty when the data is not compressed: plain pages do not tell where the next CPU begins. */
export function recoverCpuData(source: ByteSource, header: FileHeader, section: Section): CpuData[] {
  const cpus: CpuData[] = [];
  if (!section.compressed) return cpus;
  let offset = alignUp(section.start, header.pageSize);
  while (offset < source.size) {
    const size = chunksSize(source, header, offset);
    if (size === 0) return cpus;
    cpus.push({ cpu: cpus.length, offset, size });
    offset = alignUp(offset + size, header.pageSize);
  }
  return cpus;
}

/** Bytes of the chunk count and its chunks, cut at the end of the file; 0 when there are none. */
function chunksSize(source: ByteSource, header: FileHeader, start: number): number {
  const count = readU32(source, start, header.littleEndian);
  if (count === undefined || count === 0 || count * 8 > source.size) return 0;
  let offset = start + 4;
  for (let index = 0; index < count; index++) {
    const compressed = readU32(source, offset, header.littleEndian);
    const size = readU32(source, offset + 4, header.littleEndian);
    if (compressed === undefined || size === undefined) break;
    if (compressed === 0 || size === 0 || size % header.pageSize !== 0)
      return index === 0 ? 0 : offset - start;
    offset += 8 + compressed;
  }
  return Math.min(offset, source.size) - start;
}

function readU32(source: ByteSource, offset: number, littleEndian: boolean): number | undefined {
  const bytes = source.read(offset, 4);
  if (bytes.length < 4) return undefined;
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, littleEndian);
}

function alignUp(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment;
}
