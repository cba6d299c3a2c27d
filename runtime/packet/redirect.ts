/** Where a program wants a packet to go. There are no devices here: the intent is kept and told. */

export type RedirectTarget =
  /** `bpf_redirect`; `ingress`: to what the device receives. */
  | { readonly kind: 'device'; readonly ifindex: number; readonly ingress: boolean }
  /** `bpf_redirect_peer`. */
  | { readonly kind: 'peer'; readonly ifindex: number }
  /** `bpf_redirect_neigh`. */
  | { readonly kind: 'neighbour'; readonly ifindex: number }
  /** `bpf_redirect_map`: an entry, or all (BPF_F_BROADCAST). */
  | { readonly kind: 'map'; readonly map: string; readonly key: number | 'all' };

/** As results show it. */
export function redirectText(target: RedirectTarget): string {
  switch (target.kind) {
    case 'device':
      return `device ${target.ifindex}${target.ingress ? ' (ingress)' : ''}`;
    case 'peer':
      return `peer of device ${target.ifindex}`;
    case 'neighbour':
      return `neighbour at device ${target.ifindex}`;
    case 'map':
      return target.key === 'all' ? `all of map ${target.map}` : `map ${target.map}[${target.key}]`;
  }
}
