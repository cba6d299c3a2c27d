/** The small binaries of `tests/data/user` (see `make.sh` there), and ports of a test. */
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { memorySource } from '../../../../bpf/byte-source.ts';
import { type BinaryPorts, openBinary, type UserBinary } from '../../../../bpf/elf/user/index.ts';

export function readSample(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`../../../data/user/${name}`, import.meta.url)));
}

export const ZLIB: BinaryPorts = {
  decompress: (algorithm, input, size) => {
    if (algorithm !== 'zlib') throw new Error(`no ${algorithm} here`);
    const output = inflateSync(input, { maxOutputLength: size });
    if (output.length !== size) throw new Error(`${output.length} bytes`);
    return new Uint8Array(output);
  },
};

export function openSample(name: string, ports: BinaryPorts = ZLIB): UserBinary {
  return openBinary(memorySource(readSample(name)), ports);
}
