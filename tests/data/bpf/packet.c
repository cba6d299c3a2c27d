/* Packet parsing, loops and calls: exercises loads of every width, byte swaps, 32-bit arithmetic and branches. */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef int s32;
typedef long long s64;

struct xdp_md { u32 data, data_end, data_meta, ingress_ifindex, rx_queue_index; };

static __attribute__((noinline)) u32 checksum(const u8 *at, const u8 *end, u32 length) {
  u32 sum = 0;
  for (u32 i = 0; i < length && i < 64; i += 2) {
    if (at + i + 2 > end) break;
    sum += __builtin_bswap16(*(const u16 *)(at + i));
  }
  sum = (sum & 0xffff) + (sum >> 16);
  return (u16)~sum;
}

__attribute__((section("xdp"), used)) int parse(struct xdp_md *ctx) {
  u8 *data = (u8 *)(u64)ctx->data;
  u8 *end = (u8 *)(u64)ctx->data_end;
  if (data + 34 > end) return 1;
  u16 type = __builtin_bswap16(*(u16 *)(data + 12));
  if (type != 0x0800 && type != 0x86dd) return 2;
  u32 source = __builtin_bswap32(*(u32 *)(data + 26));
  s32 low = (s32)(source << 16) >> 16;
  if (low < -5) return 0;
  u64 wide = __builtin_bswap64(*(u64 *)(data + 20)) ^ 0x1122334455667788ull;
  *(u8 *)(data + 0) = (u8)(wide % 251);
  *(u16 *)(data + 2) = (u16)(wide / 7);
  *(u32 *)(data + 4) = (u32)((s64)wide >> 3);
  *(u64 *)(data + 8) = wide * source - (u32)low;
  return checksum(data, end, source & 63) ? 2 : 3;
}
