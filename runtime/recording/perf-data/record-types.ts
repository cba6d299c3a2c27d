/** Numbers of perf's record types and of the flags in their headers (`include/uapi/linux/perf_event.h`; from 64 on perf's own). */

export const RECORD = {
  mmap: 1,
  lost: 2,
  comm: 3,
  exit: 4,
  throttle: 5,
  unthrottle: 6,
  fork: 7,
  read: 8,
  sample: 9,
  mmap2: 10,
  aux: 11,
  itraceStart: 12,
  lostSamples: 13,
  switch: 14,
  switchCpuWide: 15,
  namespaces: 16,
  ksymbol: 17,
  bpfEvent: 18,
  cgroup: 19,
  textPoke: 20,
  auxOutputHwId: 21,
  callchainDeferred: 22,
  headerAttr: 64,
  eventType: 65,
  tracingData: 66,
  buildId: 67,
  finishedRound: 68,
  idIndex: 69,
  auxtraceInfo: 70,
  auxtrace: 71,
  auxtraceError: 72,
  threadMap: 73,
  cpuMap: 74,
  statConfig: 75,
  stat: 76,
  statRound: 77,
  eventUpdate: 78,
  timeConv: 79,
  headerFeature: 80,
  compressed: 81,
  finishedInit: 82,
  compressed2: 83,
  bpfMetadata: 84,
} as const;

/** Records from this type on are perf's own: they have no sample id and are taken where they stand. */
export const FIRST_USER_TYPE = 64;
/** The highest type of each kind that this reader knows; others are skipped with a warning. */
export const LAST_KERNEL_TYPE = 22;
export const LAST_USER_TYPE = 84;

/** `type:4 misc:2 size:2` */
export const RECORD_HEADER_SIZE = 8;

/** Bits of a header's `misc`, some with another meaning for each type. */
export const MISC = {
  cpuModeMask: 7,
  /** FORK: made up by perf for a running task; its mappings follow. */
  forkExec: 0x2000,
  /** MMAP2: a build id instead of device and inode. */
  mmapBuildId: 0x4000,
  /** BUILD_ID: byte 20 of the id is its length. */
  buildIdSize: 0x8000,
  /** LOST_SAMPLES: dropped by a BPF filter on purpose. */
  lostSamplesBpf: 0x8000,
  /** KSYMBOL flags: the symbol goes. */
  ksymbolUnregister: 1,
} as const;

export const CPU_MODE = { kernel: 1, user: 2, hypervisor: 3, guestKernel: 4, guestUser: 5 } as const;
