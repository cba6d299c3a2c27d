/** Enumerators that the kernel leaves by name in print formats (those without `TRACE_DEFINE_ENUM`), with their values. */

const NAMES: readonly (readonly string[])[] = [
  // enum interrupts: softirqs
  [
    'HI_SOFTIRQ',
    'TIMER_SOFTIRQ',
    'NET_TX_SOFTIRQ',
    'NET_RX_SOFTIRQ',
    'BLOCK_SOFTIRQ',
    'IRQ_POLL_SOFTIRQ',
    'TASKLET_SOFTIRQ',
    'SCHED_SOFTIRQ',
    'HRTIMER_SOFTIRQ',
    'RCU_SOFTIRQ',
  ],
  ['HRTIMER_NORESTART', 'HRTIMER_RESTART'],
  [
    'VMSCAN_THROTTLE_WRITEBACK',
    'VMSCAN_THROTTLE_ISOLATED',
    'VMSCAN_THROTTLE_NOPROGRESS',
    'VMSCAN_THROTTLE_CONGESTED',
  ],
  ['PARAVIRT_LAZY_NONE', 'PARAVIRT_LAZY_MMU', 'PARAVIRT_LAZY_CPU'],
  ['XEN_MC_FL_NONE', 'XEN_MC_FL_BATCH', 'XEN_MC_FL_ARGS', 'XEN_MC_FL_CALLBACK'],
  ['XEN_MC_XE_OK', 'XEN_MC_XE_BAD_OP', 'XEN_MC_XE_NO_SPACE'],
];

const VALUES: ReadonlyMap<string, bigint> = new Map(
  NAMES.flatMap((names) => names.map((name, value) => [name, BigInt(value)] as const)),
);

/** Undefined for a name that is not known. */
export function enumeratorValue(name: string): bigint | undefined {
  return VALUES.get(name);
}
