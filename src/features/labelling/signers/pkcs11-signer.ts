import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { algorithms, type SigningAlgorithm } from '../../../engine/provenance/signing/algorithms.ts';
import { SignerRefusal, type SignerRefusalCode } from './refusal.ts';
import { type Environment, readChain, readSecret, type SecretPlace, type Signer, verified } from './signer.ts';

export interface Pkcs11SignerSettings {
  /** The shared library that speaks PKCS #11 to the token. */
  module: string;
  /** Which token, by its label or its slot number. */
  token: { label: string } | { slot: number };
  /** Which key on it: its CKA_ID in hexadecimal digits, or its label. */
  key: { id: string } | { label: string };
  pin: SecretPlace;
  /** Certificates, PEM, the signer's first; they need not be on the token. */
  chainFile: string;
  algorithm?: SigningAlgorithm | undefined;
  /** For one signature. 30 s unless said. */
  timeoutMs?: number | undefined;
}

/**
 * A signer whose key lies in a smart card or a hardware security module, through OpenSC's `pkcs11-tool`. The PIN goes to it in
 * an environment variable of that one process, and nothing secret on its command line. `at`: now, for the dates of the certificates.
 */
export async function openPkcs11Signer(
  settings: Pkcs11SignerSettings,
  environment: Environment,
  at: Date,
): Promise<Signer> {
  const chain = await readChain(settings.chainFile, settings.algorithm, at);
  const pin = await readSecret(settings.pin, environment);
  const run = (args: string[], input: Uint8Array) =>
    runTool(
      [...tokenArguments(settings), ...args],
      input,
      { ...environment, [pinVariable]: pin },
      settings.timeoutMs ?? 30_000,
    );
  const { key } = settings;
  const id = 'id' in key ? key.id : idOfLabel(await run(['--list-objects', '--type', 'privkey'], nothing), key.label);
  const { algorithm } = chain;
  const { hash } = algorithms[algorithm];
  return verified(chain, (message) => {
    const input = hash === null ? message : createHash(hash).update(message).digest();
    return run(['--sign', '--id', id, ...mechanismOf(algorithm)], input);
  });
}

const pinVariable = 'CLEARMIRROR_TOKEN_PIN';
const nothing = new Uint8Array(0);

function tokenArguments({ module, token }: Pkcs11SignerSettings): string[] {
  const where = 'label' in token ? ['--token-label', token.label] : ['--slot', String(token.slot)];
  return ['--module', module, '--login', '--pin', `env:${pinVariable}`, ...where];
}

/** pkcs11-tool 0.23 signs by CKA_ID only: given a label, it would silently take the first key there is. */
function idOfLabel(listed: Uint8Array, label: string): string {
  const objects = Buffer.from(listed)
    .toString('utf8')
    .split(/^Private Key Object/m);
  const ids = objects
    .filter((object) => /^ {2}label: +(.*)$/m.exec(object)?.[1] === label)
    .map((object) => /^ {2}ID: +([0-9a-f]+)$/m.exec(object)?.[1] ?? '');
  const [id] = ids;
  if (!id || ids.length > 1) throw new SignerRefusal('token-key-missing', `${ids.length} keys of this label`);
  return id;
}

/** The token gets the hash, not the message, so that any token can do it; only Ed25519 wants the message itself. */
function mechanismOf(algorithm: SigningAlgorithm): string[] {
  const facts = algorithms[algorithm];
  if (facts.key === 'ed25519') return ['--mechanism', 'EDDSA'];
  if (facts.key === 'ec') return ['--mechanism', 'ECDSA', '--signature-format', 'rs'];
  const hash = facts.hash.toUpperCase();
  return [
    ...['--mechanism', 'RSA-PKCS-PSS', '--hash-algorithm', hash, '--mgf', `MGF1-${hash}`],
    ...['--salt-len', String(facts.hashBytes)],
  ];
}

function runTool(args: string[], input: Uint8Array, env: Environment, timeoutMs: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      'pkcs11-tool',
      args,
      { encoding: 'buffer', env, timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 },
      (error, stdout, stderr) => {
        if (!error) resolve(new Uint8Array(stdout));
        else if (error.killed) reject(new SignerRefusal('signer-too-slow'));
        else if (error.code === 'ENOENT') reject(new SignerRefusal('token-unavailable', 'pkcs11-tool'));
        else reject(refusalOf(stderr.toString('latin1')));
      },
    );
    // It may end before it has read everything: its own message says why.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

/** What pkcs11-tool says when it fails, in the words of OpenSC 0.23. Its text may hold names of tokens and goes no further. */
function refusalOf(said: string): SignerRefusal {
  const found = failures.find(([pattern]) => pattern.test(said));
  const ckr = /CKR_[A-Z_]+/.exec(said)?.[0] ?? '';
  return new SignerRefusal(found?.[1] ?? 'token-failed', ckr);
}

const failures: [RegExp, SignerRefusalCode][] = [
  [/CKR_PIN_INCORRECT|CKR_PIN_LEN_RANGE|CKR_PIN_INVALID/, 'token-pin-wrong'],
  [/CKR_PIN_LOCKED/, 'token-pin-locked'],
  [/key not found/i, 'token-key-missing'],
  [
    /Failed to load pkcs11 module|No slot|not found|no slots|CKR_SLOT_ID_INVALID|CKR_TOKEN_NOT_PRESENT/i,
    'token-unavailable',
  ],
];
