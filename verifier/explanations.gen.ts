// Made by scripts/messages.ts from verifier/messages/*.md. Do not edit.
/** The long text of every code, in Markdown. */
export const VERIFIER_EXPLANATIONS: Readonly<Record<string, string>> = {
  VE0201: "# VE0201 registerInvalid\n\n> R%register% is invalid\n\nThe instruction names a register above r10; there is none.\n",
  VE0202: "# VE0202 registerNotReadable\n\n> R%register% !read_ok\n\nThe register is read, but on this path nothing was written to it: after a call r1 to r5 hold nothing, and at the start only\nr1 (the context) and r10 (the frame) hold something.\n",
  VE0203: "# VE0203 framePointerReadOnly\n\n> frame pointer is read only\n\nr10 is the address of the stack frame and cannot be written. Copy it to another register and move the copy.\n",
  VE0204: "# VE0204 reservedFields\n\n> %name% uses reserved fields\n\nThe instruction has a field that it does not use and that is not zero. Compilers never write such code; look at what made or patched it.\n",
  VE0205: "# VE0205 invalidLoadMode\n\n> invalid BPF_LD mode\n\nThe opcode is of class `LD` with a mode that no instruction has.\n",
  VE0301: "# VE0301 programTooLarge\n\n> BPF program is too large. Processed %processed% insn\n\nAll paths through the program together have more steps than the verifier walks: one million since 5.2. It counts what it\nwalks, not what is written: each round of a loop, and each path through branches whose states differ.\n",
  VE0302: "# VE0302 jumpsTooComplex\n\n> The sequence of %jumps% jumps is too complex.\n\nMore branches wait to be walked than the verifier keeps: 8192 since 5.2, 1024 before.\n",
  VE1401: "# VE1401 objectAtVariableOffset\n\n> %noun% has to be at a constant offset\n\nThe object lies on the stack, and where exactly must be known: the pointer that is passed has a variable part. Pass the address\nof the variable itself.\n",
  VE1402: "# VE1402 objectAtOffset\n\n> cannot pass in %noun% at an offset=%off%\n\nThe pointer does not point to where such an object can lie on the stack: at a multiple of eight bytes, with room for all of it\nbelow r10. Pass the address of a variable of that type.\n",
  VE1403: "# VE1403 overwritesDynptr\n\n> cannot overwrite referenced dynptr\n\nThe bytes belong to a dynptr that holds a record of a ring buffer. Were they overwritten, nothing could give the record back:\ncall `bpf_ringbuf_submit_dynptr` or `bpf_ringbuf_discard_dynptr` first.\n",
  VE1601: "# VE1601 leaksReference\n\n> %place% would lead to reference leak\n\nObjects that this path acquired (the lines before say where) are still held here, and after this instruction nothing could\ngive them back: a record of a ring buffer, a socket, a task. Release them on every path, also on those that end early.\n",
  VE1602: "# VE1602 unreleasedReference\n\n> Unreleased reference id=%id% alloc_insn=%slot%\n\nThe object acquired by instruction %slot% is still held where the path ends. Release it on every path, also on those that end\nearly.\n",
  VE1603: "# VE1603 legacyLoadWithReferences\n\n> BPF_LD_[ABS|IND] cannot be mixed with socket references\n\nSuch a packet load ends the program where the packet is too short, and what it still held would be lost. Give objects back\nbefore, or load with `bpf_skb_load_bytes`.\n",
  VE1604: "# VE1604 insideLockedRegion\n\n> %place% cannot be used inside bpf_spin_lock-ed region\n\nA lock is held here and would never be given back. Call `bpf_spin_unlock` before.\n",
  VE1605: "# VE1605 insideIrqRegion\n\n> %place% cannot be used inside bpf_local_irq_save-ed region\n\nInterrupts are off here and would stay off. Call `bpf_local_irq_restore` before.\n",
  VE1606: "# VE1606 insideRcuRegion\n\n> %place% cannot be used inside bpf_rcu_read_lock-ed region\n\nAn RCU section is open here and would never be closed. Call `bpf_rcu_read_unlock` before.\n",
  VE1607: "# VE1607 insidePreemptRegion\n\n> %place% cannot be used inside bpf_preempt_disable-ed region\n\nPreemption is off here and would stay off. Call `bpf_preempt_enable` before.\n",
  VE1608: "# VE1608 missingSpinUnlock\n\n> bpf_spin_unlock is missing\n\nThe program ends with a lock held. Call `bpf_spin_unlock` on every path.\n",
  VE1609: "# VE1609 missingRcuUnlock\n\n> bpf_rcu_read_unlock is missing\n\nThe program ends inside an RCU section. Call `bpf_rcu_read_unlock` on every path.\n",
  VE1610: "# VE1610 missingPreemptEnable\n\n> %count% bpf_preempt_enable%enable% missing\n\nThe program ends with preemption off. Call `bpf_preempt_enable` on every path, as often as `bpf_preempt_disable`.\n",
};
