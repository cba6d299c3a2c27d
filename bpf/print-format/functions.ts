/** Kernel functions that print formats call and whose result is known without the kernel. */

interface PrintFunction {
  readonly arity: number;
  /** As a number, for `%d` and in arithmetic. */
  value(args: readonly bigint[]): bigint;
  /** As `%s` prints it. */
  text(args: readonly bigint[]): string;
}

const PT_WRITABLE = 2n;

const FUNCTIONS: Readonly<Record<string, PrintFunction>> = {
  // The kernel's HZ is not recorded, so jiffies stay jiffies.
  jiffies_to_msecs: { arity: 1, value: ([jiffies]) => jiffies!, text: ([jiffies]) => String(jiffies) },
  jbd2_dev_to_name: { arity: 1, value: () => 0n, text: ([device]) => deviceName(device!) },
  is_writable_pte: { arity: 1, value: ([pte]) => pte! & PT_WRITABLE, text: () => '' },
  xen_hypercall_name: { arity: 1, value: () => 0n, text: ([operation]) => hypercallName(operation!) },
};

/** How many arguments it takes; undefined for a function that is not known. */
export function functionArity(name: string): number | undefined {
  return Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name]!.arity : undefined;
}

export function functionValue(name: string, args: readonly bigint[]): bigint {
  return FUNCTIONS[name]!.value(args);
}

export function functionText(name: string, args: readonly bigint[]): string {
  return FUNCTIONS[name]!.text(args);
}

const MINOR_BITS = 20n;

function deviceName(device: bigint): string {
  const number = BigInt.asUintN(32, device);
  return `${number >> MINOR_BITS}:${number & 0xf_ffffn}`;
}

/** Xen's hypercalls by number (Xen public headers, `__HYPERVISOR_*`). */
const HYPERCALLS: ReadonlyMap<number, string> = new Map([
  [0, 'set_trap_table'],
  [1, 'mmu_update'],
  [2, 'set_gdt'],
  [3, 'stack_switch'],
  [4, 'set_callbacks'],
  [5, 'fpu_taskswitch'],
  [6, 'sched_op_compat'],
  [7, 'dom0_op'],
  [8, 'set_debugreg'],
  [9, 'get_debugreg'],
  [10, 'update_descriptor'],
  [12, 'memory_op'],
  [13, 'multicall'],
  [14, 'update_va_mapping'],
  [15, 'set_timer_op'],
  [16, 'event_channel_op_compat'],
  [17, 'xen_version'],
  [18, 'console_io'],
  [19, 'physdev_op_compat'],
  [20, 'grant_table_op'],
  [21, 'vm_assist'],
  [22, 'update_va_mapping_otherdomain'],
  [23, 'iret'],
  [24, 'vcpu_op'],
  [25, 'set_segment_base'],
  [26, 'mmuext_op'],
  [27, 'acm_op'],
  [28, 'nmi_op'],
  [29, 'sched_op'],
  [30, 'callback_op'],
  [31, 'xenoprof_op'],
  [32, 'event_channel_op'],
  [33, 'physdev_op'],
  [34, 'hvm_op'],
  ...[0, 1, 2, 3, 4, 5, 6, 7].map((index) => [48 + index, `arch_${index}`] as const),
]);

function hypercallName(operation: bigint): string {
  const name = HYPERCALLS.get(Number(BigInt.asUintN(32, operation)));
  return name === undefined ? '' : `(${name})`;
}
