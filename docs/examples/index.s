; Reads the word of a table that the context's priority selects, and forgets how large the table is.
.map table array key=4 value=48 entries=1
.program main socket
  r6 = *(u32 *)(r1 + 32)
  *(u32 *)(r10 - 4) = 0
  r1 = map[table]
  r2 = r10
  r2 += -4
  call bpf_map_lookup_elem
  if r0 == 0 goto out
  r6 &= 63
  r6 <<= 3
  r0 += r6
  r0 = *(u64 *)(r0 + 0)
out:
  r0 = 0
  exit
