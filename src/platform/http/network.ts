import ipaddr from 'ipaddr.js';

/**
 * By what the requests of one asker are counted. In IPv6 one connection brings 2^64 addresses and more (RFC 6177), so those of one /64
 * count as one; IPv4 written inside IPv6 (`::ffff:192.0.2.1`) counts as the IPv4 that it is.
 */
export function networkOf(address: string): string {
  // The zone names one of our own interfaces.
  const [plain = ''] = address.split('%');
  if (!ipaddr.isValid(plain)) return address;
  const parsed = ipaddr.process(plain);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/64`).toString();
}
