import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificatesOfPem } from '../../src/engine/provenance/signing/certificates.ts';

/** For tests only: chains of X.509 certificates of every kind of key, made by openssl in a new temporary folder. */
export interface TestChain {
  folder: string;
  /** PKCS#8, PEM. */
  keyFile: string;
  /** Signer and authorities between it and the root, PEM. */
  chainFile: string;
  rootPem: string;
  /** DER, the signer's first, without the root. */
  chain: Uint8Array[];
  rootDer: Uint8Array;
}

export type TestKey = 'p256' | 'p384' | 'p521' | 'rsa2048' | 'rsa3072' | 'rsa1024' | 'rsapss' | 'ed25519' | 'k256';

export const signerExtensions = [
  'basicConstraints = critical, CA:FALSE',
  'keyUsage = critical, digitalSignature',
  'extendedKeyUsage = emailProtection',
  'subjectKeyIdentifier = hash',
  'authorityKeyIdentifier = keyid',
];

const authorityExtensions = [
  'basicConstraints = critical, CA:TRUE',
  'keyUsage = critical, keyCertSign, cRLSign',
  'subjectKeyIdentifier = hash',
  'authorityKeyIdentifier = keyid',
];

/** Root, one authority between, signer; valid for ten years from now. */
export function makeChain(
  options: { key?: TestKey; extensions?: string[]; between?: string[]; name?: string; betweenDays?: number } = {},
): TestChain {
  const { key = 'p256', extensions = signerExtensions, between = authorityExtensions, name = 'Test Signer' } = options;
  const folder = mkdtempSync(join(tmpdir(), 'chain-'));
  const at = (file: string) => join(folder, file);
  const request = (file: string, commonName: string, kind: TestKey) => {
    openssl('genpkey', ...keyOptions[kind], '-out', at(`${file}.key`));
    openssl(
      ...['req', '-new', '-key', at(`${file}.key`), '-out', at(`${file}.csr`)],
      ...['-subj', `/O=Clearmirror Tests/CN=${commonName}`, '-config', '/dev/null', '-utf8'],
    );
  };
  const issue = (file: string, issuer: string | null, lines: string[], days = 3650) => {
    writeFileSync(at(`${file}.ext`), `[all]\n${lines.join('\n')}\n`);
    openssl(
      ...['x509', '-req', '-in', at(`${file}.csr`), '-out', at(`${file}.pem`), '-days', String(days), '-sha256'],
      ...['-extfile', at(`${file}.ext`), '-extensions', 'all'],
      ...(issuer ? ['-CA', at(`${issuer}.pem`), '-CAkey', at(`${issuer}.key`)] : ['-signkey', at(`${file}.key`)]),
      ...['-set_serial', String(++serial)],
    );
  };
  request('root', `${name} Root`, 'p256');
  issue('root', null, authorityExtensions);
  request('between', `${name} Authority`, 'p256');
  issue('between', 'root', between, options.betweenDays);
  request('signer', name, key);
  issue('signer', 'between', extensions);
  const chainPem = `${readFileSync(at('signer.pem'))}${readFileSync(at('between.pem'))}`;
  writeFileSync(at('chain.pem'), chainPem);
  const rootPem = readFileSync(at('root.pem'), 'utf8');
  return {
    folder,
    keyFile: at('signer.key'),
    chainFile: at('chain.pem'),
    rootPem,
    chain: certificatesOfPem(chainPem),
    rootDer: certificatesOfPem(rootPem)[0] ?? new Uint8Array(0),
  };
}

let serial = 0;

const curve = (name: string) => ['-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${name}`];
const rsa = (bits: number) => ['-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${bits}`];
const keyOptions: Record<TestKey, string[]> = {
  p256: curve('P-256'),
  p384: curve('P-384'),
  p521: curve('P-521'),
  k256: curve('secp256k1'),
  rsa1024: rsa(1024),
  rsa2048: rsa(2048),
  rsa3072: rsa(3072),
  rsapss: ['-algorithm', 'RSA-PSS', '-pkeyopt', 'rsa_keygen_bits:2048', '-pkeyopt', 'rsa_pss_keygen_md:sha256'],
  ed25519: ['-algorithm', 'ed25519'],
};

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
