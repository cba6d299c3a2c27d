/** Numbers of perf.data's feature sections (`HEADER_*` of tools/perf/util/header.h). */

export const FEATURE = {
  tracingData: 1,
  buildId: 2,
  hostname: 3,
  osRelease: 4,
  version: 5,
  arch: 6,
  cpuCount: 7,
  cpuDescription: 8,
  cpuId: 9,
  totalMemory: 10,
  commandLine: 11,
  eventDescriptions: 12,
  cpuTopology: 13,
  numaTopology: 14,
  branchStack: 15,
  pmuMappings: 16,
  groups: 17,
  auxtrace: 18,
  stat: 19,
  caches: 20,
  sampleTime: 21,
  memoryTopology: 22,
  clockId: 23,
  directoryFormat: 24,
  bpfPrograms: 25,
  bpfBtf: 26,
  compressed: 27,
  cpuPmuCapabilities: 28,
  clockData: 29,
  hybridTopology: 30,
  pmuCapabilities: 31,
  cpuDomains: 32,
} as const;

const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(FEATURE).map(([name, id]) => [id, name]));

/** For messages and listings. */
export function featureName(id: number): string {
  return NAMES.get(id) ?? `feature ${id}`;
}
