/**
 * Makes trace-v6.dat.gz: takes a version 6 file of two CPUs, keeps its first kernel symbols and the first pages of
 * each CPU. Run: node tests/data/trim-v6.ts IN OUT.gz
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const SYMBOL_BYTES = 8000;
const PAGES = 24;

const [input, output] = process.argv.slice(2);
const file = readFileSync(input!);
const pageSize = file.readUInt32LE(14);
const size64 = (at: number): number => Number(file.readBigUInt64LE(at));

let at = 18 + 12;
at += 8 + size64(at);
at += 13;
at += 8 + size64(at);
const skipFormats = (): void => {
  const count = file.readUInt32LE(at);
  at += 4;
  for (let index = 0; index < count; index++) at += 8 + size64(at);
};
skipFormats();
const systems = file.readUInt32LE(at);
at += 4;
for (let index = 0; index < systems; index++) {
  at = file.indexOf(0, at) + 1;
  skipFormats();
}
const symbols = at;
const symbolSize = file.readUInt32LE(symbols);
const kept = file.lastIndexOf('\n', symbols + 4 + SYMBOL_BYTES) + 1 - (symbols + 4);
const size = Buffer.alloc(4);
size.writeUInt32LE(kept);
const head = Buffer.concat([file.subarray(0, symbols), size, file.subarray(symbols + 4, symbols + 4 + kept)]);
const rest = file.subarray(symbols + 4 + symbolSize, file.indexOf('flyrecord\0', symbols) + 10);
const table = symbols + 4 + symbolSize + rest.length;
const clockEnd = table + 32 + 8 + size64(table + 32);

const metadata = Buffer.concat([head, rest, file.subarray(table, clockEnd)]);
const first = Math.ceil(metadata.length / pageSize) * pageSize;
const parts = [metadata, Buffer.alloc(first - metadata.length)];
for (let cpu = 0; cpu < 2; cpu++) {
  const from = size64(table + cpu * 16);
  const bytes = Math.min(PAGES * pageSize, size64(table + cpu * 16 + 8));
  const entry = head.length + rest.length + cpu * 16;
  metadata.writeBigUInt64LE(BigInt(first + cpu * PAGES * pageSize), entry);
  metadata.writeBigUInt64LE(BigInt(bytes), entry + 8);
  parts.push(file.subarray(from, from + bytes));
}
writeFileSync(output!, gzipSync(Buffer.concat(parts), { level: 9 }));
