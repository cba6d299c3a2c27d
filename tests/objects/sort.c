/* Work on an array in place. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int numbers[8] = {5, -3, 12, 0, 7, 7, -20, 1};

SEC("raw_tp/sys_enter")
int run(struct bpf_raw_tracepoint_args *ctx)
{
  numbers[ctx->args[0] & 7] = ctx->args[1];
  for (int i = 0; i < 7; i++)
    for (int j = 0; j < 7; j++)
      if (numbers[j] > numbers[j + 1]) {
        int swap = numbers[j];
        numbers[j] = numbers[j + 1];
        numbers[j + 1] = swap;
      }
  return numbers[0] * 100 + numbers[7];
}

char LICENSE[] SEC("license") = "GPL";
