/** "Firefox on Linux" from a User-Agent; null when it says nothing we know. For the eye only: anybody can send any. */
export function nameBrowser(userAgent: string | null): string | null {
  if (userAgent === null) return null;
  const browser = first(userAgent, browsers);
  const system = first(userAgent, systems);
  if (browser === null) return userAgent.slice(0, 40) || null;
  return system === null ? browser : `${browser} · ${system}`;
}

/** In order: Edge also says Chrome, Chrome also says Safari. */
const browsers: [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/MicroMessenger/, 'WeChat'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/HeadlessChrome|Chrome\/|CriOS/, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const systems: [RegExp, string][] = [
  [/Windows/, 'Windows'],
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Mac OS X/, 'macOS'],
  [/HarmonyOS|OpenHarmony/, 'HarmonyOS'],
  [/Linux/, 'Linux'],
];

function first(text: string, names: [RegExp, string][]): string | null {
  return names.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
