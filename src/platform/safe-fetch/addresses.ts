import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** One spelling for each address; an IPv4 address inside IPv6 (`::ffff:…`) becomes IPv4. Null for anything but an address. */
export function canonical(text: string): string | null {
  const address = parse(text);
  return address?.toString() ?? null;
}

/** Whether packets to it leave for the public internet, as far as the address itself tells. */
export function isPublic(text: string): boolean {
  const address = parse(text);
  if (!address) return false;
  return address instanceof ipaddr.IPv4 ? isPublicV4(address) : isPublicV6(address);
}

/** Whether it lies in one of the networks, written as CIDR. Throws for what is not one. */
export function isIn(text: string, networks: string[]): boolean {
  const address = parse(text);
  if (!address) return false;
  return networks.some((network) => {
    const [base, bits] = ipaddr.parseCIDR(network);
    return base.kind() === address.kind() && address.match(base, bits);
  });
}

/** Never opened by allowing a host by name: cloud machines hand out their credentials at link-local addresses (169.254.169.254). */
export function isNeverMeant(text: string): boolean {
  const range = parse(text)?.range();
  return range === undefined || range === 'linkLocal' || range === 'multicast' || range === 'broadcast';
}

function parse(text: string): Address | null {
  // A zone picks one of our own interfaces.
  if (text.includes('%')) return null;
  // Only what stands for itself: ipaddr.js also reads `0x7f.1`, which some resolvers hand through.
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  if (!ipaddr.IPv6.isValid(text)) return null;
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

function isPublicV4(address: ipaddr.IPv4): boolean {
  // ipaddr.js knows the registries of special addresses; everything outside them is "unicast".
  return address.range() === 'unicast' && !neighbours.some((neighbour) => address.match(neighbour, 32));
}

/** Public by number, but answered by the host under a virtual machine: Azure's agent endpoint. */
const neighbours = [ipaddr.IPv4.parse('168.63.129.16')];

function isPublicV6(address: ipaddr.IPv6): boolean {
  // DNS64 gives public IPv4 hosts such an address (RFC 6052), and private ones too.
  if (address.match(nat64, 96)) return isPublicV4(new ipaddr.IPv4(address.toByteArray().slice(12)));
  // IANA has given out nothing but 2000::/3. 6to4 and Teredo, which carry an IPv4 address, have ranges of their own.
  return address.range() === 'unicast' && address.match(given, 3);
}

const nat64 = ipaddr.IPv6.parse('64:ff9b::');
const given = ipaddr.IPv6.parse('2000::');
