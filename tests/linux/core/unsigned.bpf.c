/* Enumerators past 31 bits: compilers extend them with zeros, libbpf expects copies of the sign. */
#include "types.h"

enum tis_int_flags { TPM_GLOBAL_INT_ENABLE = 0x80000000U, TPM_INTF_BURST_COUNT_STATIC = 0x100 };

SEC("raw_tp/values") int values(void *ctx) {
  return bpf_core_enum_value(enum tis_int_flags, TPM_GLOBAL_INT_ENABLE) >> 8;
}
