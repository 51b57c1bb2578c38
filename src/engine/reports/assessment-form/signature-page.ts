import type { Lang } from '../../../contract/lang.ts';
import type { Both } from '../../../contract/rulebook.ts';
import type { Signatory } from './form.ts';
import { moment } from './moments.ts';
import { type Block, type Cell, cell, line, nameCell, type Sheet, text } from './sheet.ts';
import { visible } from './visible.ts';
import { marks, pageWords, say, signaturePageWords } from './words.ts';

export interface Signed extends Signatory {
  /** ISO 8601. */
  at: string;
  /** SHA-256 of the raw public key, in hex. */
  fingerprint: string;
  /** Ed25519 over the 32 bytes of `reportSha256`, in base64url. */
  signature: string;
}

/** A report that people signed. Its own pages cannot say so: they were fixed before. */
export interface SignedReport {
  lang: Lang;
  /** Of the assessment. */
  id: string;
  /** What was assessed, in one line. */
  title: string;
  rulebooks: readonly Both[];
  /** ISO 8601. */
  concludedAt: string;
  timeZone: string;
  /** Of `manifest.json`, in hex: what was signed. */
  reportSha256: string;
  files: readonly { name: string; sha256: string }[];
  /** Those that stand. */
  signatures: readonly Signed[];
  /** Who was named and did not sign yet. */
  missing: readonly Signatory[];
}

/** Who signed which files, when and by which key: the page that lies beside the report. */
export function signaturePage(signed: SignedReport): Sheet {
  const { lang, id, title, rulebooks, concludedAt, timeZone, reportSha256 } = signed;
  const told = (key: keyof typeof signaturePageWords) => signaturePageWords[key][lang];
  const { is, and, aside } = marks[lang];
  const [open, close] = aside;
  return {
    lang,
    title: told('title'),
    under: [
      ...text(title),
      line(`${say(lang, 'basis')}${is}${rulebooks.map((one) => one[lang]).join(and)}`, 'quiet'),
      line(`${told('concluded')}${is}${moment(concludedAt, timeZone)}${open}${timeZone}${close}`, 'quiet'),
    ],
    footer: {
      left: visible(`${say(lang, 'document-id')} ${id}　${say(lang, 'digest')}${is}${reportSha256.slice(0, 12)}`),
      page: pageWords[lang],
    },
    blocks: [
      { kind: 'lines', lines: text(told('about')) },
      signatures(signed),
      heading(told('files')),
      { kind: 'lines', lines: [line(`${told('manifest')}${is}`), line(reportSha256, 'digest')] },
      {
        kind: 'table',
        columns: [40, 60],
        head: [[nameCell([line(told('file'), 'strong')]), nameCell([line('SHA-256', 'strong')])]],
        rows: signed.files.map(({ name, sha256 }) => [cell([line(name)]), cell([line(sha256, 'digest')])]),
        dense: true,
        together: false,
      },
      heading(told('check')),
      { kind: 'lines', lines: [...text(told('how')), ...commands.map((command) => line(command, 'quiet'))] },
    ],
  };
}

/** As docs/workflows/assessment-workspace.md has them. */
const commands = [
  'sha256sum *.pdf *.docx *.json',
  'sha256sum manifest.json | cut -c1-64 | xxd -r -p > report.hash',
  '{ printf \'302a300506032b6570032100\' | xxd -r -p; printf %s "$PUBLIC_KEY=" | basenc -d --base64url; } > key.der',
  'printf %s "$SIGNATURE==" | basenc -d --base64url > signature',
  'openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey key.der -in report.hash -sigfile signature',
];

function signatures({ lang, timeZone, signatures: given, missing }: SignedReport): Block {
  const row = (person: Signatory, ...rest: [Cell, Cell]): Cell[] => [
    nameCell(text(person.role)),
    cell(text(person.name)),
    ...rest,
  ];
  const mark = line(`✓ ${signaturePageWords.signed[lang]}`, 'conforms');
  const head = ['role', 'name', 'signed-at', 'fingerprint'] as const;
  return {
    kind: 'table',
    columns: [18, 17, 19, 46],
    head: [head.map((key) => nameCell([line(say(lang, key), 'strong')]))],
    rows: [
      ...given.map((one) =>
        row(
          one,
          cell([mark, line(moment(one.at, timeZone))]),
          cell([line(one.fingerprint, 'digest'), line(`Ed25519 ${one.signature}`, 'digest')]),
        ),
      ),
      ...missing.map((one) =>
        row(one, cell([line(signaturePageWords.missing[lang], 'quiet')]), cell([line(say(lang, 'nothing'), 'quiet')])),
      ),
    ],
    dense: false,
    together: given.length <= 10,
  };
}

function heading(words: string): Block {
  return { kind: 'heading', level: 2, text: words, also: null };
}
