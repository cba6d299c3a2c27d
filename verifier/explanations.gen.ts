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
};
