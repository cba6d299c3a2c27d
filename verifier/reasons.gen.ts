// Made by scripts/messages.ts from verifier/messages/*.md. Do not edit.
/** Reason and change of every code, with placeholders. */
export const VERIFIER_REASONS: Readonly<Record<string, { readonly why: string; readonly change: string }>> = {
  VE0201: {"why":"The instruction names a register above r10; there is none.","change":"The instruction names a register above r10; there is none."},
  VE0202: {"why":"r%register% is read, but nothing was written to it on this path.","change":"write r%register% before, on every path that leads here; after a call read r0, and keep what you need in r6 to r9."},
  VE0203: {"why":"r10 is the address of the stack frame and cannot be written.","change":"copy r10 to another register and change the copy."},
  VE0204: {"why":"The instruction has a field that it does not use and that is not zero.","change":"Compilers never write such code; look at what made or patched it."},
  VE0205: {"why":"The opcode is of class `LD` with a mode that no instruction has.","change":"The opcode is of class `LD` with a mode that no instruction has."},
  VE0301: {"why":"All paths through the program together have more steps than the verifier walks: one million since 5.2.","change":"It counts what it walks, not what is written: each round of a loop, and each path through branches whose states differ."},
  VE0302: {"why":"More branches wait to be walked than the verifier keeps: 8192 since 5.2, 1024 before.","change":"More branches wait to be walked than the verifier keeps: 8192 since 5.2, 1024 before."},
  VE1401: {"why":"The object lies on the stack, and where exactly must be known: the pointer that is passed has a variable part.","change":"Pass the address of the variable itself."},
  VE1402: {"why":"The pointer does not point to where such an object can lie on the stack: at a multiple of eight bytes, with room for all of it below r10.","change":"Pass the address of a variable of that type."},
  VE1403: {"why":"The bytes belong to a dynptr that holds a record of a ring buffer.","change":"Were they overwritten, nothing could give the record back: call `bpf_ringbuf_submit_dynptr` or `bpf_ringbuf_discard_dynptr` first."},
  VE1601: {"why":"Objects that this path acquired (the lines before say where) are still held here, and after this instruction nothing could give them back: a record of a ring buffer, a socket, a task.","change":"Release them on every path, also on those that end early."},
  VE1602: {"why":"The object acquired by instruction %slot% is still held where the path ends.","change":"Release it on every path, also on those that end early."},
  VE1603: {"why":"Such a packet load ends the program where the packet is too short, and what it still held would be lost.","change":"Give objects back before, or load with `bpf_skb_load_bytes`."},
  VE1604: {"why":"A lock is held here and would never be given back.","change":"Call `bpf_spin_unlock` before."},
  VE1605: {"why":"Interrupts are off here and would stay off.","change":"Call `bpf_local_irq_restore` before."},
  VE1606: {"why":"An RCU section is open here and would never be closed.","change":"Call `bpf_rcu_read_unlock` before."},
  VE1607: {"why":"Preemption is off here and would stay off.","change":"Call `bpf_preempt_enable` before."},
  VE1608: {"why":"The program ends with a lock held.","change":"Call `bpf_spin_unlock` on every path."},
  VE1609: {"why":"The program ends inside an RCU section.","change":"Call `bpf_rcu_read_unlock` on every path."},
  VE1610: {"why":"The program ends with preemption off.","change":"Call `bpf_preempt_enable` on every path, as often as `bpf_preempt_disable`."},
};
