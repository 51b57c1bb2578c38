/**
 * Wilson's score interval of a share (E. B. Wilson, JASA 22, 1927) at 95 %. `tried` of 0 says nothing: 0…1.
 */
export function wilsonInterval(kept: number, tried: number): { low: number; high: number } {
  if (tried === 0) return { low: 0, high: 1 };
  const z = 1.959963984540054;
  const share = kept / tried;
  const middle = share + z ** 2 / (2 * tried);
  const spread = z * Math.sqrt((share * (1 - share)) / tried + z ** 2 / (4 * tried ** 2));
  const scale = 1 + z ** 2 / tried;
  // Rounding must not say that 0 of n or n of n is impossible.
  return {
    low: kept === 0 ? 0 : Math.max(0, (middle - spread) / scale),
    high: kept === tried ? 1 : Math.min(1, (middle + spread) / scale),
  };
}
