/**
 * The feature sections of a perf.data file: what perf wrote down of the machine and the session (`perf_header__process_*`,
 * tools/perf/util/header.c). What is plain becomes data; the rest is kept as bytes. A damaged section is left out and warned of.
 */
import type { ByteSource } from '../../../bpf/byte-source.ts';
import type { WarningList } from '../recording-error.ts';
import { SectionReader } from '../section-reader.ts';
import { type BuildId, readBuildIds } from './build-ids.ts';
import type { EventDescription } from './event-descriptions.ts';
import { readEventDescriptions } from './event-descriptions.ts';
import { FEATURE, featureName } from './feature-ids.ts';
import type {
  CacheLevel,
  CompressionInfo,
  CpuTopology,
  EventGroup,
  MemoryBlock,
  NumaNode,
  PmuMapping,
} from './feature-values.ts';
import {
  type ClockData,
  readClockData,
  readCompression,
  readList,
  readString,
  readStrings,
  readTopology,
} from './feature-values.ts';
import type { FileRange } from './file-header.ts';

/** A section kept as it is. */
export interface FeatureBytes {
  readonly id: number;
  readonly name: string;
  readonly range: FileRange;
}

/** Filled section by section; what the file does not say stays undefined or empty. */
export interface PerfFeatures {
  hostname?: string;
  osRelease?: string;
  perfVersion?: string;
  architecture?: string;
  cpusAvailable?: number;
  cpusOnline?: number;
  cpuDescription?: string;
  cpuId?: string;
  /** Bytes. */
  totalMemory?: number;
  commandLine?: readonly string[];
  events?: readonly EventDescription[];
  cpuTopology?: CpuTopology;
  numaNodes?: readonly NumaNode[];
  pmuMappings?: readonly PmuMapping[];
  groups?: readonly EventGroup[];
  caches?: readonly CacheLevel[];
  /** Times of the first and the last sample. */
  sampleTime?: { readonly first: bigint; readonly last: bigint };
  memory?: { readonly blockSize: bigint; readonly nodes: readonly MemoryBlock[] };
  /** Nanoseconds that the clock named in the attributes counts at once. */
  clockResolution?: bigint;
  /** 0: the file is one; 1: a folder of files. */
  directoryVersion?: bigint;
  compression?: CompressionInfo;
  cpuPmuCapabilities?: readonly (readonly [string, string])[];
  clockData?: ClockData;
  hybridPmus?: readonly { readonly pmu: string; readonly cpus: string }[];
  buildIds: readonly BuildId[];
  /** Where the event formats are. */
  tracingData?: FileRange;
  /** Sections that are kept as bytes. */
  readonly others: FeatureBytes[];
}

export function emptyFeatures(): PerfFeatures {
  return { buildIds: [], others: [] };
}

/** Takes one section into `features`. */
export function readFeature(
  features: PerfFeatures,
  id: number,
  range: FileRange,
  source: ByteSource,
  littleEndian: boolean,
  warnings: WarningList,
): void {
  const name = featureName(id);
  warnings.attempt(() => {
    const end = range.offset + range.size;
    if (end > source.size)
      new SectionReader(source, name, littleEndian, { start: source.size }).fail(
        `${range.size} bytes at ${range.offset}, beyond the end of the file`,
      );
    const reader = new SectionReader(source, name, littleEndian, { start: range.offset, end });
    if (!take(features, id, reader, range)) features.others.push({ id, name, range });
  }, undefined);
}

/** False for a section that is kept as bytes. */
function take(features: PerfFeatures, id: number, reader: SectionReader, range: FileRange): boolean {
  switch (id) {
    case FEATURE.tracingData:
      features.tracingData = range;
      return true;
    case FEATURE.buildId:
      features.buildIds = readBuildIds(reader);
      return true;
    case FEATURE.hostname:
      features.hostname = readString(reader, 'host name');
      return true;
    case FEATURE.osRelease:
      features.osRelease = readString(reader, 'release');
      return true;
    case FEATURE.version:
      features.perfVersion = readString(reader, 'version');
      return true;
    case FEATURE.arch:
      features.architecture = readString(reader, 'architecture');
      return true;
    case FEATURE.cpuCount:
      features.cpusAvailable = reader.u32('CPUs available');
      features.cpusOnline = reader.u32('CPUs online');
      return true;
    case FEATURE.cpuDescription:
      features.cpuDescription = readString(reader, 'CPU description');
      return true;
    case FEATURE.cpuId:
      features.cpuId = readString(reader, 'CPU id');
      return true;
    case FEATURE.totalMemory:
      features.totalMemory = reader.size('total memory') * 1024;
      return true;
    case FEATURE.commandLine:
      features.commandLine = readStrings(reader, 'command line');
      return true;
    case FEATURE.eventDescriptions:
      features.events = readEventDescriptions(reader);
      return true;
    default:
      return takeTopology(features, id, reader);
  }
}

function takeTopology(features: PerfFeatures, id: number, reader: SectionReader): boolean {
  switch (id) {
    case FEATURE.cpuTopology:
      features.cpuTopology = readTopology(reader, features.cpusAvailable ?? 0);
      return true;
    case FEATURE.numaTopology:
      features.numaNodes = readList(reader, 'NUMA nodes', 24, () => ({
        node: reader.u32('node'),
        total: reader.u64('node memory'),
        free: reader.u64('free node memory'),
        cpus: readString(reader, 'node CPUs'),
      }));
      return true;
    case FEATURE.pmuMappings:
      features.pmuMappings = readList(reader, 'PMUs', 8, () => ({
        type: reader.u32('PMU type'),
        name: readString(reader, 'PMU name'),
      }));
      return true;
    case FEATURE.groups:
      features.groups = readList(reader, 'groups', 12, () => ({
        name: readString(reader, 'group name'),
        leader: reader.u32('group leader'),
        members: reader.u32('group members'),
      }));
      return true;
    case FEATURE.caches:
      reader.u32('cache version');
      features.caches = readList(reader, 'caches', 28, () => ({
        level: reader.u32('cache level'),
        lineSize: reader.u32('cache line size'),
        sets: reader.u32('cache sets'),
        ways: reader.u32('cache ways'),
        type: readString(reader, 'cache type'),
        size: readString(reader, 'cache size'),
        cpus: readString(reader, 'cache CPUs'),
      }));
      return true;
    default:
      return takeSession(features, id, reader);
  }
}

function takeSession(features: PerfFeatures, id: number, reader: SectionReader): boolean {
  switch (id) {
    case FEATURE.sampleTime:
      features.sampleTime = { first: reader.u64('first time'), last: reader.u64('last time') };
      return true;
    case FEATURE.memoryTopology:
      features.memory = readMemory(reader);
      return true;
    case FEATURE.clockId:
      features.clockResolution = reader.u64('clock resolution');
      return true;
    case FEATURE.directoryFormat:
      features.directoryVersion = reader.u64('directory format');
      return true;
    case FEATURE.compressed:
      features.compression = readCompression(reader);
      return true;
    case FEATURE.cpuPmuCapabilities:
      features.cpuPmuCapabilities = readList(
        reader,
        'PMU capabilities',
        8,
        () => [readString(reader, 'capability'), readString(reader, 'value')] as const,
      );
      return true;
    case FEATURE.clockData:
      features.clockData = readClockData(reader);
      return true;
    case FEATURE.hybridTopology:
      features.hybridPmus = readList(reader, 'hybrid PMUs', 8, () => ({
        pmu: readString(reader, 'PMU name'),
        cpus: readString(reader, 'PMU CPUs'),
      }));
      return true;
    default:
      return false;
  }
}

function readMemory(reader: SectionReader): NonNullable<PerfFeatures['memory']> {
  reader.u64('memory version');
  const blockSize = reader.u64('memory block size');
  const count = reader.size('memory nodes');
  if (count * 24 > reader.remaining) reader.fail(`${count} memory nodes in ${reader.remaining} bytes`);
  const nodes = Array.from({ length: count }, () => {
    const node = reader.u64('memory node');
    const size = reader.u64('memory node size');
    const bits = reader.size('memory bitmap');
    return { node, size, bitmap: reader.bytes(Math.ceil(bits / 64) * 8, 'memory bitmap') };
  });
  return { blockSize, nodes };
}
