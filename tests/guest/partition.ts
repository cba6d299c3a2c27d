/**
 * A partition table with one entry, so that the kernel can be told its root by name. The order in which it numbers
 * disks, and since 6.12 the namespaces of one NVMe controller, is anybody's guess.
 *
 *     0x1b8  disk signature, u32     0x1be  entry: status, CHS, type, CHS, first sector u32, sectors u32
 *     0x1fe  55 aa
 */

/** Where the partition's file system begins, in bytes: the usual alignment. */
export const PARTITION_OFFSET: number = 1024 * 1024;

/** `root=PARTUUID=…` of the partition {@link partitionTable} makes. */
export const ROOT_PARTITION_UUID = '67756573-01';

const SIGNATURE = 0x67756573;
const SECTOR = 512;
const LINUX = 0x83;

/** The first sector of a disk whose only partition has `size` bytes. */
export function partitionTable(size: number): Uint8Array {
  const sector = new Uint8Array(SECTOR);
  const view = new DataView(sector.buffer);
  view.setUint32(0x1b8, SIGNATURE, true);
  view.setUint8(0x1be + 4, LINUX);
  view.setUint32(0x1be + 8, PARTITION_OFFSET / SECTOR, true);
  view.setUint32(0x1be + 12, size / SECTOR, true);
  view.setUint16(0x1fe, 0xaa55, true);
  return sector;
}
