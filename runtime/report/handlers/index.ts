/** Which events have a handler: the ones trace-cmd prints by its plugins. All others go by their print format. */
import { binaryPrintk } from './binary-printk.ts';
import { functionEntry, functionRepeats, kernelStack, rawData } from './ftrace.ts';
import { futex } from './futex.ts';
import type { HandlerFactory } from './handler.ts';
import {
  kvmEmulate,
  kvmEntry,
  kvmExit,
  kvmGetPage,
  kvmNestedExit,
  kvmNestedInject,
  kvmPageRole,
} from './kvm.ts';
import { callSite, tlbFlush } from './memory.ts';
import { schedSwitch, schedWakeup } from './sched.ts';
import { hrtimerExpire, hrtimerStart } from './timer.ts';

export type { EventText, HandlerFactory, HandlerTools } from './handler.ts';

/** By `system:event`. */
const HANDLERS: ReadonlyMap<string, HandlerFactory> = new Map<string, HandlerFactory>([
  ['sched:sched_switch', schedSwitch],
  ['sched:sched_wakeup', schedWakeup],
  ['sched:sched_wakeup_new', schedWakeup],
  ['kmem:kfree', callSite],
  ['kmem:kmalloc', callSite],
  ['kmem:kmalloc_node', callSite],
  ['kmem:kmem_cache_alloc', callSite],
  ['kmem:kmem_cache_alloc_node', callSite],
  ['kmem:kmem_cache_free', callSite],
  ['tlb:tlb_flush', tlbFlush],
  ['timer:hrtimer_expire_entry', hrtimerExpire],
  ['timer:hrtimer_start', hrtimerStart],
  ['syscalls:sys_enter_futex', futex],
  ['kvm:kvm_exit', kvmExit],
  ['kvm:kvm_entry', kvmEntry],
  ['kvm:kvm_emulate_insn', kvmEmulate],
  ['kvm:kvm_nested_vmexit', kvmNestedExit],
  ['kvm:kvm_nested_vmexit_inject', kvmNestedInject],
  ['kvmmmu:kvm_mmu_get_page', kvmGetPage],
  ['kvmmmu:kvm_mmu_sync_page', kvmPageRole],
  ['kvmmmu:kvm_mmu_unsync_page', kvmPageRole],
  ['kvmmmu:kvm_mmu_zap_page', kvmPageRole],
  ['kvmmmu:kvm_mmu_prepare_zap_page', kvmPageRole],
  ['ftrace:function', functionEntry],
  ['ftrace:func_repeats', functionRepeats],
  ['ftrace:kernel_stack', kernelStack],
  ['ftrace:raw_data', rawData],
  ['ftrace:bprint', binaryPrintk],
]);

export function handlerOf(system: string, event: string): HandlerFactory | undefined {
  return HANDLERS.get(`${system}:${event}`);
}
