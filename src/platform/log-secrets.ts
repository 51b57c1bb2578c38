/**
 * A copy of a record fit for a log: no passwords, tokens, keys, cookies, one-time links or media, at any depth; nothing endless.
 * It looks at names first (`{ password }`, `?token=`, `Cookie:`) and then at shapes (`Bearer …`, JWT, private keys, `user:pass@host`),
 * because errors and addresses carry secrets that no name announces.
 */
export function hideSecrets(record: Record<string, unknown>, known: string[]): Record<string, unknown> {
  // Short ones would eat ordinary words.
  const values = known.filter((secret) => secret.length >= 6).sort((one, other) => other.length - one.length);
  return hideInObject(record, values, 0);
}

const hidden = '[secret]';
const maxDepth = 12;
const maxItems = 100;
const maxText = 8000;

function hide(value: unknown, known: string[], depth: number): unknown {
  if (typeof value === 'string') return hideInText(value, known);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= maxDepth) return '[deeper]';
  if (Array.isArray(value)) return hideInArray(value, known, depth);
  const bytes = countBytes(value);
  return bytes === null ? hideInObject({ ...value }, known, depth) : `[${bytes} bytes]`;
}

function hideInObject(record: Record<string, unknown>, known: string[], depth: number): Record<string, unknown> {
  // `{ name: 'authorization', value: '…' }`, as headers and form fields are often written.
  const named = [record['name'], record['key']].some((name) => typeof name === 'string' && isSecretName(name));
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [
      hideInText(name, known),
      isSecretName(name) || (named && name === 'value') ? hideValue(value) : hide(value, known, depth + 1),
    ]),
  );
}

/** `hasPassword: true` is worth knowing. */
function hideValue(value: unknown): unknown {
  return value === null || typeof value === 'boolean' ? value : hidden;
}

function hideInArray(items: unknown[], known: string[], depth: number): unknown {
  // Samples, pixels, bytes.
  if (items.length > maxItems && items.every((item) => typeof item === 'number')) return `[${items.length} numbers]`;
  const shown = items.slice(0, maxItems).map((item, at) => {
    // `['Authorization', 'Bearer …']` of raw headers, `['--password', '…']` of a command line.
    const before = items[at - 1];
    return typeof before === 'string' && isBareName(before) && isSecretName(before)
      ? hideValue(item)
      : hide(item, known, depth + 1);
  });
  return items.length > maxItems ? [...shown, `[${items.length - maxItems} more]`] : shown;
}

/** How JSON writes a Buffer, and any other array of bytes or samples. */
function countBytes(value: object): number | null {
  if ('type' in value && value.type === 'Buffer' && 'data' in value && Array.isArray(value.data)) {
    return value.data.length;
  }
  const names = Object.keys(value);
  const counted = names.length > 0 && names.every((name, at) => name === String(at));
  return counted && Object.values(value).every((item) => typeof item === 'number') ? names.length : null;
}

function isBareName(text: string): boolean {
  return /^-{0,2}\p{L}[\p{L}\p{N}_.-]{0,60}$/u.test(text);
}

const secretWords = [
  'authorization|cookie|passw(?:or)?d|passphrase|passcode|secret|token|credential|totp|jwt|api-?_?key|private-?_?key',
  'one-?_?time|recovery-?_?code|backup-?_?code|magic-?_?link|session-?_?id|csrf|密码|口令|密钥|令牌',
].join('|');
const secretName = new RegExp(
  `${secretWords}|^(?:.*[_-])?(?:key|keys|pass|pwd|pin|otp|sid|auth)$|[a-z0-9](?:Key|Pin|Otp)s?$`,
  'i',
);
const harmlessNames = /^(?:(?:public|primary|foreign|sort|cache|object|partition)[_-]?key|monkey|keep[_-]?key)s?$/i;

function isSecretName(name: string): boolean {
  const bare = name.replace(/^-+/, '');
  return secretName.test(bare) && !harmlessNames.test(bare);
}

/** In the order of their use: what ends a secret differs from shape to shape. Repetitions are bounded: foreign text comes through here. */
const shapes: [RegExp, string][] = [
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g, hidden],
  [/\bdata:([\w/+.-]{0,80})[^,\s]{0,80},[^\s"']*/gi, 'data:$1,[content]'],
  [/[A-Za-z0-9+/_-]{256,}={0,2}/g, '[content]'],
  [/\botpauth:\/\/\S+/gi, `otpauth://${hidden}`],
  // Passwords of databases hold slashes and at-signs that should have been escaped.
  [
    /\b((?:postgres|postgresql|mysql|mongodb|redis|rediss|amqp|amqps)(?:\+\w{1,20})?:\/\/)[^\s"'<>]*@/gi,
    `$1${hidden}@`,
  ],
  [/\b([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#"'<>@]+@/gi, `$1${hidden}@`],
  [/\b((?:set-)?cookie2?|(?:proxy-)?authorization)(["']?\s{0,9}[:=]\s{0,9}["']?)[^\r\n"']+/gi, `$1$2${hidden}`],
  [/\b(bearer|negotiate|dpop)\s+[\w.~+/=-]{6,}/gi, `$1 ${hidden}`],
  [/\b([Bb]asic|[Dd]igest|[Tt]oken|[Aa]pi[Kk]ey)\s+(?=\S{0,200}(?:\d|=|_|[a-z][A-Z]))\S{6,}/g, `$1 ${hidden}`],
  [/\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)*/g, hidden],
  [namedValue(), `$1${hidden}`],
  [/([?&](?:code|state|sig|signature|nonce|hash|k|t)=)[^&#\s"'<>]+/gi, `$1${hidden}`],
  // The secret of a one-time link stands behind the hash so that no server logs it; or in the path.
  [/([\w/]#)[\w.~=%-]{12,}/g, `$1${hidden}`],
  [
    /(\/(?:invite|invitation|welcome|setup|reset-password|verify-email|magic-link|one-time|claim|activate)\/)[\w.~=%-]{12,}/gi,
    `$1${hidden}`,
  ],
];

/** `password=…`, `"token": "…"`, `api-key: …`, `?session_id=…`. */
function namedValue(): RegExp {
  const name = `[\\w.-]{0,40}(?:${secretWords})[\\w.-]{0,40}|\\b(?:[\\w-]{0,40}[_-])?(?:key|pass|pwd|pin|otp|sid|auth)|\\b\\w{1,40}Key`;
  const value = `"(?:[^"\\\\]|\\\\.)*"?|'[^']*'?|[^\\s"'&;,}\\])]+`;
  return new RegExp(`((?:${name})\\\\?["']?\\s{0,9}(?:=>|[=:：])\\s{0,9}\\\\?)(${value})`, 'gi');
}

function hideInText(text: string, known: string[]): string {
  let clean = text;
  for (const secret of known) clean = clean.replaceAll(secret, hidden);
  const more = clean.length - maxText;
  clean = clean.slice(0, maxText);
  for (const [shape, replacement] of shapes) clean = clean.replace(shape, replacement);
  return more > 0 ? `${clean}… [${more} more characters]` : clean;
}
