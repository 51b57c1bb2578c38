import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeChain, type TestChain } from './make-certificate.ts';

/** For tests only: a time-stamp authority made of openssl. */
export interface TestAuthority {
  chain: TestChain;
  /** The DER reply to a DER query. */
  reply(query: Uint8Array): Buffer;
  /** A token over the message, without a query of anybody's. */
  stamp(message: Uint8Array): Promise<Uint8Array>;
  /** Whether openssl finds the token to be over the message and of this authority. */
  verifies(message: Uint8Array, token: Uint8Array): boolean;
}

export function makeTimestampAuthority(): TestAuthority {
  const chain = makeChain({
    name: 'Test Clock',
    extensions: [
      'basicConstraints = critical, CA:FALSE',
      'keyUsage = critical, digitalSignature',
      'extendedKeyUsage = critical, timeStamping',
      'subjectKeyIdentifier = hash',
      'authorityKeyIdentifier = keyid',
    ],
  });
  const at = (file: string) => join(chain.folder, file);
  writeFileSync(at('serial'), '01\n');
  writeFileSync(at('root-only.pem'), chain.rootPem);
  writeFileSync(
    at('tsa.cnf'),
    `[tsa]
default_tsa = this
[this]
serial = ${at('serial')}
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256, sha384, sha512
signer_digest = sha256
accuracy = secs:1
ordering = no
tsa_name = yes
`,
  );
  const reply = (query: Uint8Array) => {
    writeFileSync(at('query'), query);
    openssl(
      ...['ts', '-reply', '-config', at('tsa.cnf'), '-section', 'this', '-queryfile', at('query'), '-out', at('reply')],
      ...['-signer', at('signer.pem'), '-inkey', chain.keyFile, '-chain', chain.chainFile],
    );
    return readFileSync(at('reply'));
  };
  return {
    chain,
    reply,
    stamp: async (message) => {
      writeFileSync(at('message'), message);
      openssl('ts', '-query', '-data', at('message'), '-sha256', '-cert', '-out', at('own-query'));
      writeFileSync(at('own-reply'), reply(readFileSync(at('own-query'))));
      openssl('ts', '-reply', '-in', at('own-reply'), '-token_out', '-out', at('token'));
      return new Uint8Array(readFileSync(at('token')));
    },
    verifies: (message, token) => {
      writeFileSync(at('message'), message);
      writeFileSync(at('token'), token);
      const trust = ['-CAfile', at('root-only.pem'), '-untrusted', chain.chainFile];
      try {
        openssl('ts', '-verify', '-data', at('message'), '-in', at('token'), '-token_in', ...trust);
        return true;
      } catch {
        return false;
      }
    },
  };
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
