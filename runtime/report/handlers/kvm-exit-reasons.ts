/** Why a virtual CPU left its guest, by the processor's own numbers: Intel VMX basic exit reasons, AMD SVM exit codes. */

/** By number; gaps are reasons that trace-cmd does not name. */
const VMX: readonly (readonly [number, string])[] = [
  ...numbered(0, 'EXCEPTION_NMI EXTERNAL_INTERRUPT TRIPLE_FAULT'),
  ...numbered(7, 'PENDING_INTERRUPT NMI_WINDOW TASK_SWITCH CPUID'),
  ...numbered(12, 'HLT INVD INVLPG RDPMC RDTSC'),
  ...numbered(
    18,
    'VMCALL VMCLEAR VMLAUNCH VMPTRLD VMPTRST VMREAD VMRESUME VMWRITE VMOFF VMON CR_ACCESS DR_ACCESS',
  ),
  ...numbered(30, 'IO_INSTRUCTION MSR_READ MSR_WRITE'),
  ...numbered(36, 'MWAIT_INSTRUCTION'),
  ...numbered(39, 'MONITOR_INSTRUCTION PAUSE_INSTRUCTION MCE_DURING_VMENTRY'),
  ...numbered(43, 'TPR_BELOW_THRESHOLD APIC_ACCESS EOI_INDUCED'),
  ...numbered(48, 'EPT_VIOLATION EPT_MISCONFIG INVEPT'),
  ...numbered(52, 'PREEMPTION_TIMER'),
  ...numbered(54, 'WBINVD XSETBV APIC_WRITE'),
  ...numbered(58, 'INVPCID'),
  ...numbered(62, 'PML_FULL XSAVES XRSTORS'),
];

const SVM: readonly (readonly [number, string])[] = [
  ...[0, 3, 4, 8].flatMap((register) => [
    [register, `EXIT_READ_CR${register}`] as const,
    [0x10 + register, `EXIT_WRITE_CR${register}`] as const,
  ]),
  ...[0, 1, 2, 3, 4, 5, 6, 7].flatMap((register) => [
    [0x20 + register, `EXIT_READ_DR${register}`] as const,
    [0x30 + register, `EXIT_WRITE_DR${register}`] as const,
  ]),
  ...exits(0x40, 'EXCP_DE EXCP_DB'),
  ...exits(0x43, 'EXCP_BP EXCP_OF EXCP_BR EXCP_UD EXCP_NM EXCP_DF'),
  ...exits(0x4a, 'EXCP_TS EXCP_NP EXCP_SS EXCP_GP EXCP_PF'),
  ...exits(0x50, 'EXCP_MF EXCP_AC EXCP_MC EXCP_XF'),
  ...exits(0x60, 'INTR NMI SMI INIT VINTR CR0_SEL_WRITE IDTR_READ GDTR_READ LDTR_READ TR_READ'),
  ...exits(
    0x6a,
    'IDTR_WRITE GDTR_WRITE LDTR_WRITE TR_WRITE RDTSC RDPMC PUSHF POPF CPUID RSM IRET SWINT INVD',
  ),
  ...exits(0x77, 'PAUSE HLT INVLPG INVLPGA IOIO MSR TASK_SWITCH FERR_FREEZE SHUTDOWN'),
  ...exits(
    0x80,
    'VMRUN VMMCALL VMLOAD VMSAVE STGI CLGI SKINIT RDTSCP ICEBP WBINVD MONITOR MWAIT MWAIT_COND XSETBV',
  ),
  ...exits(0x400, 'NPF AVIC_INCOMPLETE_IPI AVIC_UNACCELERATED_ACCESS'),
  [-1, 'EXIT_ERR'],
];

function numbered(first: number, names: string): readonly (readonly [number, string])[] {
  return names.split(' ').map((name, index) => [first + index, name] as const);
}

function exits(first: number, names: string): readonly (readonly [number, string])[] {
  return numbered(first, names).map(([number, name]) => [number, `EXIT_${name}`] as const);
}

const BY_ISA: ReadonlyMap<number, ReadonlyMap<number, string>> = new Map([
  [1, new Map(VMX)],
  [2, new Map(SVM)],
]);

/** `isa`: 1 for VMX, 2 for SVM (kernel `KVM_ISA_VMX`). */
export function exitReasonText(isa: bigint, reason: bigint): string {
  const names = BY_ISA.get(Number(BigInt.asUintN(32, isa)));
  if (names === undefined) return 'reason UNKNOWN-ISA';
  const name = names.get(Number(BigInt.asIntN(32, reason)));
  return name === undefined ? `reason UNKNOWN (${reason})` : `reason ${name}`;
}
