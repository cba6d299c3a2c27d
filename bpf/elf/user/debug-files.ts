/** Finding the separate file with a binary's debugging information: by build id, then by debug link (as gdb does). */
import { FormatError } from '../../format-error.ts';
import { type ElfFile, openElf } from '../file.ts';
import { buildIdPath, readBuildId } from './build-id.ts';
import { type DebugLink, debugLinkPaths, fileCrc } from './debug-link.ts';
import type { BinaryPorts } from './ports.ts';

export interface DebugTraces {
  readonly buildId: string | undefined;
  readonly debugLink: DebugLink | undefined;
}

/** Where to look, in order. `path`: the binary's own, if known. */
export function debugPaths(traces: DebugTraces, path: string | undefined): readonly string[] {
  const byId = traces.buildId === undefined ? [] : [buildIdPath(traces.buildId)];
  const byLink = traces.debugLink === undefined ? [] : debugLinkPaths(traces.debugLink, path);
  return [...byId, ...byLink];
}

/** A file with debugging information, and where it is. */
export interface DebugFile {
  readonly path: string;
  readonly elf: ElfFile;
}

/** The first file there is that belongs to the binary. Those that do not are told. */
export function findDebugFile(
  traces: DebugTraces,
  ports: BinaryPorts,
  warn: (problem: string) => void,
): DebugFile | undefined {
  for (const path of debugPaths(traces, ports.path)) {
    const source = ports.openDebug?.({ path, buildId: traces.buildId });
    if (source === undefined) continue;
    try {
      const elf = openElf(source);
      const problem = mismatch(elf, traces);
      if (problem === undefined) return { path, elf };
      warn(`${path}: ${problem}`);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      warn(`${path}: ${error.message}`);
    }
  }
  return undefined;
}

/** Equal build ids settle it; without them the checksum of the whole file must be read. */
function mismatch(elf: ElfFile, { buildId, debugLink }: DebugTraces): string | undefined {
  const own = readBuildId(elf);
  if (buildId !== undefined && own !== undefined) {
    return own === buildId ? undefined : `it is of build ${own}, the binary of ${buildId}`;
  }
  if (debugLink === undefined) return 'nothing tells that it belongs to the binary';
  const crc = fileCrc(elf.source);
  if (crc === debugLink.crc) return undefined;
  return `its CRC-32 is ${hexadecimal(crc)}, the binary wants ${hexadecimal(debugLink.crc)}`;
}

function hexadecimal(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}
